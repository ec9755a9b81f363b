"""The weights of the CRM agents' rules: logistic laws of signs, fitted on training seeds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray

from benchmarks.command import JsonOption, show
from golive.agents.gateway.crm import signs
from golive.core.files import write_text_atomically
from golive.scenarios.gateway.workflow_results import LossReason
from golive.sim.gateway.crm.database import TABLES, in_memory
from golive.sim.gateway.crm.generate import STAGES, generate
from golive.sim.gateway.crm.session import Reader, Session

SHIPPED_FILE = Path(signs.__file__).with_name("weights.yaml")
FIRST_TRAINING_SEED = 100_000
_RIDGE = 3.0
Sample = tuple[str, signs.Figures, bool]


def samples(seed: int) -> Iterator[Sample]:
    """Figures of all that is open in a database, and what becomes of it, by what it is of."""
    generated = generate(seed)
    crm, truth = in_memory(generated), generated.truth
    reader = Session(crm, lambda _: False).reader("fit", TABLES)
    for row in reader.rows("leads", status="new"):
        figures = signs.lead_dossier(reader, row["id"]).figures
        yield "lead", figures, truth.converts[row["id"]]
    for row in reader.rows("deals"):
        if row["stage"] in STAGES:
            figures = signs.deal_dossier(reader, row["id"]).figures
            yield "deal", figures, truth.wins[row["id"]]
            if not truth.wins[row["id"]]:
                for reason in LossReason:
                    yield str(reason), figures, truth.loss[row["id"]] is reason
    for company, leaves in truth.leaves.items():
        yield "customer", signs.customer_dossier(reader, company).figures, leaves
    yield from _people(reader, truth.decides)


def _people(reader: Reader, decides: dict[int, int]) -> Iterator[Sample]:
    for person in reader.rows("contacts"):
        figures = signs.contact_figures(person)
        yield "contact", figures, decides[person["company_id"]] == person["id"]


def fitted(rows: Sequence[signs.Figures], right: Sequence[bool]) -> signs.Figures:
    """Weights of a logistic law with a small ridge, by Newton's method."""
    names = list(rows[0])
    x = np.array([[1.0, *(row[name] for name in names)] for row in rows])
    y = np.array(right, dtype=np.float64)
    ridge = np.diag([0.0, *[_RIDGE] * len(names)])
    weights = np.zeros(x.shape[1])
    for _ in range(30):
        p: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-(x @ weights)))
        slope = x.T @ (p - y) + ridge @ weights
        weights -= np.linalg.solve((x * (p * (1.0 - p))[:, None]).T @ x + ridge, slope)
    return dict(zip(("start", *names), (round(float(one), 3) for one in weights), strict=True))


def worth_of_a_user(seeds: Sequence[int]) -> float:
    """USD a user of a lead in the middle, and of an employee for a deal: medians."""
    found = []
    for seed in seeds:
        generated = generate(seed)
        found += [
            generated.truth.lead_value_usd[row["id"]] / signs.users_of(row)
            for row in generated.tables["leads"]
        ]
    return round(float(np.median(found)), 1)


def command(
    databases: Annotated[int, typer.Option(min=4, help="Training databases.")] = 120,
    out: Annotated[Path, typer.Option(help="File of the weights.")] = SHIPPED_FILE,
    as_json: JsonOption = False,
) -> None:
    """Fit what signs are worth on training seeds, and write it."""
    seeds = range(FIRST_TRAINING_SEED, FIRST_TRAINING_SEED + databases)
    found: dict[str, tuple[list[signs.Figures], list[bool]]] = {}
    for seed in seeds:
        for of, figures, right in samples(seed):
            rows, truths = found.setdefault(of, ([], []))
            rows.append(figures)
            truths.append(right)
    laws: dict[str, Any] = {of: fitted(*pair) for of, pair in found.items()}
    laws["worth"] = {"usd_per_user": worth_of_a_user(seeds[:10])}
    lines = [
        "# What signs are worth to the CRM agents' rules, in logits; what they are: signs.py.",
        f"# Made by `python -m benchmarks.gateway.crm` from {databases} training databases.",
    ]
    for of, law in laws.items():
        inner = ", ".join(f"{name}: {value}" for name, value in law.items())
        lines.append(f"{of}: {{{inner}}}")
    write_text_atomically(out, "\n".join(lines) + "\n")
    show(laws, lines[2:], as_json)


if __name__ == "__main__":
    from benchmarks.command import start as begin

    begin("benchmarks.gateway.crm")
