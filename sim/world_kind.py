"""The record of a world's parts: all that faces, trainers and judges ask of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from pickle import PicklingError
from typing import Any, Protocol

from ..core.errors import GoliveError
from ..core.registry import Registry
from ..scenarios.scenario import Scenario
from .metrics import Better, Metric, Style
from .numbers import Numbers
from .observer import Observer
from .policy import Policy
from .protocol import AnyWorld, Scorecard, Snapshot
from .team import PartnerKind, Team
from .words import Words

PolicyFactory = Callable[[], Policy]
"""Makes a policy; a class whose arguments have defaults will do."""


Build = Callable[..., AnyWorld]
"""Begins an episode: ``build(scenario, seed, *, record=False, **options)``, where ``record`` keeps
what pictures and logs need (slower), and the options are the world's own, parsed
(``EpisodeOption``)."""


class Restore(Protocol):
    """Makes the world that goes on from a snapshot."""

    def __call__(
        self, snapshot: Snapshot, *, record: bool = False, seed: int | None = None
    ) -> AnyWorld:
        """The world of a snapshot.

        Args:
            snapshot: of a world of this kind.
            record: keep what pictures and logs need (slower).
            seed: draws the future anew from here, what has happened staying as it is.

        Raises:
            SnapshotError: it is another world's, another version's, or damaged.
        """
        ...


class Neighbours(Protocol):
    """Finds decisions worth comparing with one."""

    def __call__(
        self, briefing: Any, legal: Any, own: Any, most: int | None = None
    ) -> Sequence[Any]:
        """A decision and its neighbours, one part changed at a time.

        Args:
            briefing: of the decision point.
            legal: what may be ordered there.
            own: the decision that the others differ from.
            most: how many at most, ``own`` included.

        Returns:
            Legal decisions without repetition, ``own`` (made legal) first, always in the same
            order.
        """
        ...


@dataclass(frozen=True, slots=True)
class EpisodeOption:
    """Something of the world's own that an episode can be asked for.

    Attributes:
        parse: what a user gave, checked; raises ``GoliveError``.
        vary: the scenario with it; None: it is handed to ``build`` by its name.
        default: what holds unless something is given; None: nothing.
        text: how saved states call a value.
        help: what it is, in a sentence.
    """

    parse: Callable[[object], Any]
    vary: Callable[[Any, Any], Any] | None = None
    default: Any = None
    text: Callable[[Any], str] = str
    help: str = ""


@dataclass(frozen=True)
class Figures:
    """Names of the scorecard's fields that judges ask for by what they mean.

    Attributes:
        score: the scalar in [0, 1] that policies are judged by.
        success: whether it ended well, true or false; empty: there is no such field.
        illegal: illegal parts of decisions; empty likewise.
        met: things that went wrong; empty likewise.
        recovered: those of them that were recovered from; empty likewise.
        efficiency: what a policy's profile shows beside score and success.
        kept: what a gate's report keeps of each episode besides all of these.
    """

    score: str
    success: str = ""
    illegal: str = ""
    met: str = ""
    recovered: str = ""
    efficiency: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()

    @property
    def of_episode(self) -> tuple[str, ...]:
        """All of them that the scorecard has, each once."""
        single = (self.score, self.success, *self.efficiency, self.met, self.recovered, *self.kept)
        return tuple(dict.fromkeys(name for name in (*single, self.illegal) if name))


@dataclass(frozen=True)
class Teamwork:
    """Figures by which observers tell where people's hours went (``WorldKind.watch``).

    Attributes:
        parts: labels of the figures that add up to all hours on duty, by the figure's name.
        useful: the part that counts.
        free: the part that counts neither way: there was nothing to do.
    """

    parts: Mapping[str, str]
    useful: str
    free: str


@dataclass(frozen=True, kw_only=True, eq=False)
class WorldKind:
    """A world's parts. Whatever is heavy is a function that imports it when it is called.

    Attributes:
        name: of the world: lower-case letters, digits and underscores.
        title: what it simulates, in words.
        environment: Gymnasium id of its environment, version included.
        scenario: its scenarios.
        library: folder of the scenarios and suites that come with it.
        default_scenario: name of the one that is played unless another is named.
        default_suite: name of the suite whose seed ranges serve scenarios that no suite has.
        build: begins an episode.
        restore: goes on from a snapshot.
        numbers: makes its language for learners that see vectors.
        rewards: makes what its rewards are made of (``golive.envs.rewards.RewardLanguage``).
        words: makes its language for those who speak; None: it is made from its numbers.
        moment: an integer that grows from decision point to decision point, from a briefing;
            policies address their draws by it.
        neutral: makes the decision that is legal at every decision point.
        neighbours: decisions worth comparing with one; None: those that differ in one factor.
        describe: a decision in words; None: its factors and choices.
        describe_change: what of a decision differs from another one, in words; None likewise.
        metrics: the scorecard's fields: how to call them, which way is better, how to print them.
        no_scorecard: its fields, each 0 or false: what is shown until an episode ends.
        figures: which of them judges ask for by what they mean.
        policies: its own policies by name; those that try to win first, the best of them first.
        baselines: names of the policies that try to win, best first; the first is the expert.
        probes: names of the policies that must lose against the expert.
        champion: file of the best trained policy, which comes with it; None: there is none.
        latent: names of fields of its state that no briefing may have.
        imagined: a snapshot in which what no briefing tells of its subject is drawn, by a seed,
            from what may be believed; None: there is no such thing.
        options: what an episode can be asked for besides scenario and seed, by name.
        renderer: makes what draws pictures, from a render mode; None: there are no pictures.
        render_modes: that the renderer knows.
        watch: makes observers of one episode, whose figures judges keep; see ``Observer.figures``.
        teamwork: how they tell where people's hours went; None: they do not.
        most_decisions: no episode of any of its scenarios has more decision points; Gymnasium's
            ``max_episode_steps`` follows from it.
        milestones: labels of the figures that are days on which something was reached, or None.
        families: policies by the word before the colon, each made from its whole spec, such as
            ``static:...``.
        levels: settings from which trainings draw levels; None: scenarios as they are.
        files: package in which folders ``configs`` (trainings) and ``gates`` hold files that are
            known by name; empty: there are none.
        exports: places of names that ``golive`` offers as its own.
        commands: place of a function that adds the world's own commands to the command line.
        view: place of what the command line shows, reads and writes of the world
            (``golive.cli.world_view.WorldView``); empty: what it does of every world.
        report: place of what reports show of one episode; empty: nothing but its figures.
        team: makes its table of the roles that may decide together; None: one decides.
        partners: makes the kinds of partners that play its roles, by name.
    """

    name: str
    title: str
    environment: str
    scenario: type[Scenario]
    library: Path
    default_scenario: str
    default_suite: str
    build: Build
    restore: Restore
    numbers: Callable[[], Numbers]
    rewards: Callable[[], Any]
    moment: Callable[[Any], int]
    neutral: Callable[[], Any]
    metrics: tuple[Metric, ...]
    no_scorecard: Mapping[str, float | bool | int]
    figures: Figures
    policies: Mapping[str, PolicyFactory]
    baselines: tuple[str, ...]
    probes: tuple[str, ...] = ()
    champion: Path | None = None
    words: Callable[[], Words] | None = None
    neighbours: Neighbours | None = None
    describe: Callable[[Any], str] | None = None
    describe_change: Callable[[Any, Any], str] | None = None
    latent: tuple[str, ...] = ()
    imagined: Callable[[Snapshot, int], Snapshot] | None = None
    options: Mapping[str, EpisodeOption] = field(default_factory=dict)
    renderer: Callable[[str], Any] | None = None
    render_modes: tuple[str, ...] = ()
    watch: Callable[[], Sequence[Observer]] = tuple
    teamwork: Teamwork | None = None
    most_decisions: int = 100_000
    milestones: Mapping[str, str] = field(default_factory=dict)
    families: Mapping[str, Callable[[str], Policy]] = field(default_factory=dict)
    levels: type[Any] | None = None
    files: str = ""
    exports: Mapping[str, str] = field(default_factory=dict)
    commands: str = ""
    view: str = ""
    report: str = ""
    team: Callable[[], Team] | None = None
    partners: Callable[[], Mapping[str, PartnerKind]] = dict

    def __reduce__(self) -> tuple[Callable[[str], WorldKind], tuple[str]]:
        """Travel by name: a worker has the record from its own registry.

        Raises:
            pickle.PicklingError: another record has its name, or none.
        """
        from .worlds import WORLDS, world_kind

        if self.name not in WORLDS or WORLDS[self.name] is not self:
            raise PicklingError(f"world {self.name!r}: expected the record that is registered")
        return world_kind, (self.name,)

    @property
    def expert(self) -> str:
        """Name of the policy that is the bar for others."""
        return self.baselines[0]

    @cached_property
    def language(self) -> Numbers:
        """Its language for learners that see vectors, made once."""
        return self.numbers()

    @cached_property
    def speech(self) -> Words:
        """Its language for those who speak, made once."""
        return self.words() if self.words else Words(self.language, self.neutral, self.title)

    @cached_property
    def reward_language(self) -> Any:
        """Its language of rewards, made once: looking for other packages' terms takes 4 ms."""
        return self.rewards()

    @cached_property
    def registered_policies(self) -> Registry[PolicyFactory]:
        """Its own policies and those of other packages (``golive.<world>.policies``)."""
        return Registry(f"golive.{self.name}.policies", "policy", self.policies)

    def metric(self, name: str) -> Metric:
        """The metric of this name; a field that has none is printed as a number."""
        for known in self.metrics:
            if known.name == name:
                return known
        return Metric(name, name.replace("_", " ").capitalize(), Better.NEITHER, Style.NUMBER)

    @property
    def score_label(self) -> str:
        """The score's name within a sentence."""
        label = self.metric(self.figures.score).label
        return label[:1].lower() + label[1:]

    def score_of(self, card: Scorecard) -> float:
        """The scalar that policies are judged by."""
        return float(card.as_dict()[self.figures.score])

    def parsed_options(self, given: Mapping[str, object]) -> dict[str, Any]:
        """The world's own options of an episode, checked.

        Raises:
            GoliveError: there is no such option, or its value is wrong.
        """
        for name in given:
            if name not in self.options:
                known = ", ".join(self.options) or "none"
                raise GoliveError(f"{name}: no such option of world {self.name}: it has {known}")
        return {name: self.options[name].parse(value) for name, value in given.items()}

    def varied(
        self, scenario: Scenario, given: Mapping[str, object]
    ) -> tuple[Scenario, dict[str, Any]]:
        """The scenario with those options that vary it, and the others, for ``build``.

        An option that is None is not given.

        Raises:
            GoliveError: no such option, or its value is wrong.
        """
        chosen = {}
        told = {name: value for name, value in given.items() if value is not None}
        for name, value in self.parsed_options(told).items():
            vary = self.options[name].vary
            if vary is None:
                chosen[name] = value
            else:
                scenario = vary(scenario, value)
        return scenario, chosen
