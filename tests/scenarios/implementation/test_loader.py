"""Files load as what was saved, and each bad file is refused in one precise line."""

from __future__ import annotations

from pathlib import Path

import pytest
from scenario_examples import small_scenario

from golive.core.errors import GoliveError
from golive.core.problems import InvalidRecordError
from golive.scenarios.implementation.scenario import ImplementationScenario
from golive.scenarios.loader import (
    load_any,
    load_scenario,
    load_suite,
    load_suite_split,
    save_yaml,
    scenario_names,
    to_yaml,
)
from golive.scenarios.suite import Split, Suite
from golive.sim.worlds import world_kind

FURNITURE = (world_kind("implementation").library / "furniture.yaml").read_text(encoding="utf-8")


def _write(directory: Path, text: str, name: str = "bad.yaml") -> Path:
    path = directory / name
    path.write_text(text, encoding="utf-8")
    return path


def _edited(directory: Path, old: str, new: str) -> Path:
    assert old in FURNITURE
    return _write(directory, FURNITURE.replace(old, new, 1))


def _line_of(path: Path, text: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if text in line)


def _refusal(path: Path) -> str:
    with pytest.raises(GoliveError) as caught:
        load_scenario(path)
    message = str(caught.value)
    assert message.startswith(str(path))
    assert "\n" not in message
    return message.removeprefix(str(path))


@pytest.mark.parametrize("name", scenario_names())
def test_a_saved_scenario_loads_as_an_equal_one(name: str, tmp_path: Path) -> None:
    scenario = load_scenario(name)
    save_yaml(scenario, tmp_path / "a.yaml")
    assert load_scenario(tmp_path / "a.yaml") == scenario
    assert load_scenario(str(tmp_path / "a.yaml")) == scenario


@pytest.mark.parametrize(
    "title", ["no", "1e6", "12:30", "2024-01-01", "007", "null", "~", "a: b", "#x", "1_0", ".5"]
)
def test_text_that_looks_like_something_else_stays_text(title: str, tmp_path: Path) -> None:
    scenario = small_scenario(title=title)
    save_yaml(scenario, tmp_path / "a.yaml")
    assert load_scenario(tmp_path / "a.yaml").title == title


def test_norway_is_a_country(tmp_path: Path) -> None:
    path = _edited(tmp_path, "country: US", "country: NO")
    assert load_scenario(path).customer.sites[0].country == "NO"


FIELDS: dict[str, tuple[str, str, str, str]] = {
    # case: (text replaced, by what, text on the line blamed, what is said)
    "missing": (
        "  complexity: 6\n",
        "",
        "customer:",
        "customer.complexity: missing: expected Complexity of the business, 1..10",
    ),
    "unknown": (
        "  trust: 0.62",
        "  trust: 0.62\n  stafff: 3",
        "stafff",
        "customer.stafff: unknown field: expected one of name, industry",
    ),
    "misspelt": (
        "stock_locations: 3",
        "stock_locations: 3\n    machnes: 4",
        "machnes",
        "customer.product.machnes: unknown field: did you mean machines?",
    ),
    "above range": (
        "complexity: 6",
        "complexity: 16",
        "complexity: 16",
        "customer.complexity: 16: expected less than or equal to 10",
    ),
    "below range": (
        "data_quality: 0.65",
        "data_quality: 0.2",
        "data_quality: 0.2",
        "customer.data_quality: 0.2: expected greater than or equal to 0.3",
    ),
    "text for a number": (
        "employees: 150",
        "employees: many",
        "employees: many",
        "customer.employees: 'many': expected a whole number",
    ),
    "a number for text": (
        "name: Grand Rapids",
        "name: 5",
        "name: 5",
        "customer.sites[0].name: 5: expected text (Name of the site, unique within the customer): "
        "put it in quotes",
    ),
    "text for a list": (
        "workstreams: [discovery]",
        "workstreams: discovery",
        "workstreams: discovery",
        "plan.phases[0].workstreams: 'discovery': expected a list",
    ),
    "a list for a mapping": (
        "  product:\n",
        "  product: [1]\n  other:\n",
        "product: [1]",
        "customer.product: [1]: expected a mapping of fields",
    ),
    "not a number": (
        "trust: 0.62",
        "trust: .nan",
        "trust: .nan",
        "customer.trust: nan: expected a finite number",
    ),
    "an unknown word": (
        "kind: cad",
        "kind: cda",
        "kind: cda",
        "customer.legacy_systems[2].kind: 'cda': expected 'spreadsheet'",
    ),
    "an unknown key": (
        "{missing_bom: 0.15",
        "{mising_bom: 0.15",
        "mising_bom",
        "customer.data_objects[1].error_rates.mising_bom: 'mising_bom': expected 'duplicate'",
    ),
    "an unknown effect": (
        "effect: data_errors",
        "effect: data_error",
        "effect: data_error",
        "customer.challenges[0].effect: 'data_error': expected one of work, data_errors, "
        "requirement, acceptance_check, quick_win: did you mean data_errors?",
    ),
    "no effect": (
        "      effect: data_errors\n",
        "",
        "- name: Inconsistent product naming",
        "customer.challenges[0].effect: missing: expected one of work",
    ),
    "a field within a challenge": (
        "question_probability: 0.50",
        "question_probability: 1.50",
        "question_probability: 1.50",
        "customer.challenges[1].question_probability: 1.5: expected less than or equal to 1",
    ),
    "a contradiction": (
        "employees: 150",
        "employees: 151",
        "employees: 151",
        "customer.employees: 151: expected the sum of the sites' employees, 150",
    ),
    "a contradiction further down": (
        "depends_on: CAD drawings to items and BOMs",
        "depends_on: CAD",
        "depends_on: CAD}",
        "customer.interfaces[1].depends_on: 'CAD': expected the name of another interface",
    ),
    "a time zone that is none": (
        "time_zone: America/Detroit",
        "time_zone: Detroit",
        "time_zone: Detroit",
        "customer.sites[0].time_zone: 'Detroit': expected an IANA time zone",
    ),
    "another version": (
        "schema_version: 1",
        "schema_version: 2",
        "schema_version: 2",
        "schema_version: 2: expected 1",
    ),
    "a field given twice": (
        "  trust: 0.62\n",
        "  trust: 0.62\n  trust: 0.6\n",
        "trust: 0.6\n".strip(),
        "customer.trust: the field is given twice",
    ),
}


@pytest.mark.parametrize("case", FIELDS)
def test_a_bad_field_is_named_with_its_line_value_and_what_was_expected(
    case: str, tmp_path: Path
) -> None:
    old, new, blamed, said = FIELDS[case]
    path = _edited(tmp_path, old, new)
    message = _refusal(path)
    assert said in message
    if case != "a field given twice":
        assert message.startswith(f":{_line_of(path, blamed)}: ")


def test_a_field_given_twice_is_blamed_on_the_second(tmp_path: Path) -> None:
    path = _write(tmp_path, "name: a\ntitle: b\nname: c\n")
    assert _refusal(path) == ":3: name: the field is given twice"


def test_all_problems_are_kept_and_the_message_counts_them(tmp_path: Path) -> None:
    path = _edited(tmp_path, "complexity: 6", "complexity: 16\n  colour: red")
    with pytest.raises(InvalidRecordError) as caught:
        load_scenario(path)
    assert str(caught.value).endswith("(and 1 more problem)")
    assert [p.split(": ")[1] for p in caught.value.problems] == [
        "customer.complexity",
        "customer.colour",
    ]


BILLION_LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(9)
)

FILES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", ": the file is empty: expected a mapping"),
    "only a comment": (b"# nothing\n", ": the file is empty"),
    "a list": (b"- 1\n", ":1: expected a mapping of fields to values, found a list"),
    "a scalar": (b"hello", ":1: expected a mapping of fields to values, found the value 'hello'"),
    "two documents": (b"a: 1\n---\nb: 2\n", ":2: not valid YAML"),
    "broken YAML": (b"a: [1,\nb: 2", ": not valid YAML"),
    "a tab for indentation": (b"a:\n\tb: 1", ":2: not valid YAML"),
    "latin-1": ("name: a\ntitle: Möbel".encode("latin-1"), ":2: byte 0xf6 is not UTF-8"),
    "UTF-16": ("name: a".encode("utf-16"), ":1: byte 0xff is not UTF-8"),
    "a null byte": (b"name: a\x00b", ": not valid YAML"),
    "an alias to nothing": (b"a: *x", ":1: not valid YAML"),
    "an alias to itself": (b"a: &a [*a]", ": nested too deeply: expected at most 40 levels"),
    "deep nesting": (b"[" * 100_000, ":1: nested too deeply"),
    "closed deep nesting": (b"a: " + b"[" * 500 + b"]" * 500, ":1: nested too deeply"),
    "a bomb of aliases": (BILLION_LAUGHS.encode(), "the file expands to too much"),
    "too many bytes": (b"a: " + b"x" * 4_000_001, ": the file is too big"),
    "a Python object": (b"a: !!python/object:os.system x", ":1: a: the tag"),
    "a list as a key": (b"? [1]\n: 2", ":1: expected text as field name, found a list"),
    "an enormous number": (b"a: " + b"9" * 5_000, ":1: a: a number of 5000 characters"),
}


@pytest.mark.parametrize("case", FILES)
def test_a_file_that_is_no_scenario_is_refused_in_one_line(case: str, tmp_path: Path) -> None:
    data, said = FILES[case]
    path = tmp_path / "bad.yaml"
    path.write_bytes(data)
    assert said in _refusal(path)


def test_a_byte_order_mark_is_no_problem(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + FURNITURE.encode())
    assert load_scenario(path) == load_scenario("furniture")


def test_anchors_within_the_limits_are_allowed(tmp_path: Path) -> None:
    text = FURNITURE.replace("workstreams: [discovery]", "workstreams: &first [discovery]").replace(
        "workstreams: [testing, training, cutover]", "workstreams: *first"
    )
    scenario = load_scenario(_write(tmp_path, text))
    assert scenario.plan.phases[3].workstreams == scenario.plan.phases[0].workstreams


def test_a_missing_file_and_a_directory_are_refused(tmp_path: Path) -> None:
    assert _refusal(tmp_path / "none.yaml") == ": there is no such file"
    assert "found a directory" in _refusal(tmp_path)


def test_an_unknown_name_is_refused_with_a_guess() -> None:
    with pytest.raises(GoliveError, match="'furnitur': no such scenario: did you mean furniture"):
        load_scenario("furnitur")
    with pytest.raises(GoliveError, match="'furnitur': no such suite: did you mean furniture"):
        load_suite("furnitur")


def test_a_scenario_can_share_the_customer_of_another_file(tmp_path: Path) -> None:
    _write(tmp_path, to_yaml(small_scenario()), "first.yaml")
    plan = to_yaml(small_scenario().plan).replace("\n", "\n  ")
    text = f"name: second\ntitle: Second\ncustomer: first.yaml\nplan:\n  {plan}"
    second = load_scenario(_write(tmp_path, text, "second.yaml"))
    assert second.customer == small_scenario().customer


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("furniture-conventional", "expected a scenario that holds its customer itself"),
        ("furnitur", "no such scenario: did you mean furniture?"),
        ("none.yaml", "there is no such file beside it"),
        ("bad.yaml", "expected a scenario that holds its customer itself"),
    ],
)
def test_a_reference_to_a_customer_that_is_not_there_is_refused(
    reference: str, said: str, tmp_path: Path
) -> None:
    path = _write(tmp_path, f"name: a\ntitle: A\ncustomer: {reference}\n")
    message = _refusal(path)
    assert message.startswith(f":3: customer: '{reference}': ")
    assert said in message


SUITE = """name: mine
title: Mine
scenarios: [{entry}]
splits:
  train: {{start: 0, stop: 10}}
  test: {{start: {start}, stop: 20}}
"""


def test_a_suite_finds_scenarios_beside_it(tmp_path: Path) -> None:
    _write(tmp_path, to_yaml(small_scenario()), "small.yaml")
    suite = load_suite(_write(tmp_path, SUITE.format(entry="small.yaml", start=10)))
    assert load_scenario(suite.scenarios[0]) == small_scenario()


def test_a_suite_whose_splits_overlap_is_refused_with_both_ranges(tmp_path: Path) -> None:
    path = _write(tmp_path, SUITE.format(entry="furniture", start=9))
    with pytest.raises(GoliveError) as caught:
        load_suite(path)
    assert str(caught.value) == (
        f"{path}:4: splits: train [0, 10) and test [9, 20) overlap: "
        "expected seed ranges that never meet"
    )


def test_a_suite_of_scenarios_that_are_not_there_is_refused(tmp_path: Path) -> None:
    path = _write(tmp_path, SUITE.format(entry="none.yaml", start=10))
    with pytest.raises(GoliveError, match=r"bad.yaml:3: scenarios: 'none.yaml': there is no such"):
        load_suite(path)


def test_a_suite_and_its_split_can_be_named_in_one_word() -> None:
    suite, split = load_suite_split("furniture-test")
    assert (suite.name, split) == ("furniture", Split.TEST)
    assert load_suite_split("furniture-conventional-train")[1] is Split.TRAIN
    assert load_suite_split("furniture-conventional")[0].name == "furniture-conventional"


def test_a_split_that_a_suite_does_not_have_is_refused(tmp_path: Path) -> None:
    path = _write(tmp_path, SUITE.format(entry="furniture", start=10))
    assert load_suite_split(f"{path}:train")[1] is Split.TRAIN
    with pytest.raises(GoliveError, match="split 'validation': expected one of train, test"):
        load_suite_split(f"{path}:validation")


def test_a_file_is_taken_for_what_it_holds(tmp_path: Path) -> None:
    assert isinstance(load_any("furniture"), ImplementationScenario)
    assert isinstance(load_any("industries"), Suite)
    path = _write(tmp_path, SUITE.format(entry="furniture", start=10))
    assert isinstance(load_any(path), Suite)
