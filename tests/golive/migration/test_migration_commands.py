"""The commands on tables of one's own: what they print and write, and what they refuse."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from golive.cli.app import run

ROWS = "\n".join(
    ["item_number,description,list_price,status"]
    + [f"{n:08d},Bracket {n * 37 % 91} left,{n * 3 % 70}.{n % 100:02d},active" for n in range(80)]
)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "items.csv"
    path.write_text(ROWS.replace("00000007", "7").replace("Bracket 37", "=cmd|'/C x'!A0"))
    return path


def test_profile_says_what_is_wrong(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["migration", "profile", str(table)]) == 0
    text = capsys.readouterr().out
    assert "lost zeros" in text
    assert "formulas" in text
    assert run(["migration", "profile", str(table), "--json", "--sure", "0.9"]) == 0
    content = json.loads(capsys.readouterr().out)
    kinds = {one["kind"] for one in content[0]["tables"][0]["findings"]}
    assert {"lost zeros", "formulas"} <= kinds


def test_map_writes_a_mapping_and_learn_reads_it(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = table.read_bytes()
    mapping, known = tmp_path / "mapping.yaml", tmp_path / "known.yaml"
    assert run(["migration", "map", str(table), "--to", "items", "--out", str(mapping)]) == 0
    assert "item_number" in capsys.readouterr().out
    assert run(["migration", "learn", str(mapping), "--least", "1", "--out", str(known)]) == 0
    assert "1 mappings of 1 customers" in capsys.readouterr().out
    arguments = ["migration", "map", str(table), "--knowledge", str(known), "--json"]
    assert run(arguments) == 0
    content = json.loads(capsys.readouterr().out)
    assert "earlier customers have it so" in json.dumps(content)
    assert table.read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["map", "TABLE", "--to", "cars"], "expected one of"),
        (["map", "TABLE", "--out", "TABLE"], "overwrite the table"),
        (["map", "TABLE", "--sheet", "x"], "expected one of 'items'"),
        (["map", "absent.csv"], "there is no such file"),
        (["map"], "expected a table"),
        (["profile", "TABLE", "absent.csv"], "there is no such file"),
        (["learn", "TABLE", "--out", "k.yaml"], "TABLE"),
        (["learn", "m.yaml", "--out", "k.yaml"], "1 customers: expected at least 3"),
    ],
)
def test_wrong_input_is_one_line_and_leaves_nothing(
    table: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    words: str,
) -> None:
    monkeypatch.chdir(table.parent)
    text = (
        "golive_mapping: 1\nsource: {file: a, table: a, header_line: 1}\nto: items\n"
        "columns: [{header: a, column: weight}]\n"
    )
    (table.parent / "m.yaml").write_text(text)
    before = {path: path.read_bytes() for path in table.parent.iterdir()}
    given = [str(table) if one == "TABLE" else one for one in arguments]
    assert run(["migration", *given]) == 2
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1
    assert words.replace("TABLE", str(table)) in lines[0]
    assert {path: path.read_bytes() for path in table.parent.iterdir()} == before


def test_the_schema_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["migration", "map", "--schema"]) == 0
    assert "golive_mapping" in json.loads(capsys.readouterr().out)["properties"]
