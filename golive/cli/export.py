"""``golive export``: a world's episodes as files of other frameworks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from typer import Option

from ..core.worlds import DEFAULT_WORLD
from . import completion
from .options import (
    AsJson,
    RewardOption,
    ScenarioOption,
    SplitOption,
    WorldOption,
    writable_directory,
)
from .output import show_result


def export(
    *,
    form: Annotated[
        str,
        Option(
            "--format",
            help="skyrl, nemo: rows of a dataset and what plays them; harbor: a folder per task; "
            "verifiers: an environment package; verifiers-team: one of a team, an agent per role.",
            autocompletion=completion.formats,
        ),
    ],
    out: Annotated[
        Path,
        Option(callback=writable_directory, help="New or empty folder that is written, or none."),
    ],
    world: WorldOption = DEFAULT_WORLD,
    scenario: ScenarioOption = None,
    split: SplitOption = "train",
    episodes: Annotated[int, Option(help="So many, the first ones of the split.")] = 100,
    reward: RewardOption = None,
    as_json: AsJson = False,
) -> None:
    """Write a world's episodes as SkyRL, NeMo-Gym, Harbor or verifiers take them."""
    from ..envs.faces.export import Export, write
    from ..trainers.evaluation.progress import counting_bar

    chosen = Export(scenario, world=world, split=split, episodes=episodes, reward=reward)
    with counting_bar("Exporting") as chosen.progress:
        files = write(form, chosen, out)
    told = {"format": form, "episodes": episodes, "files": files, "folder": out}
    show_result(as_json, told, f"{episodes} episodes in {files} files: {out}")
