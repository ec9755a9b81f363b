"""``golive record``: episodes of policies as a Minari dataset."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from typer import Argument

from ..core.errors import GoliveError
from ..scenarios.suite import Split
from . import completion
from .options import AsJson, Execution, ParametersOption, option, option_record, refuse, words_of
from .output import show_result
from .world_view import under_parameters

if TYPE_CHECKING:
    from ..scenarios.scenario import Scenario
    from ..scenarios.suite import SeedRange


@option_record
class Recording:
    """Options of who is recorded, and where the dataset lies."""

    policies: str | None = option(
        None,
        "Who decides, comma-separated: names, paths, sampled:PATH, noisy:POLICY:EPSILON; "
        "name=PATH to name one.",
        autocompletion=completion.policies,
    )
    standard: bool = option(
        False,
        "Record the sets random, plan_follower, expert, mixed and, with --trained, trained.",
    )
    out: str | None = option(
        None,
        "The dataset's id, such as golive/furniture/expert-v0 (in Minari's root), or a "
        "folder, such as ./expert-v0; with --standard the folder that holds the sets.",
        metavar="DATASET",
    )
    mix: str | None = option(
        None,
        "Let one policy play each seed, drawn by these weights, such as 3,1,1.",
        metavar="WEIGHTS",
    )
    reward: str | None = option(
        None,
        "Reward that is recorded: mission, shaped, score, score_shaped (default: that "
        "of datasets).",
    )
    trained: Path | None = option(
        None, "Policy of the standard set trained (default: there is no such set)."
    )
    words: bool = option(
        False, "Write the dataset in words too, for language models, in its folder words."
    )
    roles: str | None = option(
        None,
        "Write what these roles of a team saw and did, ROLE,... or all, a dataset each: "
        "--out/ROLE-v0; --policies are teams, such as team:expert+configuration=noisy:expert:0.1.",
        metavar="ROLES",
    )
    silent: bool = option(False, "With --roles: nobody can say anything.")
    absence: str | None = option(
        None, "With --roles: absences, a preset: usual or heavy (default: none)."
    )
    resume: bool = option(False, "Go on with the interrupted recording of --out.")
    as_json: AsJson = False

    def check(self) -> None:
        """See that the options fit together.

        Raises:
            GoliveError: one is missing, or contradicts another.
        """
        if self.standard:
            own = {"--policies": self.policies, "--mix": self.mix}
            own |= {"--roles": self.roles}
            refuse(own, "not with --standard, which says it by itself")
            return
        if self.roles is None:
            refuse({"--silent": self.silent, "--absence": self.absence}, "expected --roles")
        elif self.words:
            raise GoliveError("--words: not with --roles: expected a dataset of whole decisions")
        if self.trained is not None:
            raise GoliveError("--trained: expected --standard; otherwise name it in --policies")
        if self.policies is None or self.out is None:
            missing = "--policies" if self.policies is None else "--out"
            raise GoliveError(f"{missing}: expected (or --standard)")


@option_record
class Played:
    """Options of what is played."""

    suite: str | None = option(
        None,
        "Play every scenario of this suite, by name or file.",
        autocompletion=completion.suites,
    )
    episodes: int = option(200, "Seeds per scenario; each policy plays each, unless --mix.")
    split: Split | None = option(
        None, "Whose seeds are played (default: the split that the suite names, else train)."
    )
    first_seed: int | None = option(None, "First of the seeds (default: the split's first).")
    parameters: ParametersOption = None


def record(
    scenario: Annotated[
        str | None,
        Argument(
            help="Scenario by name or file (unless --suite).",
            autocompletion=completion.scenarios,
        ),
    ] = None,
    *,
    recording: Recording,
    played: Played,
    execution: Execution,
) -> None:
    """Record episodes of policies as a Minari dataset."""
    from ..trainers.datasets import record as record_dataset
    from ..trainers.datasets.recording import record_standard
    from ..trainers.evaluation.progress import counting_bar

    recording.check()
    if recording.standard and played.suite is not None:
        raise GoliveError("--suite: not with --standard, which says it by itself")
    scenarios, seeds, split = _scenarios(scenario, played.suite, played.split)
    scenarios = under_parameters(scenarios, played.parameters)
    first = seeds.start if played.first_seed is None else played.first_seed
    _check_seeds(first, played.episodes, seeds, split)
    common: dict[str, Any] = {"first_seed": first, "episodes": played.episodes}
    common |= {"reward": recording.reward, **execution.arguments()}
    out = recording.out
    with counting_bar("Recording") as progress:
        if recording.standard:
            root = None if out is None else Path(out).expanduser()
            sets = record_standard(
                scenarios[0], root, trained=recording.trained, progress=progress, **common
            )
            folders = list(sets)
        elif recording.roles is not None:
            folders = _of_roles(recording, scenarios, progress, **common)
        else:
            folder = record_dataset(
                words_of(str(recording.policies)),
                scenarios,
                str(out),
                mix=None if recording.mix is None else _weights(recording.mix),
                progress=progress,
                resume=recording.resume,
                **common,
            )
            folders = [folder]
    told = {"datasets": folders}
    if recording.words:
        told["words"] = [_in_words(folder, execution) for folder in folders]
    show_result(
        recording.as_json, told, *map(str, [path for paths in told.values() for path in paths])
    )


def _of_roles(
    recording: Recording, scenarios: list[Scenario], progress: Any, **common: Any
) -> list[Path]:
    """A dataset for each role of a team."""
    from ..trainers.datasets.team_recording import record_team

    asked = words_of(str(recording.roles))
    made = record_team(
        words_of(str(recording.policies)),
        scenarios,
        str(recording.out),
        roles=None if asked == ["all"] else asked,
        mix=None if recording.mix is None else _weights(recording.mix),
        messages=None if recording.silent else {},
        absence=recording.absence,
        progress=progress,
        resume=recording.resume,
        **common,
    )
    return list(made.values())


def _in_words(folder: Path, execution: Execution) -> Path:
    """The dataset in words; what is there already is of the same recording."""
    from ..trainers.datasets.words import WORDS, write_words
    from ..trainers.evaluation.progress import counting_bar

    if (folder / WORDS).is_dir():
        return folder / WORDS
    with counting_bar("Writing words") as progress:
        return write_words(folder, progress=progress, **execution.arguments())


def _scenarios(
    scenario: str | None, suite: str | None, split: Split | None
) -> tuple[list[Scenario], SeedRange, Split]:
    from ..envs.episodes import episode_source
    from ..scenarios.loader import load_scenario, load_suite, suite_scenarios
    from ..sim.worlds import DEFAULT_WORLD, kind_of, world_kind

    if suite is not None and scenario is not None:
        raise GoliveError(f"--suite: {suite}: expected either a scenario or a suite")
    chosen = None if suite is None else load_suite(suite)
    split = split or (chosen and chosen.only_split) or Split.TRAIN
    if chosen is None:
        scenarios = [load_scenario(scenario or world_kind(DEFAULT_WORLD).default_scenario)]
    else:
        scenarios = list(suite_scenarios(chosen))
    source = episode_source(kind_of(scenarios[0]), scenarios[0], split, chosen, None, {})
    return [source.scenario] if chosen is None else scenarios, source.seeds, split


def _check_seeds(first: int, episodes: int, seeds: SeedRange, split: Split) -> None:
    if first < seeds.start or first + episodes > seeds.stop:
        raise GoliveError(
            f"--episodes: {episodes} from seed {first}: expected seeds of the {split} split, "
            f"{seeds.start} to {seeds.stop - 1}"
        )


def _weights(text: str) -> list[float]:
    try:
        return [float(part) for part in text.split(",")]
    except ValueError:
        raise GoliveError(f"--mix: {text!r}: expected numbers such as 3,1,1") from None
