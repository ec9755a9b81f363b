"""``golive migration feed``: an implementation's customer after its data was migrated."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from typer import Argument, Option

from ...core.tables import Column, Table, right
from ..options import AsJson, writable_file
from ..output import show, show_json


def feed(
    scenario: Annotated[
        str, Argument(help="Implementation, by name or file, whose customer's data is migrated.")
    ],
    *,
    out: Annotated[
        Path,
        Option(metavar="FILE", help="Write the implementation here.", callback=writable_file),
    ],
    policy: Annotated[str, Option(help="Policy that migrates.")] = "expert",
    seed: Annotated[int, Option(min=0, help="Of the migration.")] = 0,
    difficulty: Annotated[int, Option(min=1, max=5, help="Of its data.")] = 3,
    as_json: AsJson = False,
) -> None:
    """Migrate the data of an implementation's customer, and write the implementation after it.

    Its rates of errors are those that the migration leaves; `golive simulate FILE` plays it.
    """
    from ...agents.registry import load_policy
    from ...core.errors import GoliveError
    from ...scenarios.loader import load_scenario, save_yaml
    from ...scenarios.migration.scenario import scenario_from_facts
    from ...sim.episodes import run
    from ...sim.migration.feeding import errors_left, facts_after
    from ...sim.migration.world import MigrationWorld
    from ...sim.worlds import world_kind

    found = load_scenario(scenario)
    facts = found.model_dump(mode="json").get("customer")
    if found.world == "migration" or not isinstance(facts, dict):
        raise GoliveError(f"scenario: {found.name}: expected one with a customer to go live")
    kind = world_kind("migration")
    migration = scenario_from_facts(f"{found.name}-data", facts, difficulty)
    episode = run(kind, load_policy(policy, kind), migration, seed, record=True)
    if not isinstance(episode.world, MigrationWorld):
        raise GoliveError("the migration was not recorded")
    card = episode.world.scorecard()
    left = errors_left(episode.world.ground)
    after = facts_after(facts, left, mock_loads=card.mock_loads)
    plain = {**found.model_dump(mode="json"), "customer": after}
    save_yaml(type(found).model_validate(plain), out)
    if as_json:
        show_json({"scorecard": card.as_dict(), "errors_left": left})
    else:
        rows = [(name.value, f"{100.0 * share:.0f} %") for name, share in left.items()]
        title = f"Errors left by {policy} (migration score {card.migration_score:.2f})"
        show(Table(title, (Column("data"), right("left")), rows))
    typer.echo(f"Implementation: {out}", err=True)
