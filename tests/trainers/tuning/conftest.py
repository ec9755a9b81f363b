"""Lets the tests of this folder train in the tiny world of the training's own tests."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "training"))
