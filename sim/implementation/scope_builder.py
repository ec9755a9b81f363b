"""The scope of an implementation as work: sites, data, requirements and interfaces."""

from __future__ import annotations

from functools import partial

from ...core.arithmetic import plain_sum, power
from ...scenarios.implementation.challenges import RequirementChallenge
from ...scenarios.implementation.customer import Interface
from ...scenarios.implementation.requirements import Requirement
from ...scenarios.implementation.vocabulary import (
    DataObjectKind,
    Department,
    RequirementKind,
    Workstream,
)
from .briefing import DATA_OBJECTS, DEPARTMENTS, SystemEnvironment
from .effort import bulk_factor
from .network import Network
from .product_effort import ProductEffort
from .project_facts import ProjectFacts
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
LEAST_CLEANSE_HOURS = 0.5
"""Even clean data are looked at; the profile sets the real figure."""


class ScopeBuilder:
    """Adds what is to be built and moved to a network.

    Args:
        facts: of the project.

    Attributes:
        network: that it adds to.
        built: packages whose outcome acceptance is about.
        maps: mappings of data objects.
        design: each site's solution design.
        due_weeks: week by whose end a challenge's package must be done, by package.
    """

    def __init__(self, facts: ProjectFacts) -> None:
        self.facts = facts
        self.customer, self.p, self.effort = facts.customer, facts.parameters, facts.effort
        self.departments = facts.departments
        self.product_effort = ProductEffort.of(facts.customer, facts.parameters)
        self.network = Network(facts.parameters, facts.streams, facts.agentic)
        self.built: list[Package] = []
        self.maps: list[Package] = []
        self.design: list[Package] = []
        self.due_weeks: dict[int, int] = {}
        self._workshop: dict[tuple[int, int], Package] = {}
        self._fit_gap: dict[tuple[int, int], Package] = {}

    def generate(self) -> None:
        """Generate all of the scope."""
        for site in range(len(self.customer.sites)):
            self._site_packages(site)
            self._localisation_packages(site)
        self._data_packages()
        self._requirement_packages()
        self._interface_packages()

    def _site_packages(self, site: int) -> None:
        """A site's discovery by department, then its design and what follows from both."""
        p = self.p
        kind, workstream = PackageKind.DISCOVERY, Workstream.DISCOVERY
        add = partial(self.network.add, kind=kind, workstream=workstream, site=site)
        hours = self.effort.total_hours * self.effort.site_factor(site)
        per_department = 1.0 / len(self.departments)
        discovery = hours * p.share_discovery
        suffix = "" if site == 0 else f" ({self.customer.sites[site].name})"
        for department in self.departments:
            name = DEPARTMENTS[department].value
            workshop = add(
                f"process workshop {name}{suffix}",
                hours=discovery * p.split_workshop * per_department,
                department=department,
            )
            self._workshop[site, department] = workshop
            self._fit_gap[site, department] = add(
                f"fit-gap analysis {name}{suffix}",
                hours=discovery * p.split_fit_gap * per_department,
                department=department,
                after=(workshop,),
                order=1,
            )
        design = add(
            f"solution design{suffix}",
            hours=discovery * (1.0 - p.split_workshop - p.split_fit_gap),
            department=self.facts.department_index(Department.MANAGEMENT),
            key_user_hours=0.0,
            after=tuple(self._fit_gap[site, department] for department in self.departments),
            order=2,
        )
        self.design.append(design)
        for department in self.departments:
            self._department_packages(site, department, hours * per_department, suffix)

    def _department_packages(self, site: int, department: int, hours: float, suffix: str) -> None:
        p = self.p
        add = partial(self.network.add, site=site, department=department)
        build = partial(
            add,
            kind=PackageKind.BUILD,
            workstream=Workstream.CONFIGURATION,
            defect_mean=self.facts.defects(p.defects_configuration),
            environment=SystemEnvironment.SANDBOX,
        )
        name = DEPARTMENTS[department].value
        fit_gap = self._fit_gap[site, department]
        configuration = hours * p.share_configuration
        basic = configuration * p.split_configuration_setup * self._setup_factor(department)
        setup = build(f"set up {name}{suffix}", hours=basic, after=(fit_gap,))
        rest = configuration * (1.0 - p.split_configuration_setup)
        variants = build(
            f"process variants {name}{suffix}",
            hours=rest * self._variants_factor(department),
            after=(setup, self.design[site]),
            order=1,
        )
        add(
            f"test cases {name}{suffix}",
            PackageKind.TEST_PREPARATION,
            Workstream.TESTING,
            hours * p.share_test_preparation,
            after=(fit_gap,),
        )
        add(
            f"training material {name}{suffix}",
            PackageKind.TRAINING_MATERIAL,
            Workstream.TRAINING,
            hours * p.share_training_material,
            after=(setup,),
        )
        self.built += [setup, variants]

    def _localisation_packages(self, site: int) -> None:
        """A site's own language, statutes and currency, after its design."""
        p, place = self.p, self.customer.sites[site]
        effort = self.effort.localisation(site)
        language, country, sandbox = place.language, place.country, SystemEnvironment.SANDBOX
        words, laws = effort.language, effort.statutory
        screens, reports = p.split_screens, p.split_statutory_reports
        train, build = Workstream.TRAINING, Workstream.CUSTOMISATION
        finance, production = Department.FINANCE, Department.PRODUCTION
        labels = f"product certificates and labels of {country}"
        formats = f"{place.currency} and its bank formats"
        for what, hours, workstream, department, system in (
            (f"screens in {language}", words * screens, train, production, -1),
            (f"documents in {language}", words * (1.0 - screens), train, Department.SALES, -1),
            (f"statutory reports of {country}", laws * reports, build, finance, sandbox),
            (labels, laws * (1.0 - reports), build, production, sandbox),
            (formats, effort.currency, Workstream.CONFIGURATION, finance, sandbox),
        ):
            if hours:
                package = self.network.add(
                    f"{what} ({place.name})",
                    PackageKind.LOCALISATION,
                    workstream,
                    hours,
                    site=site,
                    department=self.facts.department_index(department),
                    after=(self.design[site],),
                    defect_mean=self.facts.defects(p.defects_report),
                    environment=system,
                )
                self.built.append(package)

    def _setup_factor(self, department: int) -> float:
        warehouse = DEPARTMENTS[department] is Department.WAREHOUSE
        return self.product_effort.warehouse if warehouse else 1.0

    def _variants_factor(self, department: int) -> float:
        custom = DEPARTMENTS[department] in (Department.SALES, Department.PRODUCTION)
        return self.product_effort.variants if custom else 1.0

    def _mapping_factor(self, kind: DataObjectKind) -> float:
        if kind is DataObjectKind.BOMS:
            return self.product_effort.boms
        return self.product_effort.routings if kind is DataObjectKind.ROUTINGS else 1.0

    def _data_packages(self) -> None:
        """Extraction, mapping and cleansing of each data object."""
        p, add = self.p, self.network.add
        objects = [item for item in self.customer.data_objects if item.records > 0]
        if not objects:
            return
        weights = {
            item.kind: 1.0 + power(item.records, p.data_preparation_exponent) for item in objects
        }
        scale = self.effort.total_hours * p.share_data_preparation / plain_sum(weights.values())
        guess = (1.0 - self.customer.data_quality) / p.cleanse_guess_per_hour
        for item in objects:
            subject = DATA_OBJECTS.index(item.kind)
            department = self.facts.department_index(DATA_OWNER[item.kind])
            hours = weights[item.kind] * scale
            extract = add(
                f"extract {item.kind.value}",
                PackageKind.EXTRACT,
                Workstream.DATA,
                hours * p.split_extract * self.product_effort.extraction,
                subject=subject,
            )
            mapping = add(
                f"map {item.kind.value}",
                PackageKind.MAP,
                Workstream.DATA,
                hours * (1.0 - p.split_extract) * self._mapping_factor(item.kind),
                department=department,
                subject=subject,
                after=(extract, self._workshop[0, department]),
                defect_mean=self.facts.defects(p.defects_mapping),
            )
            cleanse_hours = max(
                LEAST_CLEANSE_HOURS, item.records * guess * bulk_factor(item.records, p)
            )
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
            self.maps.append(mapping)

    def _requirement_packages(self) -> None:
        """One package for each requirement that is known at kick-off."""
        challenges = self.customer.challenges
        named = [c for c in challenges if isinstance(c, RequirementChallenge)]
        weeks = {challenge.requirement.name: challenge.week for challenge in named}
        requirements = [challenge.requirement for challenge in named]
        for requirement in (*self.customer.requirements, *requirements):
            if requirement.known:
                site = self.facts.site_of_week(weeks.get(requirement.name, 0))
                package = self.requirement(
                    requirement, PackageKind.BUILD, Status.WAITING, site=site
                )
                self.built.append(package)
                if requirement.name in weeks:
                    self.due_weeks[package.id] = weeks[requirement.name]

    def requirement(
        self,
        requirement: Requirement,
        kind: PackageKind,
        status: Status,
        site: int = 0,
    ) -> Package:
        """The package of a requirement; a dormant one comes out later, or never.

        Args:
            site: that it is built for first.
        """
        return self.custom(
            requirement.name,
            requirement.kind,
            requirement.department,
            requirement.effort_hours,
            requirement.ambiguity,
            kind,
            status,
            site,
        )

    def custom(
        self,
        name: str,
        what: RequirementKind,
        owner: Department,
        hours: float,
        ambiguity: float,
        kind: PackageKind,
        status: Status,
        site: int = 0,
    ) -> Package:
        """The package of what its standard does not do, a requirement or a change request."""
        department = self.facts.department_index(owner)
        mean = float(getattr(self.p, f"defects_{what}"))
        simple = what is RequirementKind.CONFIGURATION
        known = status == Status.WAITING
        return self.network.add(
            name,
            kind,
            Workstream.CONFIGURATION if simple else Workstream.CUSTOMISATION,
            hours,
            site=site,
            department=department,
            after=(self._fit_gap[site, department],) if known else (),
            status=status,
            environment=SystemEnvironment.SANDBOX,
            defect_mean=self.facts.defects(mean, ambiguity),
            in_baseline=known,
        )

    def _interface_packages(self) -> None:
        """One package for each interface, after the one that it depends on."""
        p = self.p
        built: dict[str, Package] = {}
        for number in _dependency_order(self.customer.interfaces):
            interface = self.customer.interfaces[number]
            after = [self.design[0]]
            if interface.depends_on is not None:
                after.append(built[interface.depends_on])
            package = self.network.add(
                f"interface {interface.name}",
                PackageKind.INTERFACE,
                Workstream.INTEGRATION,
                float(getattr(p, f"interface_hours_{interface.size}")),
                subject=number,
                after=after,
                environment=SystemEnvironment.SANDBOX,
                defect_mean=self.facts.defects(p.defects_interface),
            )
            built[interface.name] = package
            if interface.between_sites:
                self.network.hold(package)  # until all sites are live
                self.due_weeks[package.id] = self.facts.plan.weeks
            else:
                self.built.append(package)


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
