"""``golive crossplay``: teams beside partners that nobody chose for them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Option

from ..core.errors import GoliveError
from .evaluate import JudgedOn, find_split
from .exits import JUDGED_FAILED
from .options import AsJson, CachePlace, Execution, words_of, writable_directory
from .output import complain, show, show_json

if TYPE_CHECKING:
    from ..trainers.evaluation.crossplay import CrossPlay

_FILE = "crossplay.json"


def crossplay(
    *,
    teams: Annotated[
        str,
        Option(
            help="Teams, comma-separated: team:KIND, a trained team's path, or name=path; "
            "'mine=runs/*' is one team of several trainings."
        ),
    ],
    partners: Annotated[
        str,
        Option(
            help="Who plays one role beside each: kinds or trained teams' paths, comma-separated; "
            "held-out, train or all stand for kinds."
        ),
    ] = "held-out",
    roles: Annotated[str, Option(help="Roles that partners play (default: each in turn).")] = "",
    responses: Annotated[
        str,
        Option(help="Further players among whom the best response to a partner is looked for."),
    ] = "expert,all_seeing",
    reference: Annotated[
        str | None, Option(help="Team that the others are compared with (default: the first).")
    ] = None,
    out: Annotated[
        Path | None,
        Option(help="Directory for rows and figures.", callback=writable_directory),
    ] = None,
    resume: Annotated[
        bool, Option("--resume", help="Go on with the interrupted cross-play in --out.")
    ] = False,
    on: JudgedOn,
    execution: Execution,
    cache: CachePlace,
    as_json: AsJson = False,
) -> None:
    """Judge teams beside partners in one of their roles, on the same customers, with intervals."""
    from ..core.files import json_text, write_text_atomically
    from ..sim.worlds import kind_of
    from ..trainers.evaluation.crossplay import Cast, cross_play
    from ..trainers.evaluation.keeper import Existing
    from ..trainers.evaluation.progress import counting_bar

    if resume and out is None:
        raise GoliveError("--resume: expected --out, the directory to go on in")
    suite, split = find_split(on.suite, on.split)
    scenarios = on.scenarios(suite)
    cast = Cast(
        kind_of(scenarios[0]),
        words_of(teams),
        words_of(partners),
        words_of(roles) if roles else (),
        tuple(words_of(responses)),
    )
    with cache.opened() as kept, counting_bar("Cross-play") as progress:
        found = cross_play(
            cast,
            suite,
            scenarios,
            reference=reference or "",
            split=split,
            episodes=on.episodes,
            attempts=on.attempts,
            progress=progress,
            directory=out,
            existing=Existing.RESUME if resume else Existing.REFUSE,
            cache=kept,
            **execution.arguments(),
        )
    if out is not None:
        write_text_atomically(out / _FILE, json_text(found, 2) + "\n")
        typer.echo(f"Figures: {out / _FILE}", err=True)
    if as_json:
        show_json(found)
    else:
        _print(found)
    if found.poisoned:
        for episode in found.poisoned:
            complain(f"could not be finished: {episode}")
        raise typer.Exit(JUDGED_FAILED)


def _print(found: CrossPlay) -> None:
    from ..trainers.evaluation.crossplay import EVERY, matrix_table, pairing_table

    means = [EVERY] if len(found.roles) > 1 else []
    parts = [matrix_table(found), *(pairing_table(found, role) for role in (*found.roles, *means))]
    show(*parts, narrow=True)
