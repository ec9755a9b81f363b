"""``golive scenario``: list, show and validate scenarios, and print their schema."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer import Argument, Option

from ..core.errors import GoliveError
from ..core.tables import Column, Table
from ..core.worlds import DEFAULT_WORLD
from . import completion
from .exits import JUDGED_FAILED, WRONG_INPUT
from .options import AsJson, SchemaFile
from .output import complain, show, show_json, show_schema
from .world_view import WorldView, view_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..scenarios.scenario import Scenario
    from ..scenarios.suite import Suite

app = typer.Typer(
    help="Scenarios: what is simulated. List, show, validate, generate.", no_args_is_help=True
)

NameOrFile = Annotated[
    str,
    Argument(
        help="Name in the library, or path of a YAML file.",
        autocompletion=completion.scenarios_and_suites,
    ),
]
_MOST_SHOWN = 8


@app.command("list")
def list_all(*, as_json: AsJson = False) -> None:
    """List the scenarios and suites that come with golive and other packages."""
    from ..scenarios.loader import load_scenario, load_suite, scenario_names, suite_names

    scenarios = [load_scenario(name) for name in scenario_names()]
    suites = [load_suite(name) for name in suite_names()]
    if as_json:
        show_json({"scenarios": scenario_names(), "suites": suite_names()})
    else:
        show(*_scenario_tables(scenarios), _suite_table(suites))


@app.command("show")
def show_one(
    name: NameOrFile,
    *,
    seed: Annotated[
        int | None,
        Option(help="Show the customer that this seed draws, not the reference customer."),
    ] = None,
    as_yaml: Annotated[
        bool, Option("--yaml", help="Print YAML that can be edited and loaded again.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show a scenario or suite: customer, data, challenges, plan and family."""
    from ..scenarios.loader import load_any, load_suite, suite_names, to_yaml
    from ..scenarios.scenario import Scenario

    loaded: Any = load_any(name)
    is_scenario = isinstance(loaded, Scenario)
    if seed is not None:
        if not is_scenario:
            raise GoliveError(f"--seed: {name} is a suite: expected a scenario")
        loaded = _view(loaded).drawn(loaded, seed)
    if as_json:
        typer.echo(loaded.model_dump_json(indent=2))
    elif as_yaml:
        typer.echo(to_yaml(loaded), nl=False)
    elif is_scenario:
        show(*_view(loaded).scenario_page(loaded))
        if name in suite_names():
            typer.echo(f"There is also a suite {name}: {load_suite(name).title}.")
    else:
        show(_suite_table([loaded]))


@app.command()
def validate(
    files: Annotated[
        list[str],
        Argument(
            help="YAML files of scenarios or suites, or library names.",
            autocompletion=completion.scenarios_and_suites,
        ),
    ],
    *,
    as_json: AsJson = False,
) -> None:
    """Check scenario and suite files; exit with 1 if one is not valid, 2 if one is no file."""
    problems = [(name, _problems(name)) for name in files]
    for name, found in problems:
        for problem in found:
            complain(f"error: {problem}")
        if not found and not as_json:
            typer.echo(f"{name}: valid")
    if as_json:
        show_json([{"file": name, "problems": found} for name, found in problems])
    if any(found for _, found in problems):
        missing = any(
            found and _is_path(name) and not Path(name).is_file() for name, found in problems
        )
        raise typer.Exit(WRONG_INPUT if missing else JUDGED_FAILED)


@app.command()
def schema(
    kind: Annotated[
        str, Argument(help="scenario, suite or customer.", show_default=True)
    ] = "scenario",
    *,
    world: Annotated[
        str,
        Option(help="Name of the world whose files are meant.", autocompletion=completion.worlds),
    ] = DEFAULT_WORLD,
    out: SchemaFile = None,
) -> None:
    """Print the JSON Schema of scenario files, for editors and other programs."""
    from ..sim.worlds import world_kind

    show_schema(view_of(world_kind(world)).schema(kind), out)


def _view(scenario: Scenario) -> WorldView:
    from ..sim.worlds import kind_of

    return view_of(kind_of(scenario))


def _scenario_tables(scenarios: Iterable[Scenario]) -> Iterator[Table]:
    """One table for each world, with one line for each scenario."""
    by_world: dict[str, list[Scenario]] = {}
    for scenario in scenarios:
        by_world.setdefault(scenario.world, []).append(scenario)
    for world, found in by_world.items():
        view = _view(found[0])
        columns = (Column("scenario", wraps=False), "title", *view.scenario_columns)
        rows = [(one.name, one.title, *view.scenario_cells(one)) for one in found]
        title = "Scenarios" if len(by_world) == 1 else f"Scenarios of world {world}"
        yield Table(title, columns, rows)


def _suite_table(suites: Iterable[Suite]) -> Table:
    """One line for each suite."""
    rows = []
    for suite in suites:
        seeds = [f"{split}: {r.start:,} to {r.stop - 1:,}" for split, r in suite.splits.items()]
        shown = [name.rsplit("/", 1)[-1] for name in suite.scenarios[:_MOST_SHOWN]]
        more = len(suite.scenarios) - len(shown)
        if more:
            shown.append(f"and {more} more")
        rows.append((suite.name, suite.title, "\n".join(shown), "\n".join(seeds)))
    return Table("Suites", (Column("suite", wraps=False), "title", "scenarios", "seeds"), rows)


def _is_path(name: str) -> bool:
    from ..scenarios.loader import scenario_names, suite_names

    return name not in scenario_names() and name not in suite_names()


def _problems(name: str) -> tuple[str, ...]:
    """Name what is wrong with a file, one line for each problem."""
    from ..core.problems import InvalidRecordError
    from ..scenarios.loader import load_any
    from ..scenarios.scenario import Scenario

    try:
        loaded = load_any(name)
        if isinstance(loaded, Scenario):
            _view(loaded).check(loaded)
    except InvalidRecordError as error:
        return error.problems
    except GoliveError as error:
        text = str(error)
        return (text if name in text else f"{name}: {text}",)
    return ()
