"""The tables of ``docs/environment.md`` and ``docs/team.md``, made from the code.

``python -m golive.envs.implementation.documentation docs/environment.md`` brings the page up to
date, and the other one likewise; a test checks that they are.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from ...core.files import write_text_atomically
from ...sim.implementation.decision import NEUTRAL_DECISION
from ...sim.numbers import Column, Group, Transform
from ...sim.team_actions import TeamActions
from .actions import ACTION_NAMES, ACTION_SIZES, CHOICES, MASK_NAMES, encode_decision
from .encoding import GROUP_SLICES
from .features import GROUPS, OBSERVATION_NAMES, OBSERVATION_SIZE
from .rewards import PRESETS, RewardConfig
from .shaping import PotentialConfig
from .team import implementation_team

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


def team_table() -> str:
    """The team's roles: what each decides, and how much it sees."""
    team = implementation_team()
    silent, talking = (
        TeamActions(team, CHOICES, encode_decision(NEUTRAL_DECISION).tolist(), talk=talk)
        for talk in (False, True)
    )
    lines = [
        "| role | answers for | its part of the decision | actions (talking) | sees |",
        "|---|---|---|---|---|",
    ]
    for place, (role, seen) in enumerate(
        zip(team.roles, team.sight(OBSERVATION_NAMES), strict=True)
    ):
        owned = [
            name if choices is None else f"{name}: {', '.join(choices)}"
            for name, choices in role.owns.items()
        ]
        counts = f"{silent.roles[place].count} ({talking.roles[place].count})"
        of_all = f"{len(seen)} of {OBSERVATION_SIZE}"
        lines.append(f"| {role.name} | {role.does} | {'; '.join(owned)} | {counts} | {of_all} |")
    return "\n".join(lines)


def sight_table() -> str:
    """Groups of the observation, and which roles see all, some or none of each."""
    team = implementation_team()
    sight = team.sight(OBSERVATION_NAMES)
    lines = [
        "| group | " + " | ".join(team.names) + " |",
        "|---|" + "---|" * len(team.names),
    ]
    for group in GROUPS:
        part = GROUP_SLICES[group.name]
        size = part.stop - part.start
        cells = []
        for seen in sight:
            count = int(((seen >= part.start) & (seen < part.stop)).sum())
            cells.append("all" if count == size else str(count) if count else "")
        lines.append(f"| {group.name} ({size}) | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def message_table() -> str:
    """The kinds of messages, and who sends them."""
    team = implementation_team()
    lines = ["| message | says | figure | from |", "|---|---|---|---|"]
    for message in team.messages:
        senders = ", ".join(role.name for role in team.roles if message.name in role.says)
        figure = f"`{message.figure}`" if message.figure else ""
        lines.append(f"| {message.name} | {message.meaning} | {figure} | {senders} |")
    return "\n".join(lines)


TABLES = {
    "observation": observation_tables,
    "action": action_table,
    "reward": reward_table,
    "potential": potential_table,
}
"""Tables of ``docs/environment.md`` by the name that marks their place in it."""
TEAM_TABLES = {"team": team_table, "sight": sight_table, "messages": message_table}
"""Those of ``docs/team.md``."""


def updated(page: str, tables: Mapping[str, Callable[[], str]] = TABLES) -> str:
    """The page with every table between its marks made anew.

    Raises:
        ValueError: a table's marks are missing.
    """
    for name, make in tables.items():
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
    tables = TEAM_TABLES if path.name == "team.md" else TABLES
    write_text_atomically(path, updated(path.read_text(encoding="utf-8"), tables))


if __name__ == "__main__":
    main()
