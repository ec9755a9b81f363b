"""``golive scenario``: list, show, validate, generate scenarios, and print their schema."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..core.errors import GoliveError
from ..scenarios.implementation.vocabulary import Delivery, Industry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..scenarios.implementation.batch import Progress
    from ..scenarios.scenario import Scenario
    from ..scenarios.suite import Suite

app = typer.Typer(
    help="Scenarios: what is simulated. List, show, validate, generate.",
    no_args_is_help=True,
)

_JUDGED_FAILED = 1
_INTERRUPTED = 130
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]
NameOrFile = Annotated[str, typer.Argument(help="Name in the library, or path of a YAML file.")]


@app.command("list")
def list_all(*, as_json: AsJson = False) -> None:
    """List the scenarios and suites that come with golive."""
    import json

    from ..scenarios.loader import load_scenario, load_suite, scenario_names, suite_names

    scenarios = [load_scenario(name) for name in scenario_names()]
    suites = [load_suite(name) for name in suite_names()]
    if as_json:
        names = {"scenarios": scenario_names(), "suites": suite_names()}
        typer.echo(json.dumps(names, indent=2))
        return
    from rich.console import Console

    from .implementation.scenario_view import scenario_table, suite_table

    console = Console()
    console.print(scenario_table(scenarios))
    console.print(suite_table(suites))


@app.command()
def show(
    name: NameOrFile,
    *,
    seed: Annotated[
        int | None,
        typer.Option(help="Show the customer that this seed draws, not the reference customer."),
    ] = None,
    as_yaml: Annotated[
        bool, typer.Option("--yaml", help="Print YAML that can be edited and loaded again.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show a scenario or suite: customer, data, challenges, plan and family."""
    from ..scenarios.loader import load_any, load_suite, suite_names, to_yaml
    from ..scenarios.scenario import Scenario

    loaded = load_any(name)
    if isinstance(loaded, Scenario) and seed is not None:
        loaded = _drawn(loaded, seed)
    elif seed is not None:
        raise GoliveError(f"--seed: {name} is a suite: expected a scenario")
    if as_json:
        typer.echo(loaded.model_dump_json(indent=2))
    elif as_yaml:
        typer.echo(to_yaml(loaded), nl=False)
    else:
        _print(loaded)
        if isinstance(loaded, Scenario) and name in suite_names():
            typer.echo(f"There is also a suite {name}: {load_suite(name).title}.")


def _drawn(scenario: Scenario, seed: int) -> Scenario:
    """The scenario with the customer of a seed and no family around it."""
    from ..core.random_streams import SEED_LIMIT
    from ..scenarios.implementation.family import draw_customer
    from ..scenarios.implementation.scenario import Variation

    if not 0 <= seed < SEED_LIMIT:
        raise GoliveError(f"--seed: {seed}: expected 0 or more and below 2**64")
    return scenario.model_copy(
        update={"customer": draw_customer(scenario, seed), "variation": Variation()}
    )


def _print(loaded: Scenario | Suite) -> None:
    from rich.console import Console

    from ..scenarios.scenario import Scenario
    from .implementation.scenario_view import scenario_page, suite_table

    console = Console()
    if isinstance(loaded, Scenario):
        for part in scenario_page(loaded):
            console.print(part)
    else:
        console.print(suite_table([loaded]))


@app.command()
def validate(
    files: Annotated[
        list[str], typer.Argument(help="YAML files of scenarios or suites, or library names.")
    ],
) -> None:
    """Check scenario and suite files; exit with 1 if one is not valid, 2 if one is missing."""
    broken = missing = False
    for name in files:
        problems = _problems(name)
        for problem in problems:
            typer.echo(f"error: {problem}", err=True)
        broken |= bool(problems)
        missing |= bool(problems) and _is_path(name) and not Path(name).exists()
        if not problems:
            typer.echo(f"{name}: valid")
    if broken:
        raise typer.Exit(2 if missing else _JUDGED_FAILED)


def _is_path(name: str) -> bool:
    from ..scenarios.loader import scenario_names, suite_names

    return name not in scenario_names() and name not in suite_names()


def _problems(name: str) -> tuple[str, ...]:
    """What is wrong with a file, one line for each problem."""
    from ..core.problems import InvalidRecordError
    from ..scenarios.loader import load_any
    from ..scenarios.scenario import Scenario
    from ..sim.implementation.parameters import parameters_with

    try:
        loaded = load_any(name)
        if isinstance(loaded, Scenario):
            parameters_with(loaded.parameters)
    except InvalidRecordError as error:
        return error.problems
    except GoliveError as error:
        text = str(error)
        return (text if name in text else f"{name}: {text}",)
    return ()


@app.command()
def generate(
    *,
    industry: Annotated[Industry, typer.Option(help="Industry of the customers.")],
    out: Annotated[Path, typer.Option(help="Directory for the scenarios; made if need be.")],
    count: Annotated[int, typer.Option(help="How many scenarios.")] = 1,
    seed: Annotated[
        int, typer.Option(help="Seed of the first; each further one takes the next.")
    ] = 0,
    delivery: Annotated[Delivery, typer.Option(help="Who delivers.")] = Delivery.AGENTIC,
    names: Annotated[
        bool, typer.Option(help="Names and addresses in the language of each site's country.")
    ] = True,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with an interrupted generation in --out.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Overwrite scenarios that are there already.")
    ] = False,
) -> None:
    """Generate scenarios of an industry, one YAML file each, and the suite of them."""
    from ..scenarios.implementation.batch import SUITE, Batch, generate_batch

    batch = Batch(industry, count, seed, delivery, names)
    found = 0
    try:
        writing = generate_batch(batch, out, resume=resume, force=force)
        for progress in _with_bar(writing, count):
            found = progress.found
    except KeyboardInterrupt:
        typer.echo(
            f"interrupted: what is in {out} is whole; --resume goes on where it stopped", err=True
        )
        raise typer.Exit(_INTERRUPTED) from None
    there = f", {found} of them were there already" if found else ""
    typer.echo(f"{count} scenario{'s' if count > 1 else ''} in {out}{there}")
    typer.echo(f"Suite of them: {out / SUITE}")


def _with_bar(progresses: Iterator[Progress], total: int) -> Iterator[Progress]:
    import sys

    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    with Bar(
        TextColumn("Generating"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(file=sys.stderr),
    ) as bar:
        task = bar.add_task("", total=total)
        for progress in progresses:
            bar.update(task, completed=progress.done)
            yield progress


@app.command()
def schema(
    kind: Annotated[
        str, typer.Argument(help="scenario, suite or customer.", show_default=True)
    ] = "scenario",
    *,
    out: Annotated[Path | None, typer.Option(help="File to write to instead.")] = None,
) -> None:
    """Print the JSON Schema of scenario files, for editors and other programs."""
    import json

    from ..core.files import write_text_atomically
    from ..scenarios.implementation.schema import json_schema

    text = json.dumps(json_schema(kind), indent=2)
    if out is None:
        typer.echo(text)
    else:
        write_text_atomically(out, f"{text}\n")
        typer.echo(f"Schema: {out}", err=True)
