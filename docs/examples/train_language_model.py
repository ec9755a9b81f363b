"""Train a language model on golive's worlds by GRPO, with TRL.

It needs ``pip install 'golive[trl]'`` and a model that calls tools. It was tried with a small model
on a CPU; a model of four billion parameters should fit a GPU of 80 GB as it stands here, and with
``--lora`` (``pip install peft``) one of 24 GB. ``--vllm`` (``pip install vllm``) answers faster.
Prompts are the rules, the tools and a briefing of 2,000 tokens at most.

    python train_language_model.py --model Qwen/Qwen3-4B --steps 500 --vllm --lora --out trained

What comes out is judged as every policy is, behind any server of the chat completions interface:

    vllm serve trained --served-model-name trained --enable-auto-tool-choice --tool-call-parser hermes
    golive evaluate --policies expert,llm:trained@http://127.0.0.1:8000/v1 --suite furniture-test \
      --episodes 20 --attempts 4 --out judged
"""  # noqa: E501

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from datasets import Dataset
from trl import GRPOConfig, GRPOTrainer

from golive import load_scenario
from golive.envs.faces.mornings import mornings
from golive.envs.faces.trl import rows, trl_environment
from golive.envs.tool_session import ToolSession
from golive.sim.worlds import kind_of


def asked() -> argparse.Namespace:
    """The command line's options."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--model", required=True, help="name on a hub, or a folder")
    parser.add_argument("--scenarios", nargs="+", default=["furniture", "techmold"])
    parser.add_argument("--episodes", type=int, default=100, help="per scenario, for prompts")
    parser.add_argument("--decisions", type=int, default=1, help="decision points it answers for")
    parser.add_argument("--group", type=int, default=8, help="answers that are compared")
    parser.add_argument("--steps", type=int, default=500)
    parser.add_argument("--learning-rate", type=float, default=1e-6)
    parser.add_argument("--answer-tokens", type=int, default=1_024, help="calls and answers")
    parser.add_argument("--vllm", action="store_true")
    parser.add_argument("--lora", action="store_true")
    parser.add_argument("--cpu", action="store_true", help="for a try with a tiny model")
    parser.add_argument("--out", type=Path, default=Path("trained"))
    return parser.parse_args()


def prompts(scenarios: list[str], episodes: int) -> Dataset:
    """Mornings at which it matters what is decided, of the scenarios in turn."""
    made: list[dict[str, Any]] = []
    for name in scenarios:
        scenario = load_scenario(name)
        telling = mornings(kind_of(scenario), scenario, range(episodes), every=8)
        made += rows(list(telling), ToolSession(name).instructions, environment=name)
    return Dataset.from_list(made).shuffle(seed=0)


def main() -> None:
    """Train, and keep what was trained."""
    options = asked()
    adapters: dict[str, Any] = {}
    if options.lora:
        from peft import LoraConfig

        adapters["peft_config"] = LoraConfig(r=32, lora_alpha=64, target_modules="all-linear")
    settings = GRPOConfig(
        output_dir=str(options.out),
        max_steps=options.steps,
        num_generations=options.group,
        per_device_train_batch_size=options.group,
        gradient_accumulation_steps=1 if options.cpu else 4,
        learning_rate=options.learning_rate,
        max_completion_length=options.answer_tokens,
        max_tool_calling_iterations=8,
        use_vllm=options.vllm,
        vllm_mode="colocate",
        bf16=not options.cpu,
        use_cpu=options.cpu,
        logging_steps=1,
        report_to=[],
        chat_template_kwargs={"enable_thinking": False},
    )
    trainer = GRPOTrainer(
        model=options.model,
        args=settings,
        train_dataset=prompts(options.scenarios, options.episodes),
        environment_factory={
            name: trl_environment(name, decisions=options.decisions) for name in options.scenarios
        },
        **adapters,
    )
    trainer.train()
    trainer.save_model(str(options.out))
    trainer.processing_class.save_pretrained(str(options.out))


if __name__ == "__main__":
    main()
