"""The tables of ``docs/environment.md``, made from the code.

``python -m golive.envs.implementation.documentation docs/environment.md`` brings the page up to
date; a test checks that it is.
"""

from __future__ import annotations

import sys
from pathlib import Path

from ...core.files import write_text_atomically
from ...sim.numbers import Column, Group, Transform
from .actions import ACTION_NAMES, ACTION_SIZES, MASK_NAMES
from .encoding import GROUP_SLICES
from .features import GROUPS, OBSERVATION_SIZE
from .rewards import PRESETS, RewardConfig
from .shaping import PotentialConfig

_FORMULA = {
    Transform.LINEAR: "x / {scale}",
    Transform.LOGARITHM: "ln(1 + x) / {scale}",
    Transform.FRESHNESS: "1 / (1 + x / {scale}), 0 if never",
}


def observation_tables() -> str:
    """Every index of the observation, group by group."""
    parts = [f"{OBSERVATION_SIZE} numbers in {len(GROUPS)} groups."]
    parts += [_group_table(group) for group in GROUPS]
    return "\n\n".join(parts)


def _group_table(group: Group) -> str:
    start, stop = GROUP_SLICES[group.name].start, GROUP_SLICES[group.name].stop
    heading = f"#### `{group.name}`: indices {start} to {stop - 1}"
    width = len(group.columns)
    if len(group.rows) > 1:
        rows = ", ".join(f"{place} {row}" for place, row in enumerate(group.rows))
        note = f"Row r, column c at index {start} + {width} r + c. Rows: {rows}."
        number = "c"
    else:
        note, number = "", "index"
    first = 0 if note else start
    lines = [f"| {number} | name | from | to | observed | x |", "|---|---|---|---|---|---|"]
    lines += [_column_row(place, column) for place, column in enumerate(group.columns, first)]
    return "\n\n".join(part for part in (heading, note, "\n".join(lines)) if part)


def _column_row(place: int, column: Column) -> str:
    plain = column.transform is Transform.LINEAR and column.scale == 1.0
    formula = "x" if plain else _FORMULA[column.transform].format(scale=f"{column.scale:g}")
    return (
        f"| {place} | {column.name} | {column.low:g} | {column.high:g} | {formula} "
        f"| {column.description} |"
    )


def action_table() -> str:
    """The action's components and their choices."""
    lines = ["| component | name | choices |", "|---|---|---|"]
    first = 0
    for place, (name, size) in enumerate(zip(ACTION_NAMES, ACTION_SIZES, strict=True)):
        names = [entry.split("/")[1] for entry in MASK_NAMES[first : first + size]]
        choices = ", ".join(f"{number} {choice}" for number, choice in enumerate(names))
        lines.append(f"| {place} | {name} | {choices} |")
        first += size
    return "\n".join((*lines, "", f"{len(MASK_NAMES)} choices in all."))


def reward_table() -> str:
    """The weights of the reward's terms in each preset."""
    names = [name for name in RewardConfig.model_fields if name != "potential"]
    lines = [
        "| term | " + " | ".join(f"`{preset}`" for preset in PRESETS) + " |",
        "|---|" + "---|" * len(PRESETS),
    ]
    for name in names:
        weights = " | ".join(f"{getattr(config, name):g}" for config in PRESETS.values())
        lines.append(f"| {name} | {weights} |")
    return "\n".join(lines)


def potential_table() -> str:
    """The parts of the shaping potential with their default weights."""
    lines = ["| part | weight | what |", "|---|---|---|"]
    for name, field in PotentialConfig.model_fields.items():
        if name != "gamma":
            lines.append(f"| {name} | {field.default:g} | {field.description} |")
    return "\n".join(lines)


TABLES = {
    "observation": observation_tables,
    "action": action_table,
    "reward": reward_table,
    "potential": potential_table,
}
"""Tables by the name that marks their place in the page."""


def updated(page: str) -> str:
    """The page with every table between its marks made anew.

    Raises:
        ValueError: a table's marks are missing.
    """
    for name, make in TABLES.items():
        begin, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
        if begin not in page or end not in page:
            raise ValueError(f"the page has no marks {begin} and {end}")
        before, rest = page.split(begin, 1)
        after = rest.split(end, 1)[1]
        page = f"{before}{begin}\n\n{make()}\n\n{end}{after}"
    return page


def main() -> None:
    """Update the page that the first argument names."""
    path = Path(sys.argv[1])
    write_text_atomically(path, updated(path.read_text(encoding="utf-8")))


if __name__ == "__main__":
    main()
