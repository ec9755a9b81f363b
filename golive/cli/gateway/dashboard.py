"""``golive gateway dashboard``: a picture of a company's weeks under one router or several."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from ..options import LARGEST_SEED, AsJson, writable_file


def dashboard(
    routers: Annotated[list[str], Argument(metavar="ROUTER...", help="By name or file, up to 5.")],
    *,
    scenario: Annotated[str, Option(help="Scenario by name or file.")] = "office",
    weeks: Annotated[int | None, Option(min=1, help="Default: the scenario's.")] = None,
    seed: Annotated[int, Option(min=0, max=LARGEST_SEED, help="Of company and tasks.")] = 0,
    out: Annotated[
        Path, Option(metavar="FILE", help="Picture (PNG).", callback=writable_file)
    ] = Path("gateway.png"),
    as_json: AsJson = False,
) -> None:
    """Draw queues, cost, quality and trust over the weeks, each router with the same tasks."""
    from ...agents.gateway.kind import KIND
    from ...agents.registry import load_policy
    from ...core.errors import GoliveError
    from ...core.files import write_bytes_atomically
    from ...envs.gateway.dashboard import MOST_ROUTERS, dashboard_png
    from ...sim.episodes import run
    from ...trainers.gateway.experiment import scenario_of
    from ..output import show, show_json

    if len(set(routers)) < len(routers) or len(routers) > MOST_ROUTERS:
        raise GoliveError(f"ROUTER: expected up to {MOST_ROUTERS}, each another")
    found = scenario_of(scenario, weeks)
    policies = {name: load_policy(name, KIND) for name in routers}
    evenings = {}
    for name, policy in policies.items():
        world = run(KIND, policy, found, seed, record=True).world
        evenings[name] = world.ledger.evenings  # type: ignore[union-attr]
    title = f"{found.title}, company {seed}, {found.weeks} weeks"
    write_bytes_atomically(out, dashboard_png(evenings, title))
    if as_json:
        show_json({"picture": str(out), "routers": routers})
        return
    show(f"{out}: {', '.join(routers)}")
