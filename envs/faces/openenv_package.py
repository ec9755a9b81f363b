"""The folder of an OpenEnv package for a world; all that it does is in golive, it only names it."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from ...core.errors import GoliveError
from ...core.files import reason
from ...core.worlds import DEFAULT_WORLD
from ...scenarios.loader import scenario_names
from ...sim.words import ADVANCE, LOOK
from ...sim.worlds import world_kind
from ..tool_session import ToolSession
from .openenv_tasks import seeds_of_splits
from .openenv_wire import model_prefix, package_name


def write_package(
    out: Path | None = None,
    scenario: str | None = None,
    *,
    world: str = DEFAULT_WORLD,
    reward: str | None = None,
) -> Path:
    """Write the package of a world, whole or not at all.

    Args:
        out: a folder that is new or empty; None: ``golive_`` and the scenario's name, here.
        scenario: of the library, so that others have it too; None: the world's first.
        world: its name.
        reward: a preset with bounds; None: the world's first that has them.

    Returns:
        The folder.

    Raises:
        GoliveError: an argument is wrong, or the folder cannot be written.
    """
    kind = world_kind(world)
    scenario = kind.default_scenario if scenario is None else scenario
    if scenario not in scenario_names():
        raise GoliveError(
            f"scenario: {scenario!r}: expected one of the library, which others have too: "
            f"{', '.join(scenario_names())}"
        )
    bounds = kind.reward_language.bounds
    chosen = next(iter(bounds), "") if reward is None else reward
    if chosen not in bounds:
        known = ", ".join(bounds) or "none, so OpenEnv's range of rewards cannot be declared"
        raise GoliveError(f"reward: {chosen!r}: expected a preset of {world} with bounds: {known}")
    session = ToolSession(scenario, world=kind, reward=chosen)
    splits = seeds_of_splits(kind, scenario)
    name = package_name(scenario)
    low, high = bounds[chosen]
    tools = [tool.name for tool in session.tools]
    words = {
        "NAME": name,
        "SCENARIO": scenario,
        "WORLD": kind.name,
        "MODEL": model_prefix(kind),
        "TITLE": session.environment.scenario.title,
        "WHAT": kind.title,
        "REWARD": chosen,
        "LOW": f"{low:g}",
        "HIGH": f"{high:g}",
        "VERSION": version("golive"),
        "EXPERT": kind.expert,
        "TOOLS": ", ".join(tools),
        "COUNTS": ", ".join(f"{split}: {len(seeds)}" for split, seeds in splits.items()),
        "FIRST": str(next(iter(splits.values())).start),
        "SPLITS": "".join(
            f'    "{split}": ({seeds.start}, {seeds.stop}),\n' for split, seeds in splits.items()
        ),
        "RANGES": "\n".join(
            f"| {split} | {len(seeds):,} | {seeds.start} to {seeds.stop - 1} |"
            for split, seeds in splits.items()
        ),
    }
    files = {_filled(path, words): _filled(text, words) for path, text in _FILES.items()}
    files["validation/runtime.json"] = json.dumps(_probe(words), indent=2) + "\n"
    return _written(Path(name) if out is None else out, files)


def _probe(words: Mapping[str, str]) -> dict[str, object]:
    """What OpenEnv's own checks play: a look, some time, and a call that is refused."""
    calls = [(LOOK, {}), (ADVANCE, {}), (ADVANCE, {"times": 5}), ("no_such_tool", {})]
    return {
        "plan_schema_version": "1",
        "reset": {"episode_id": "probe", "seed": int(words["FIRST"]), "options": {}},
        "actions": [{"tool": tool, "arguments": given} for tool, given in calls],
    }


def _filled(text: str, words: Mapping[str, str]) -> str:
    for name, word in words.items():
        text = text.replace(f"@{name}@", word)
    return text


def _written(out: Path, files: Mapping[str, str]) -> Path:
    """Write files beside the folder, and then put them in its place."""
    try:
        if out.exists() and (not out.is_dir() or any(out.iterdir())):
            raise GoliveError(f"{out}: is there already: expected a folder that is new or empty")
        new = [parent for parent in out.absolute().parents if not parent.exists()]
        out.parent.mkdir(parents=True, exist_ok=True)
        try:
            with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.") as part:
                made = Path(part) / "package"
                for path, text in files.items():
                    (made / path).parent.mkdir(parents=True, exist_ok=True)
                    (made / path).write_text(text, encoding="utf-8")
                if out.exists():
                    out.rmdir()
                made.rename(out)
        except BaseException:
            for parent in new:
                parent.rmdir()
            raise
    except OSError as error:
        raise GoliveError(f"{out}: cannot be written: {reason(error)}") from None
    return out


_FILES = {
    "openenv.yaml": """\
spec_version: 1
name: @NAME@
version: @VERSION@
type: space
runtime: fastapi
app: server.app:app
port: 8000
validation:
  reward:
    range: [@LOW@, @HIGH@]  # of an episode, under the reward "@REWARD@"
    oracle_tolerance: 0.0
    floor_margin: 0.1
  resources: {cpu: 1.0, memory_mb: 1024, disk_mb: 2048, episode_timeout_s: 3600.0}
  capabilities:
    verifier: {kind: reward_channel}
    # No oracle: the best that can be had differs from episode to episode and is below the range's
    # end, and no policy is known to have it. The bar is golive's `@EXPERT@`.
    set_state: false
    llm_judged: false
    rubric_tree: true
    task_api: true
    declared_tools: [@TOOLS@]
    declared_task_count: {@COUNTS@}
  task_distribution: {generator_seed: @FIRST@, dataset_version: golive-@VERSION@/@SCENARIO@}
  network: {mode: no-network}
  execution: {kind: openenv_ws, probe_path: validation/runtime.json, dockerfile: server/Dockerfile}
  types:
    tags: [business, simulation, long-horizon, tool-use]
""",
    "__init__.py": '''\
"""@TITLE@, an OpenEnv environment of golive."""

from .client import @MODEL@Env
from .models import @MODEL@Action, @MODEL@Observation, @MODEL@State

__all__ = ["@MODEL@Action", "@MODEL@Env", "@MODEL@Observation", "@MODEL@State"]
''',
    "models.py": '''\
"""What goes over the wire: calls of the world's tools, and their answers."""

from golive.envs.faces.openenv_wire import world_models

@MODEL@Action, @MODEL@Observation, @MODEL@State = world_models("@WORLD@")
''',
    "client.py": '''\
"""A client; each has an episode of its own."""

from golive.envs.faces.openenv_wire import WorldClient
from openenv.core import EnvClient

from .models import @MODEL@Observation, @MODEL@State


class @MODEL@Env(WorldClient, EnvClient):
    """Plays over a connection that is kept open."""

    observation_class, state_class = @MODEL@Observation, @MODEL@State
''',
    "server/__init__.py": '"""The server."""\n',
    "server/@NAME@_environment.py": '''\
"""The environment: a world, a scenario, a reward, and the seeds of its tasks."""

import os

from golive.envs.faces.openenv import world_environment

SPLITS = {
@SPLITS@}
"""First seed of each split, and the one after its last."""

@MODEL@Environment = world_environment(
    "@SCENARIO@",
    world="@WORLD@",
    reward="@REWARD@",
    splits=SPLITS,
    store=os.environ.get("GOLIVE_EPISODES"),
)
''',
    "server/app.py": '''\
"""The application: `uvicorn server.app:app`, or the script `server`."""

import os
from pathlib import Path

from golive.envs.faces.openenv_server import serve_arguments, world_app

try:
    from .@NAME@_environment import @MODEL@Environment
except ImportError:  # started in this folder, as OpenEnv's images do
    from server.@NAME@_environment import @MODEL@Environment

os.environ.setdefault("ENV_README_PATH", str(Path(__file__).parents[1] / "README.md"))
app = world_app(@MODEL@Environment, "@NAME@")


def main() -> None:
    """Serve at the address that the arguments say."""
    serve_arguments(app)


if __name__ == "__main__":
    main()
''',
    "server/requirements.txt": "golive[openenv]==@VERSION@\n",
    "server/Dockerfile": """\
FROM python:3.12-slim
# Where golive comes from: the index, a wheel in this folder or a URL.
ARG GOLIVE="golive[openenv]==@VERSION@"
WORKDIR /app/env
COPY . /app/env
RUN pip install --no-cache-dir "$GOLIVE" && pip install --no-cache-dir --no-deps .
ENV GOLIVE_EPISODES=/episodes
VOLUME /episodes
EXPOSE 8000
HEALTHCHECK CMD python -c "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/health')"
CMD ["server", "--host", "0.0.0.0"]
""",
    "pyproject.toml": """\
[build-system]
requires = ["setuptools>=77"]
build-backend = "setuptools.build_meta"

[project]
name = "openenv-@NAME@"
version = "@VERSION@"
description = "@TITLE@, an OpenEnv environment of golive"
requires-python = ">=3.11"
dependencies = ["golive[openenv]==@VERSION@"]

[project.scripts]
server = "@NAME@.server.app:main"

[tool.setuptools]
packages = ["@NAME@", "@NAME@.server"]
package-dir = { "@NAME@" = ".", "@NAME@.server" = "server" }
""",
    "README.md": """\
---
title: @TITLE@
sdk: docker
app_port: 8000
base_path: /web
tags: [openenv]
---

# @TITLE@

@WHAT@. An OpenEnv environment whose actions are calls of the tools @TOOLS@.

```python
from @NAME@ import @MODEL@Action, @MODEL@Env

with @MODEL@Env(base_url="http://127.0.0.1:8000").sync() as env:
    result = env.reset(split="train", index=0)
    print(result.observation.instructions, result.observation.text)
    while not result.done:
        result = env.step(@MODEL@Action(tool="advance", arguments={"times": 5}))
    print(result.observation.text, result.reward)
```

Serve it: `pip install .` and `server --port 8000`, or
`docker build -t @NAME@ -f server/Dockerfile .` and `docker run -p 8000:8000 @NAME@`.

| split | tasks | seeds |
|---|---:|---|
@RANGES@

- `reset(split=, index=)` begins a task, `reset(seed=)` the episode of a seed, `reset()` any of the
  split `train`.
- With `GOLIVE_EPISODES=FOLDER` episodes outlive the server: `reset(episode_id=ID)` begins one under
  an id of your own, `reset(episode_id=ID, resume=True)` goes on with it exactly, after a lost
  connection or a killed server.
- The reward `@REWARD@` pays from @LOW@ to @HIGH@ in an episode; `observation.reward_terms` and the
  rubric name its terms.
- No oracle is declared: nobody knows the best ending of an episode. The bars are golive's own
  policies: `golive evaluate --suite SUITE --policies @EXPERT@,random`.
""",
}
