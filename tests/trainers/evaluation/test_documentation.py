"""The page on evaluation shows code that runs."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).parents[3] / "docs" / "evaluation.md"


def test_the_python_example_runs(capsys):
    code = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(code) == 1
    exec(compile(code[0].replace("episodes=20", "episodes=3"), str(PAGE), "exec"), {})
    assert "expert" in capsys.readouterr().out


def test_the_options_it_names_exist(capsys):
    from golive.cli.app import run

    run(["evaluate", "--help"])
    run(["train", "--help"])
    known = set(re.findall(r"--[a-z]+", capsys.readouterr().out))
    page, _, benchmark = PAGE.read_text(encoding="utf-8").partition("<!-- coverage:begin -->")
    named = set(re.findall(r"--[a-z]+", page + benchmark.partition("coverage:end -->")[2]))
    assert named <= known
