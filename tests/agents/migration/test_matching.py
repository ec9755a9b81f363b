"""Mappings: proposals with reasons, what is left open, mapping files, knowledge without cells."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
import yaml

import golive.scenarios.migration
from golive.agents.migration.matching import match_table
from golive.agents.migration.matching_features import header_words
from golive.agents.migration.matching_file import (
    MappedColumn,
    MappingFile,
    SourceTable,
    read_mapping,
)
from golive.agents.migration.matching_knowledge import learn_knowledge, read_knowledge
from golive.agents.migration.matching_model import MatchingModel, shipped_model
from golive.agents.migration.matching_proposal import propose_file
from golive.core.errors import GoliveError
from golive.core.records import changed
from golive.core.yaml_reader import read_document
from golive.scenarios.loader import to_yaml
from golive.scenarios.migration.scenario import MigrationScenario
from golive.scenarios.migration.vocabulary import TableName
from golive.sim.migration.headers import HeaderSplit
from golive.sim.migration.target import TARGET
from golive.sim.migration.truth import Truth, make_truth

LIBRARY = Path(golive.scenarios.migration.__file__).parent / "library"


@cache
def truth() -> Truth:
    """A customer with headers that the shipped model has never seen."""
    scenario = MigrationScenario.read(read_document(LIBRARY / "knitting-data.yaml"))
    records = {kind: min(count, 150) for kind, count in scenario.customer.records.items()}
    scenario = changed(scenario, customer=changed(scenario.customer, records=records))
    return make_truth(scenario, 3_000_123, HeaderSplit.TEST)


def _right(path: Path, to: TableName | None, columns: tuple[str, ...]) -> tuple[int, int, int]:
    """Columns, those mapped, those mapped rightly."""
    found = propose_file(path, to)[0]
    mapped = [(a.column, b) for a, b in zip(found.columns, columns, strict=True) if a.column]
    return len(columns), len(mapped), len([1 for a, b in mapped if a == b])


def test_tables_of_an_unseen_customer_are_mapped_and_the_files_stay(tmp_path: Path) -> None:
    counts = [0, 0, 0]
    for file in truth().extracts.files:
        if len(file.sections) > 1:
            continue
        path = tmp_path / file.name
        path.write_bytes(file.data)
        origin = truth().extracts.origins[file.name, file.sections[0].name]
        for place, count in enumerate(_right(path, None, origin.columns)):
            counts[place] += count
        assert path.read_bytes() == file.data
    columns, mapped, right = counts
    assert columns > 60
    assert mapped >= 0.7 * columns
    assert right >= 0.95 * mapped


def test_a_column_is_mapped_once_and_what_is_not_sure_is_left_open() -> None:
    headers = ("item_number", "item number", "description", "qwertz")
    match = match_table(shipped_model(), headers, None, TableName.ITEMS)
    told = [one.column for one in match.matches if one.column]
    assert len(set(told)) == len(told)
    assert match.matches[2].column == "description"
    assert match.matches[3].confidence < 0.8 or not match.matches[3].column


def test_tables_of_another_world_are_left_open(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = [f"{n * 7 % 50},{n % 3 * 0.37:.4f},{'lion' if n % 2 else 'owl'}" for n in range(200)]
    path.write_text("\n".join(["wing,p,species", *rows]))
    found = propose_file(path)[0]
    assert [one.column for one in found.columns] == [None, None, None]
    assert all(one.reasons[0].startswith("open") for one in found.columns)


def test_a_proposal_is_a_mapping_file_that_can_be_read_again(tmp_path: Path) -> None:
    file = next(one for one in truth().extracts.files if one.name.startswith("costs"))
    path = tmp_path / file.name
    path.write_bytes(file.data)
    found = propose_file(path, TableName.COSTS)[0]
    out = tmp_path / "mapping.yaml"
    out.write_text(to_yaml(found), encoding="utf-8")
    assert read_mapping(out) == found
    assert set(found.missing) == set(TARGET[TableName.COSTS].names) - {
        one.column for one in found.columns
    }
    assert all(one.reasons for one in found.columns)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"to": "cars"}, "to"),
        ({"columns": []}, "columns"),
        ({"columns": [{"header": "a", "column": "wheel"}]}, "no column of costs"),
        ({"columns": [{"header": a, "column": "material_cost"} for a in "ab"]}, "mapped 2 times"),
        ({"colour": "red"}, "colour"),
        ({"confidence": 2.0}, "confidence"),
    ],
)
def test_wrong_mapping_files_are_refused(
    tmp_path: Path, change: dict[str, object], words: str
) -> None:
    content: dict[str, object] = {
        "golive_mapping": 1,
        "source": {"file": "a.csv", "table": "a", "header_line": 1},
        "to": "costs",
        "columns": [{"header": "a", "column": "material_cost"}],
    }
    path = tmp_path / "mapping.yaml"
    path.write_text(yaml.safe_dump(content))
    read_mapping(path)
    path.write_text(yaml.safe_dump({**content, **change}))
    with pytest.raises(GoliveError, match=words):
        read_mapping(path)


def test_header_words_are_split_where_people_write_them_together() -> None:
    assert header_words("CustomerNumber") == ["customer", "number"]
    assert header_words("tblItem_BASE_UNIT") == ["tbl", "item", "base", "unit"]
    assert header_words("Straße/Größe") == ["strae", "groe"]


def test_a_saved_model_says_the_same_within_its_rounding(tmp_path: Path) -> None:
    model = shipped_model()
    model.save(tmp_path / "m.npz")
    assert isinstance(model, MatchingModel)
    again = (tmp_path / "m.npz").stat().st_size
    assert 20_000 < again < 400_000


PLANTED = "Zyxwvut-Planted-4711"


def _mapping(number: int, header: str, column: str = "credit_limit") -> MappingFile:
    return MappingFile(
        source=SourceTable(file=f"{PLANTED}-{number}.csv", table=PLANTED, header_line=1),
        to=TableName.CUSTOMERS,
        columns=(
            MappedColumn(header=header, column=column, reasons=(PLANTED,)),
            MappedColumn(header=f"{chr(97 + number) * 5} {PLANTED}"[: 6 + number], column="city"),
            MappedColumn(header="left open", column=None),
        ),
    )


def test_knowledge_holds_what_enough_mappings_share_and_nothing_of_one_customer(
    tmp_path: Path,
) -> None:
    mappings = {f"{PLANTED}/{number}": [_mapping(number, "Oberkante")] for number in range(3)}
    # A customer with many mappings of its own is still one customer.
    mappings["rare"] = [_mapping(number, "Seltenheit") for number in range(9)]
    known = learn_knowledge(mappings, least=3)
    assert known.whole == {"oberkante": {"credit_limit": 3}}
    text = to_yaml(known)
    for secret in ("zyxwvut", "planted", "seltenheit", "left", ".csv"):
        assert secret not in text.lower()
    path = tmp_path / "known.yaml"
    path.write_text(text, encoding="utf-8")
    assert read_knowledge(path) == known


def test_cells_never_reach_a_knowledge_file(tmp_path: Path) -> None:
    """Tables whose every cell is unlike any other are mapped, learned from, and looked for."""
    mappings = []
    planted: set[str] = set()
    for number in range(4):
        rows = ["customer_number,name,city"]
        for row in range(30):
            cells = [f"{word}{number}q{row}x" for word in ("Cust", "Nam", "Cit")]
            planted.update(cells)
            rows.append(",".join(cells))
        path = tmp_path / f"{number}.csv"
        path.write_text("\n".join(rows))
        mappings.append(propose_file(path, TableName.CUSTOMERS, sure=0.0)[0])
    known = learn_knowledge({"a": mappings}, 1)
    everything = "".join(to_yaml(one) for one in mappings) + to_yaml(known)
    assert not [one for one in planted if one.lower() in everything.lower()]
    assert "customernumber" in everything


def test_knowledge_maps_headers_that_the_model_does_not_know() -> None:
    mappings = {str(number): [_mapping(number, "Oberkante")] for number in range(5)}
    known = learn_knowledge(mappings, least=3)
    headers = ["Oberkante", "street", "city"]
    before = match_table(shipped_model(), headers, None, TableName.CUSTOMERS)
    after = match_table(shipped_model(), headers, None, TableName.CUSTOMERS, known.logs(headers))
    assert after.matches[0].column == "credit_limit"
    gained = after.matches[0].confidence
    assert gained > (
        before.matches[0].confidence if before.matches[0].column == "credit_limit" else 0
    )
    assert after.matches[1].column == "street"


def test_knowledge_below_its_own_least_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "k.yaml"
    content = {
        "golive_mapping_knowledge": 1,
        "customers": 5,
        "least": 3,
        "whole": {"a": {"city": 1}},
        "words": {},
    }
    path.write_text(yaml.safe_dump(content))
    with pytest.raises(GoliveError, match="at least 3"):
        read_knowledge(path)
