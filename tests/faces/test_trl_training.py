"""A tiny language model, made here, cloned from an expert's calls and trained by TRL on two worlds.

No hub is needed: the model is made from a configuration, its tokeniser is trained on the worlds'
own texts. Runs where TRL is installed (``make test-faces``).
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from golive import load_scenario
from golive.envs.faces.mornings import mornings
from golive.envs.faces.trl import rows, trl_environment
from golive.sim.worlds import world_kind
from golive.trainers.datasets import record, write_words

trl = pytest.importorskip("trl", reason="trl is not installed: `make test-faces` tests it")
# TRL sets what the libraries below it call old by now.
pytestmark = pytest.mark.filterwarnings("ignore:.*deprecated.*:FutureWarning")

KIND = world_kind("implementation")
SYSTEM = "Decide by calling tools."
SPECIAL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<tool_call>", "</tool_call>")
STEPS, GROUP = 20, 4
CLONING_STEPS = 1_500
WINDOW = 128
"""Tokens that a layer of the model looks back, so that cloning need not read what it cannot see."""


@pytest.fixture(scope="module")
def worlds() -> dict[str, type[Any]]:
    return {
        "furniture": trl_environment("furniture", decisions=1),
        "techmold": trl_environment("techmold", decisions=1),
    }


@pytest.fixture(scope="module")
def dataset() -> list[dict[str, Any]]:
    made = []
    for name in ("furniture", "techmold"):
        found = mornings(KIND, load_scenario(name), range(2), every=8)
        telling = sorted(found, key=lambda morning: -morning.spread)[:4]
        made += rows(telling, SYSTEM, environment=name)
    return made


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Episodes in words; a group of answers that are all the expert's would teach nothing."""
    scenarios = [load_scenario(name) for name in ("furniture", "techmold")]
    out = tmp_path_factory.mktemp("recorded") / "expert-v0"
    return write_words(record(["noisy:expert:0.5"], scenarios, out, first_seed=0, episodes=1))


@pytest.fixture(scope="module")
def transcripts(recorded: Path) -> list[list[dict[str, Any]]]:
    """Decision points as conversations: what somebody like the expert read and called."""
    made = []
    for line in (recorded / "instruction.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        calls = [json.loads(call) for call in row["output"].splitlines()]
        functions = [{"name": one["tool"], "arguments": one["arguments"]} for one in calls]
        made.append(
            [
                {"role": "system", "content": SYSTEM},
                {"role": "user", "content": row["input"]},
                {"role": "assistant", "content": "", "tool_calls":
                    [{"type": "function", "function": one} for one in functions]},
            ]
        )  # fmt: skip
    return made


@pytest.fixture(scope="module")
def tokenizer(transcripts: list[list[Any]]) -> Any:
    import tokenizers
    from transformers import PreTrainedTokenizerFast

    raw = tokenizers.Tokenizer(tokenizers.models.BPE())
    raw.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    raw.decoder = tokenizers.decoders.ByteLevel()
    trainer = tokenizers.trainers.BpeTrainer(
        vocab_size=1500,
        special_tokens=list(SPECIAL),
        initial_alphabet=tokenizers.pre_tokenizers.ByteLevel.alphabet(),
    )
    texts = [json.dumps(tool.for_openai()) for tool in KIND.speech.tools]
    texts += [json.dumps(transcript) for transcript in transcripts]
    raw.train_from_iterator(texts, trainer)
    made = PreTrainedTokenizerFast(
        tokenizer_object=raw, eos_token="<|im_end|>", pad_token="<|endoftext|>"
    )
    templates = Path(trl.__file__).parent / "chat_templates"
    made.chat_template = (templates / "qwen3.jinja").read_text("utf-8")
    return made


def small(tokenizer: Any) -> Any:
    """Configuration of a language model of some hundred thousand parameters."""
    from transformers import Qwen3Config

    return Qwen3Config(
        vocab_size=len(tokenizer), hidden_size=96, intermediate_size=192, num_hidden_layers=2,
        num_attention_heads=3, num_key_value_heads=1, head_dim=32,
        max_position_embeddings=16_384, sliding_window=WINDOW, use_sliding_window=True,
        layer_types=["sliding_attention"] * 2,
        eos_token_id=tokenizer.eos_token_id, pad_token_id=tokenizer.pad_token_id,
        tie_word_embeddings=True,
    )  # fmt: skip


@pytest.fixture(scope="module")
def cloned(tokenizer: Any, transcripts: list[list[Any]], worlds: dict[str, type[Any]]) -> Any:
    """A model that has learned, supervised, to write calls."""
    import torch
    from transformers import Qwen3ForCausalLM

    torch.manual_seed(0)
    torch.set_num_threads(1)
    model = Qwen3ForCausalLM(small(tokenizer))
    tools = [tool.for_openai() for tool in KIND.speech.tools]
    examples = []
    for messages in transcripts:
        texts = [
            tokenizer.apply_chat_template(messages[:2], tools=tools, tokenize=False,
                                          add_generation_prompt=True, enable_thinking=False),
            tokenizer.apply_chat_template(messages, tools=tools, tokenize=False,
                                          enable_thinking=False),
        ]  # fmt: skip
        prompt, whole = (tokenizer(text)["input_ids"] for text in texts)
        start = next(
            i for i, (a, b) in enumerate(zip([*prompt, -1], whole, strict=False)) if a != b
        )
        first = max(0, start - 2 * WINDOW)  # two layers see no further
        examples.append((torch.tensor([whole[first:]]), start - first))
    optimiser = torch.optim.AdamW(model.parameters(), lr=3e-3)
    schedule = torch.optim.lr_scheduler.LinearLR(optimiser, 1.0, 0.1, CLONING_STEPS)
    losses = []
    for step in range(CLONING_STEPS):
        ids, answer = examples[step % len(examples)]
        labels = ids.clone()
        labels[:, :answer] = -100
        loss = model(input_ids=ids, labels=labels).loss
        loss.backward()
        optimiser.step()
        optimiser.zero_grad()
        schedule.step()
        losses.append(loss.item())
    assert losses[-1] < 0.3 * losses[0], losses[::40]
    return model


def test_a_tiny_model_is_trained_on_two_worlds_in_one_run(
    cloned: Any,
    tokenizer: Any,
    worlds: dict[str, type[Any]],
    dataset: list[dict[str, Any]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import datasets

    monkeypatch.setenv("TRL_EXPERIMENTAL_SILENCE", "1")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")

    def tools_called(completions: list[Any], **_: Any) -> list[float | None]:
        """0 where tools were called; None, not scored, where nothing was."""
        called = [any(m.get("tool_calls") for m in one) for one in completions]
        return [0.0 if one else None for one in called]

    settings = trl.GRPOConfig(
        output_dir=str(tmp_path), max_steps=STEPS, per_device_train_batch_size=GROUP,
        num_generations=GROUP, max_completion_length=400, max_tool_calling_iterations=2,
        logging_steps=1, temperature=0.8, report_to=[], use_cpu=True, save_strategy="no",
        learning_rate=1e-4, chat_template_kwargs={"enable_thinking": False}, bf16=False,
    )  # fmt: skip
    trainer = trl.GRPOTrainer(
        model=cloned,
        args=settings,
        processing_class=tokenizer,
        train_dataset=datasets.Dataset.from_list(dataset),
        reward_funcs=tools_called,
        environment_factory=worlds,
    )
    trainer.train()
    logged = [one for one in trainer.state.log_history if "reward" in one]
    assert len(logged) == STEPS
    assert all(math.isfinite(one["loss"]) for one in logged)
    columns = {
        name for one in logged for name in one if name.endswith("/mean") and "rewards/" in name
    }
    assert columns == {
        "rewards/tools_called/mean",
        "rewards/FurnitureImplementation/mean",
        "rewards/TechmoldImplementation/mean",
    }
    for world in worlds.values():
        paid = [one.get(f"rewards/{world.__name__}/mean") for one in logged]
        paid = [math.nan if value is None else value for value in paid]
        assert any(0.0 < value <= 1.0 for value in paid)  # steps on the other world are not scored
        assert any(math.isnan(value) for value in paid)
    assert any(one["tools/call_frequency"] > 0 for one in logged)
    # What the model orders decides what it is paid: few groups are paid alike.
    assert sum(one["frac_reward_zero_std"] for one in logged) <= 0.25 * STEPS


def test_recorded_chats_are_a_dataset_of_trl(
    recorded: Path, tokenizer: Any, tmp_path: Path
) -> None:
    import datasets
    from transformers import Qwen3ForCausalLM

    chats = datasets.load_dataset(
        "parquet", data_files=str(recorded / "chat.parquet"), cache_dir=str(tmp_path / "cache")
    )
    model = Qwen3ForCausalLM(small(tokenizer))
    settings = trl.SFTConfig(
        output_dir=str(tmp_path), max_steps=2, per_device_train_batch_size=1, max_length=2_048,
        logging_steps=1, report_to=[], use_cpu=True, bf16=False, save_strategy="no",
    )  # fmt: skip
    trainer = trl.SFTTrainer(
        model=model, args=settings, processing_class=tokenizer, train_dataset=chats["train"]
    )
    trainer.train()
    losses = [one["loss"] for one in trainer.state.log_history if "loss" in one]
    assert len(losses) == 2
    assert all(math.isfinite(loss) for loss in losses)


def test_the_example_s_script_trains_a_model_in_a_folder(
    cloned: Any, tokenizer: Any, tmp_path: Path
) -> None:
    cloned.save_pretrained(tmp_path / "small")
    tokenizer.save_pretrained(tmp_path / "small")
    script = Path(__file__).parents[2] / "docs/examples/train_language_model.py"
    options = ["--steps", "2", "--episodes", "1", "--group", "2", "--answer-tokens", "200", "--cpu"]
    subprocess.run(
        [sys.executable, script, "--model", "small", "--out", "trained", *options],
        cwd=tmp_path,
        env={**os.environ, "HF_HUB_OFFLINE": "1", "TRL_EXPERIMENTAL_SILENCE": "1"},
        check=True,
    )
    assert (tmp_path / "trained/model.safetensors").is_file()
    assert (tmp_path / "trained/tokenizer.json").is_file()
