"""``golive tune-expert``: search for better thresholds of the expert, on training seeds alone."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Argument

from ...core.errors import GoliveError
from ...core.tables import Table, right
from .. import completion
from ..exits import JUDGED_FAILED
from ..options import (
    LARGEST_SEED,
    MOST_EPISODES,
    AsJson,
    WorkersOption,
    option,
    option_record,
    processes,
    words_of,
    writable_file,
)
from ..output import complain, show, show_json
from .scenarios import own_scenario

if TYPE_CHECKING:
    from ...agents.implementation.expert_rules import RuleSets
    from ...scenarios.implementation.scenario import ImplementationScenario
    from ...scenarios.suite import SeedRange
    from ...trainers.evaluation.statistics import Interval
    from ...trainers.implementation.expert_search.search import SearchResult, SearchSettings

MOST_TRIALS = 1_000_000
_SHOWN = 4
"""Decimals of a gain."""


@option_record
class ExpertTuning:
    """Options of a search for thresholds."""

    out: Path = option(..., "Write the better thresholds to this file.", callback=writable_file)
    trials: int = option(320, "Sets of thresholds to try.", min=1, max=MOST_TRIALS)
    episodes: int = option(64, "Of a trial, on each scenario.", min=1, max=MOST_EPISODES)
    finalists: int = option(5, "Best trials, judged anew on fresh customers.", min=1, max=1_000)
    episodes_per_finalist: int = option(
        1_000, "Fresh customers of each scenario.", min=2, max=MOST_EPISODES
    )
    seeds: str = option("train", "Whose customers: train, or a range within it such as 0:5000.")
    only: str | None = option(None, "Thresholds to search, separated by commas (default: all).")
    rules: Path | None = option(
        None, "Thresholds to begin with and to beat (default: those that come with golive)."
    )
    seed: int = option(0, "Of the proposals.", min=0, max=LARGEST_SEED)
    workers: WorkersOption = None
    resume: bool = option(False, "Go on with the interrupted search beside --out.")
    as_json: AsJson = False


def tune_expert(
    scenarios: Annotated[
        list[str],
        Argument(help="Scenarios by name or file.", autocompletion=completion.scenarios),
    ],
    *,
    told: ExpertTuning,
) -> None:
    """Search for thresholds by which the expert scores more, on training customers.

    Only what is better beyond luck on fresh training customers is written, for policy
    expert:FILE; else the exit code is 1. Ctrl-C ends it so that --resume goes on.
    """
    from ...agents.implementation.expert_file import read_rules, shipped_rules
    from ...core.files import write_text_atomically
    from ...trainers.implementation.expert_search.search import SearchSettings, search

    settings = SearchSettings(
        trials=told.trials,
        episodes=told.episodes,
        finalists=told.finalists,
        episodes_per_finalist=told.episodes_per_finalist,
        seed=told.seed,
        only=tuple(words_of(told.only or "")),
    )
    worlds = [own_scenario(name) for name in scenarios]
    if len({world.name for world in worlds}) < len(worlds):
        raise GoliveError("scenarios: expected each only once")
    seeds = [_seeds(world.name, told.seeds) for world in worlds]
    present = shipped_rules() if told.rules is None else read_rules(told.rules)
    journal = told.out.with_suffix(".journal.json")
    if not told.resume and (told.out.exists() or journal.exists()):
        raise GoliveError(f"{told.out}: it or its search exists: give another file, or --resume")
    if told.resume and not journal.exists():
        raise GoliveError(f"{journal}: no search to resume")
    command = _command(scenarios, told)
    try:
        found = search(
            worlds,
            seeds,
            present,
            settings,
            journal,
            resume=told.resume,
            workers=processes(told.workers),
            on_news=lambda line: typer.echo(line, err=True),
        )
    except KeyboardInterrupt:
        if journal.exists():
            typer.echo(f"go on with: {command} --resume", err=True)
        raise
    if found.is_better:
        write_text_atomically(told.out, _text(found, present, worlds, seeds, settings, command))
    _show(found, told)
    if not found.is_better:
        complain(f"None is better beyond luck than the present thresholds; {told.out}: not written")
        raise typer.Exit(JUDGED_FAILED)


def _seeds(scenario: str, text: str) -> SeedRange:
    """The seeds of a scenario that an option means.

    Raises:
        GoliveError: it is no range, or not within the training seeds.
    """
    from ...agents.implementation.kind import KIND
    from ...scenarios.loader import load_suite, suite_name_of
    from ...scenarios.suite import SeedRange, Split

    train = load_suite(suite_name_of(scenario) or KIND.default_suite).splits[Split.TRAIN]
    if text == Split.TRAIN:
        return train
    given = re.fullmatch(r"(\d{1,18}):(\d{1,18})", text)
    if given is not None:
        start, stop = int(given[1]), int(given[2])
        if train.start <= start < stop <= train.stop:
            return SeedRange(start=start, stop=stop)
    raise GoliveError(
        f"--seeds: {text!r}: the expert is chosen on training seeds alone: expected train, or a "
        f"range within {train.start}:{train.stop} of {scenario}"
    )


def _command(scenarios: list[str], told: ExpertTuning) -> str:
    """The command that makes the search again, whatever the number of processes."""
    words = ["golive", "tune-expert", *scenarios]
    words += ["--trials", str(told.trials), "--episodes", str(told.episodes)]
    words += ["--finalists", str(told.finalists)]
    words += ["--episodes-per-finalist", str(told.episodes_per_finalist)]
    words += ["--seeds", told.seeds, "--seed", str(told.seed)]
    words += ["--only", told.only] if told.only else []
    words += ["--rules", str(told.rules)] if told.rules else []
    return shlex.join([*words, "--out", str(told.out)])


def _text(
    found: SearchResult,
    present: RuleSets,
    scenarios: list[ImplementationScenario],
    seeds: list[SeedRange],
    settings: SearchSettings,
    command: str,
) -> str:
    """The file: the command, the seeds, what the thresholds gained, and which have changed."""
    from ... import __version__
    from ...agents.implementation.expert_file import rules_text
    from ...agents.implementation.kind import KIND
    from ...trainers.implementation.expert_search.space import values_of

    best = found.finalists[0]
    lines = [
        "Thresholds of the expert: what each trades off stands in golive's expert_rules.py.",
        f"Made by golive {__version__} with",
        f"  {command}",
    ]
    for scenario, one in zip(scenarios, seeds, strict=True):
        middle = one.start + settings.episodes
        stop = middle + settings.episodes_per_finalist
        lines.append(
            f"{scenario.name}: training seeds {one.start} to {middle - 1} for {found.trials} "
            f"trials, {middle} to {stop - 1} for the judgement"
        )
    lines += [
        f"{KIND.metric(KIND.figures.score).label}, mean over customers, 95 % intervals:",
        f"  before {_words(found.present)}, after {_words(best.score)}",
        f"  gain {_words(best.gain, sign=True)}, "
        f"simultaneous over {len(found.finalists)} finalists",
    ]
    before = values_of(present)
    notes = {}
    for name in best.changes:
        one_set, _, field = name.partition(".")
        was = before[name]
        notes[one_set, field] = f"was {str(was).lower() if isinstance(was, bool) else was}"
    return rules_text(found.rules, "\n".join(lines), notes)


def _show(found: SearchResult, told: ExpertTuning) -> None:
    if told.as_json:
        from ...core.files import plain

        content = plain(found)
        del content["rules"]
        show_json({**content, "out": str(told.out) if found.is_better else None})
        return
    rows = [
        (
            str(place),
            f"{one.searched_gain:+.{_SHOWN}f}",
            _words(one.score),
            _words(one.gain, sign=True),
            str(len(one.changes)),
        )
        for place, one in enumerate(found.finalists, start=1)
    ]
    headings = (
        right("finalist"),
        right("gain as trial", wraps=True),
        right("score", wraps=True),
        right("gain", wraps=True),
        right("changed thresholds", wraps=True),
    )
    title = f"{found.trials} trials; present thresholds: {_words(found.present)}"
    show(Table(title, headings, rows))
    if found.is_better:
        typer.echo(f"Thresholds: {told.out} (policy expert:{told.out})")


def _words(interval: Interval, *, sign: bool = False) -> str:
    plus = "+" if sign else ""
    low, high = f"{interval.low:{plus}.{_SHOWN}f}", f"{interval.high:{plus}.{_SHOWN}f}"
    return f"{interval.estimate:{plus}.{_SHOWN}f} ({low} to {high})"
