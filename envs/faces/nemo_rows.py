"""Rows of NeMo-Gym's datasets, and the folder that NeMo-Gym starts a world's server from."""

from __future__ import annotations

from typing import Any, Literal

import yaml

from .export import Export, Files, json_lines, messages

Contract = Literal["tools", "gymnasium"]
AGENTS: dict[Contract, str] = {"tools": "simple_agent", "gymnasium": "gymnasium_agent"}
"""NeMo-Gym's agents by the contract that they play by."""
MOST_STEPS = 1_000
"""Answers of a model in an episode, for agents whose usual is ten."""


def rows(export: Export, contract: Contract = "tools") -> list[dict[str, Any]]:
    """Rows of a dataset, one per episode.

    Args:
        export: the episodes.
        contract: ``"tools"``, the first briefing in the row, for ``simple_agent``; or
            ``"gymnasium"``, where ``/reset`` tells it, for ``gymnasium_agent``.
    """
    tools = [
        {"type": "function", **tool.for_openai()["function"], "strict": False}
        for tool in export.session.tools
    ]
    made = []
    for seed, briefing in export.each():
        conversation = messages(export.session.instructions, briefing)
        given = conversation if contract == "tools" else conversation[:1]
        asked = {"input": given, "tools": tools, "parallel_tool_calls": False}
        made.append({"responses_create_params": asked, "episode": export.row(seed)})
    return made


_APP = '''"""NeMo-Gym starts this as the resources server; by hand: python app.py [HOST [PORT]]."""

from golive.envs.faces.nemo import main

main()
'''


def exported(export: Export) -> Files:
    """The server's entry point and configuration, and the rows for both contracts."""
    split, name = export.arguments["split"], f"golive_{export.name.replace('-', '_')}"
    yield "app.py", _APP
    yield "requirements.txt", "golive\n"
    for contract, agent in AGENTS.items():
        path = f"data/{contract}_{split}.jsonl"
        server = {"entrypoint": "app.py", "domain": "agent", "verified": False}
        plays = {
            "entrypoint": "app.py",
            "resources_server": {"type": "resources_servers", "name": f"{name}_resources_server"},
            "model_server": {"type": "responses_api_models", "name": "policy_model"},
            "max_steps": MOST_STEPS,
            "datasets": [
                {
                    "name": split,
                    "type": "example" if split == "test" else split,
                    "jsonl_fpath": f"resources_servers/{name}/{path}",
                    "license": "Apache 2.0",
                }
            ],
        }
        config = {
            f"{name}_resources_server": {"resources_servers": {name: server}},
            f"{name}_{agent}": {"responses_api_agents": {agent: plays}},
        }
        yield f"configs/{name}_{contract}.yaml", yaml.safe_dump(config, sort_keys=False)
        yield path, json_lines(rows(export, contract))
