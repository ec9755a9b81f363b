"""The work of an implementation, generated from the customer and the plan."""

from __future__ import annotations

from ...scenarios import (
    CheckChallenge,
    Customer,
    Interface,
    Plan,
    RandomStreams,
    Requirement,
    RequirementChallenge,
    WorkChallenge,
)
from ...scenarios.distributions import gamma_table
from ...scenarios.vocabulary import (
    AcceptanceCheckKind,
    DataObjectKind,
    Delivery,
    Department,
    InterfaceSize,
    RequirementKind,
    Workstream,
)
from . import draws
from .briefing import CHECKS, DATA_OBJECTS, DEPARTMENTS, SystemEnvironment
from .decision import WORKSTREAMS
from .effort import REFERENCE_COMPLEXITY, EffortModel
from .network import Network, cyclic_packages, latest_finishes, question_point
from .parameters import Parameters
from .schedule import PlanDays
from .state import Package, PackageKind, Status

DATA_OWNER: dict[DataObjectKind, Department] = {
    DataObjectKind.ITEMS: Department.PRODUCTION,
    DataObjectKind.BOMS: Department.PRODUCTION,
    DataObjectKind.ROUTINGS: Department.PRODUCTION,
    DataObjectKind.CUSTOMERS: Department.SALES,
    DataObjectKind.VENDORS: Department.PURCHASING,
    DataObjectKind.STOCK: Department.WAREHOUSE,
    DataObjectKind.OPEN_ORDERS: Department.SALES,
    DataObjectKind.COSTS: Department.FINANCE,
}
"""The department that answers for a data object."""

CHECK_OWNER: dict[AcceptanceCheckKind, Department] = {
    AcceptanceCheckKind.PRODUCTION_CYCLE: Department.PRODUCTION,
    AcceptanceCheckKind.PEAK_LOAD: Department.WAREHOUSE,
    AcceptanceCheckKind.USER_ACCEPTANCE: Department.SALES,
    AcceptanceCheckKind.RECONCILIATION: Department.FINANCE,
}
"""The department that signs an acceptance check."""

CUTOVER_STREAMS = {
    "master data": Department.PRODUCTION,
    "stock and orders": Department.WAREHOUSE,
    "accounts": Department.FINANCE,
}
"""What each step of a cutover is done for side by side, and who answers for it."""
CUTOVER_STEPS = ("freeze and final extract", "final load", "reconciliation", "smoke test, switch")


class NetworkBuilder:
    """Builds the work packages of one customer.

    Args:
        customer: whose implementation it is.
        plan: its plan.
        parameters: of the world.
        streams: of the episode.
        schedule: the plan in working days.
    """

    def __init__(
        self,
        customer: Customer,
        plan: Plan,
        parameters: Parameters,
        streams: RandomStreams,
        schedule: PlanDays,
    ) -> None:
        self.customer = customer
        self.plan = plan
        self.p = parameters
        self.streams = streams
        self.schedule = schedule
        self.agentic = plan.delivery is Delivery.AGENTIC
        self.effort = EffortModel.of(customer, parameters)
        self.network = Network(parameters, streams, self.agentic)
        self.departments = [DEPARTMENTS.index(name) for name in customer.departments]
        self._workshop: dict[tuple[int, int], Package] = {}
        self._fit_gap: dict[tuple[int, int], Package] = {}
        self._design: list[Package] = []
        self._setup: dict[tuple[int, int], Package] = {}
        self._built: list[Package] = []
        self._maps: list[Package] = []
        self.creep_days: list[float] = []

    def build(self) -> list[Package]:
        """All packages, latest finishes set, those without predecessors ready."""
        for site in range(len(self.customer.sites)):
            self._site_packages(site)
        self._data_packages()
        self._requirement_packages()
        self._interface_packages()
        self._check_packages()
        for site in range(len(self.customer.sites)):
            self._cutover_packages(site)
        self._challenge_packages()
        self._hidden_requirements()
        self._change_requests()
        self.network.draw_questions(self.customer.complexity - REFERENCE_COMPLEXITY)
        packages = self.network.packages
        circle = cyclic_packages(packages)
        if circle:
            raise ValueError(f"challenges: {circle}: expected no circle of holds_up")
        latest_finishes(packages, self._deadline_hour, self._speed())
        for package in packages:
            if package.status == Status.WAITING and package.open_predecessors == 0:
                package.status = int(Status.READY)
        return packages

    def _speed(self) -> float:
        p = self.p
        if self.agentic:
            return p.agentic_speed
        return p.conventional_speed * p.conventional_availability

    def _deadline_hour(self, package: Package) -> float:
        go_live = self.schedule.site_days[package.site] * self.plan.hours_per_day
        late = package.kind in (PackageKind.CHECK, PackageKind.REHEARSAL, PackageKind.CUTOVER)
        return go_live if late else go_live * (1.0 - self.p.test_reserve)

    def _department(self, wanted: Department) -> int:
        """Index of a department, or of the first one where the customer lacks it."""
        index = DEPARTMENTS.index(wanted)
        return index if index in self.departments else self.departments[0]

    def _defects(self, mean: float, ambiguity: float = 0.0) -> float:
        points = self.customer.complexity - REFERENCE_COMPLEXITY
        complexity = max(0.2, 1.0 + self.p.complexity_defects * points)
        return mean * complexity * (1.0 + self.p.ambiguity_defects * ambiguity)

    def _site_packages(self, site: int) -> None:
        p, add = self.p, self.network.add
        hours = self.effort.total_hours * self.effort.site_factor(site)
        per_department = 1.0 / len(self.departments)
        discovery = hours * p.share_discovery
        suffix = "" if site == 0 else f" ({self.customer.sites[site].name})"
        for department in self.departments:
            name = DEPARTMENTS[department].value
            workshop = add(
                f"process workshop {name}{suffix}",
                PackageKind.DISCOVERY,
                Workstream.DISCOVERY,
                discovery * p.split_workshop * per_department,
                site=site,
                department=department,
            )
            fit_gap = add(
                f"fit-gap analysis {name}{suffix}",
                PackageKind.DISCOVERY,
                Workstream.DISCOVERY,
                discovery * p.split_fit_gap * per_department,
                after=(workshop,),
                order=1,
                site=site,
                department=department,
            )
            self._workshop[site, department] = workshop
            self._fit_gap[site, department] = fit_gap
        design = add(
            f"solution design{suffix}",
            PackageKind.DISCOVERY,
            Workstream.DISCOVERY,
            discovery * (1.0 - p.split_workshop - p.split_fit_gap),
            site=site,
            department=self._department(Department.MANAGEMENT),
            key_user_hours=0.0,
            after=tuple(self._fit_gap[site, department] for department in self.departments),
            order=2,
        )
        self._design.append(design)
        for department in self.departments:
            self._department_packages(site, department, hours * per_department, suffix)

    def _department_packages(self, site: int, department: int, hours: float, suffix: str) -> None:
        p, add = self.p, self.network.add
        name = DEPARTMENTS[department].value
        fit_gap = self._fit_gap[site, department]
        configuration = hours * p.share_configuration
        setup = add(
            f"set up {name}{suffix}",
            PackageKind.BUILD,
            Workstream.CONFIGURATION,
            configuration * p.split_configuration_setup,
            after=(fit_gap,),
            defect_mean=self._defects(p.defects_configuration),
            environment=SystemEnvironment.SANDBOX,
            site=site,
            department=department,
        )
        variants = add(
            f"process variants {name}{suffix}",
            PackageKind.BUILD,
            Workstream.CONFIGURATION,
            configuration * (1.0 - p.split_configuration_setup),
            after=(setup, self._design[site]),
            defect_mean=self._defects(p.defects_configuration),
            environment=SystemEnvironment.SANDBOX,
            order=1,
            site=site,
            department=department,
        )
        add(
            f"test cases {name}{suffix}",
            PackageKind.TEST_PREPARATION,
            Workstream.TESTING,
            hours * p.share_test_preparation,
            after=(fit_gap,),
            site=site,
            department=department,
        )
        add(
            f"training material {name}{suffix}",
            PackageKind.TRAINING_MATERIAL,
            Workstream.TRAINING,
            hours * p.share_training_material,
            after=(setup,),
            site=site,
            department=department,
        )
        self._setup[site, department] = setup
        self._built += [setup, variants]

    def _data_packages(self) -> None:
        p, add = self.p, self.network.add
        objects = [item for item in self.customer.data_objects if item.records > 0]
        if not objects:
            return
        weights = {item.kind: 1.0 + item.records**0.25 for item in objects}
        scale = self.effort.total_hours * p.share_data_preparation / sum(weights.values())
        guess = (1.0 - self.customer.data_quality) / p.cleanse_guess_per_hour
        for item in objects:
            subject = DATA_OBJECTS.index(item.kind)
            department = self._department(DATA_OWNER[item.kind])
            hours = weights[item.kind] * scale
            extract = add(
                f"extract {item.kind.value}",
                PackageKind.EXTRACT,
                Workstream.DATA,
                hours * p.split_extract,
                subject=subject,
            )
            mapping = add(
                f"map {item.kind.value}",
                PackageKind.MAP,
                Workstream.DATA,
                hours * (1.0 - p.split_extract),
                department=department,
                subject=subject,
                after=(extract, self._workshop[0, department]),
                defect_mean=self._defects(p.defects_mapping),
            )
            cleanse_hours = max(0.5, item.records * guess)
            add(
                f"cleanse {item.kind.value}",
                PackageKind.CLEANSE,
                Workstream.DATA,
                cleanse_hours,
                department=department,
                subject=subject,
                key_user_hours=cleanse_hours * p.cleanse_key_user_share,
                after=(extract,),
            )
            self._maps.append(mapping)

    def _requirement_packages(self) -> None:
        challenges = self.customer.challenges
        named = [c.requirement for c in challenges if isinstance(c, RequirementChallenge)]
        for requirement in (*self.customer.requirements, *named):
            if requirement.known:
                package = self._requirement(requirement, PackageKind.BUILD, Status.WAITING)
                self._built.append(package)

    def _requirement(
        self, requirement: Requirement, kind: PackageKind, status: Status, hours: float = 0.0
    ) -> Package:
        p = self.p
        department = self._department(requirement.department)
        mean = {
            RequirementKind.CONFIGURATION: p.defects_configuration,
            RequirementKind.REPORT: p.defects_report,
            RequirementKind.ENHANCEMENT: p.defects_enhancement,
        }[requirement.kind]
        simple = requirement.kind is RequirementKind.CONFIGURATION
        known = status == Status.WAITING
        return self.network.add(
            requirement.name,
            kind,
            Workstream.CONFIGURATION if simple else Workstream.CUSTOMISATION,
            hours or requirement.effort_hours,
            department=department,
            after=(self._fit_gap[0, department],) if known else (),
            status=status,
            environment=SystemEnvironment.SANDBOX,
            defect_mean=self._defects(mean, requirement.ambiguity),
            in_baseline=known,
        )

    def _interface_packages(self) -> None:
        p = self.p
        hours = {
            InterfaceSize.SMALL: p.interface_hours_small,
            InterfaceSize.MEDIUM: p.interface_hours_medium,
            InterfaceSize.LARGE: p.interface_hours_large,
        }
        built: dict[str, Package] = {}
        order = _dependency_order(self.customer.interfaces)
        for number in order:
            interface = self.customer.interfaces[number]
            after = [self._design[0]]
            if interface.depends_on is not None:
                after.append(built[interface.depends_on])
            package = self.network.add(
                f"interface {interface.name}",
                PackageKind.INTERFACE,
                Workstream.INTEGRATION,
                hours[interface.size],
                subject=number,
                after=after,
                environment=SystemEnvironment.SANDBOX,
                defect_mean=self._defects(p.defects_interface),
            )
            built[interface.name] = package
            self._built.append(package)

    def _check_packages(self) -> None:
        checks = [c for c in self.customer.challenges if isinstance(c, CheckChallenge)]
        if not checks:
            p = self.p
            self._check(
                AcceptanceCheckKind.USER_ACCEPTANCE,
                "user acceptance",
                p.default_check_hours,
                p.default_check_key_user_hours,
            )
        for check in checks:
            self._check(check.check, check.name, check.effort_hours, check.key_user_hours)

    def _check(
        self, kind: AcceptanceCheckKind, name: str, hours: float, key_user_hours: float
    ) -> None:
        on_data = kind is AcceptanceCheckKind.RECONCILIATION
        if kind is AcceptanceCheckKind.USER_ACCEPTANCE:
            key_user_hours /= len(self.departments)  # every department tests at the same time
        package = self.network.add(
            name,
            PackageKind.CHECK,
            Workstream.TESTING,
            hours,
            department=self._department(CHECK_OWNER[kind]),
            subject=CHECKS.index(kind),
            key_user_hours=key_user_hours,
            after=self._maps if on_data else self._built,
            environment=SystemEnvironment.TEST,
        )
        self.network.hold(package)

    def _cutover_packages(self, site: int) -> None:
        p, add = self.p, self.network.add
        points = self.customer.complexity - REFERENCE_COMPLEXITY
        hours = p.cutover_hours * (1.0 + p.effort_complexity_slope * points)
        hours *= self.effort.site_factor(site)
        department = self._department(Department.FINANCE)
        rehearsal = add(
            f"cutover rehearsal site {site + 1}",
            PackageKind.REHEARSAL,
            Workstream.CUTOVER,
            hours * p.split_rehearsal,
            site=site,
            department=department,
            after=self._maps,
            environment=SystemEnvironment.TEST,
        )
        self.network.hold(rehearsal)
        shares = (p.split_cutover_extract, p.split_cutover_load, p.split_cutover_reconcile)
        before: list[Package] = []
        for step, name in enumerate(CUTOVER_STEPS):
            share = shares[step] if step < len(shares) else 1.0 - sum(shares)
            before = [
                add(
                    f"{name}, {stream} site {site + 1}",
                    PackageKind.CUTOVER,
                    Workstream.CUTOVER,
                    hours * share / len(CUTOVER_STREAMS),
                    site=site,
                    department=self._department(owner),
                    after=before,
                    status=Status.DORMANT,
                    environment=SystemEnvironment.PRODUCTION,
                    order=step,
                )
                for stream, owner in CUTOVER_STREAMS.items()
            ]

    def _challenge_packages(self) -> None:
        for challenge in self.customer.challenges:
            if isinstance(challenge, WorkChallenge) and challenge.effort_hours > 0.0:
                self._challenge(challenge)

    def _challenge(self, challenge: WorkChallenge) -> None:
        department = self._department(challenge.department)
        subject = -1
        if challenge.data_object is not None:
            subject = DATA_OBJECTS.index(challenge.data_object)
        package = self.network.add(
            challenge.name,
            PackageKind.CHALLENGE,
            challenge.workstream,
            challenge.effort_hours,
            department=department,
            subject=subject,
            key_user_hours=challenge.key_user_hours,
        )
        draw = self.streams.uniform(draws.QUESTION_ARISES, package.id)
        if draw < challenge.question_probability:
            moment = self.streams.uniform(draws.QUESTION_MOMENT, package.id)
            package.question_at = question_point(package.remaining_hours, moment)
        held = [WORKSTREAMS.index(name) for name in challenge.holds_up]
        for other in self.network.packages[: package.id]:
            same_object = subject >= 0 and other.subject == subject and other.kind in _ON_DATA
            same_department = subject < 0 and other.department == department
            interface = subject < 0 and other.kind == PackageKind.INTERFACE
            if other.workstream in held and (same_object or same_department or interface):
                self.network.link(package, other)

    def _hidden_requirements(self) -> None:
        for requirement in self.customer.requirements:
            if not requirement.known:
                self._requirement(requirement, PackageKind.CHANGE, Status.DORMANT)

    def _change_requests(self) -> None:
        """Change requests that would come up, one dormant package each, in order of time."""
        p, streams = self.p, self.streams
        days = self.schedule.last_go_live_day
        months = days / p.days_per_month
        compression = p.creep_compression_agentic if self.agentic else 1.0
        mean = self.effort.total_hours * p.creep_per_month * months * compression
        amount = mean * gamma_table(2.0).at(streams.uniform(draws.CREEP_AMOUNT)) / 2.0
        count = round(amount / p.creep_package_hours)
        moments = sorted(streams.uniform(draws.CREEP_DAY, index) for index in range(count))
        self.creep_days = [round(days * moment, 3) for moment in moments]
        for index in range(count):
            where = int(streams.uniform(draws.CREEP_DEPARTMENT, index) * len(self.departments))
            spread = 0.4 + 1.2 * streams.uniform(draws.CREEP_EFFORT, index)
            requirement = Requirement(
                name=f"change request {index + 1}",
                kind=RequirementKind.REPORT if index % 2 else RequirementKind.ENHANCEMENT,
                department=DEPARTMENTS[self.departments[where]],
                effort_hours=p.creep_package_hours,
                ambiguity=0.5,
                known=False,
                mandatory=False,
            )
            hours = p.creep_package_hours * spread
            self._requirement(requirement, PackageKind.CHANGE, Status.DORMANT, hours)


_ON_DATA = frozenset(
    {PackageKind.EXTRACT, PackageKind.MAP, PackageKind.CLEANSE, PackageKind.CHALLENGE}
)


def _dependency_order(interfaces: tuple[Interface, ...]) -> list[int]:
    """Indices so that an interface comes after the one that it depends on."""
    done: list[int] = []
    names: set[str] = set()
    while len(done) < len(interfaces):
        for number, interface in enumerate(interfaces):
            if number not in done and (
                interface.depends_on is None or interface.depends_on in names
            ):
                done.append(number)
                names.add(interface.name)
    return done
