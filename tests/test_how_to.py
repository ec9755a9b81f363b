"""What the pages "How to add a ..." show is done here, as somebody who reads them would."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
PAGES = sorted(path for path in (REPOSITORY / "docs/how-to").glob("add-*.md"))
BLOCK = re.compile(r"^```(\w+)(?: file=(\S+))?\n(.*?)^```", re.DOTALL | re.MULTILINE)
PAGE_OF_WORLDS = "add-a-world"
RUN_ALL = """
import json, sys
from golive.cli.app import run
for arguments in json.loads(sys.argv[1]):
    print("$ golive", *arguments, flush=True)
    assert run(arguments) == 0
"""


class Reader:
    """Somebody at a desk: a working directory, and packages installed beside golive's."""

    def __init__(self, desk: Path) -> None:
        self.desk = desk
        self.packages = desk / "packages"
        self.typed = ""
        (desk / "docs").mkdir()
        shutil.copytree(REPOSITORY / "docs/examples", desk / "docs/examples")

    def install(self, folder: str) -> None:
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
        options = ["--no-build-isolation", "--target", str(self.packages), "--upgrade"]
        self.call([*pip, *options, folder])

    def follow(self, language: str, file: str, text: str) -> None:
        """Do what a block of a page says."""
        if file:
            (self.desk / file).write_text(text, "utf-8")
            if file == "pyproject.toml":
                self.install(".")
        elif language == "python":
            self.typed += text  # a page is one session
            self.call([sys.executable, "-W", "error", "-c", self.typed])
        elif language == "console":
            self.commands([shlex.split(line.removeprefix("$ ")) for line in text.splitlines()])

    def commands(self, commands: list[list[str]]) -> None:
        """One after another; golive's in one process, which saves loading it for each."""
        ours = []
        for command in commands:
            if command[:2] == ["pip", "install"]:
                self.install(command[2])
            else:
                assert command[0] == "golive"
                ours.append(command[1:])
        self.call([sys.executable, "-c", RUN_ALL, json.dumps(ours)])

    def call(self, command: list[str]) -> str:
        paths = os.pathsep.join([str(self.packages), str(self.desk)])
        environment = {**os.environ, "PYTHONPATH": paths, "GOLIVE_CACHE": "off"}
        done = subprocess.run(
            command, cwd=self.desk, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{shlex.join(command)}\n{done.stdout}\n{done.stderr}"
        return done.stdout


@pytest.fixture
def reader(tmp_path) -> Reader:
    return Reader(tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("page", [path.stem for path in PAGES])
def test_who_follows_the_page_gets_there(reader, page):
    text = (REPOSITORY / f"docs/how-to/{page}.md").read_text("utf-8")
    for language, file, block in BLOCK.findall(text):
        reader.follow(language, file, block)


def test_the_page_of_worlds_goes_through_every_command():
    text = (REPOSITORY / f"docs/how-to/{PAGE_OF_WORLDS}.md").read_text("utf-8")
    for command in ("worlds", "check-world", "simulate", "train", "evaluate", "record", "gate"):
        assert f"$ golive {command}" in text


def test_the_example_world_is_small():
    """Small enough to be read at once: that is what it is for."""
    files = (REPOSITORY / "docs/examples/golive-queue").rglob("*.py")
    assert sum(len(file.read_text("utf-8").splitlines()) for file in files) < 400
