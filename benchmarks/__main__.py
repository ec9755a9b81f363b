"""Lists the benchmarks."""

from __future__ import annotations

from importlib import import_module

from benchmarks.command import first_line

BENCHMARKS = (
    "speed",
    "execution",
    "training_backends",
    "offline_learning",
    "head_start",
    "training_methods",
    "coverage",
    "ope",
    "game",
    "migration",
    "migration.profiling",
    "migration.mapping",
    "gateway.queues",
    "gateway.routers",
    "gateway.bandit",
    "gateway.bandit_ope",
    "gateway.traits",
    "gateway.search",
    "gateway.prior",
    "faces",
    "team",
    "team_partners",
    "team_silence",
    "team_credit",
    "team_adaptation",
    "implementation.scaling",
    "implementation.decisions",
    "implementation.finding_out",
    "implementation.mining",
    "implementation.psplib",
    "implementation.trait_rules",
)


def main() -> None:
    """Print the command of each benchmark and what it measures."""
    for name in BENCHMARKS:
        command = import_module(f"benchmarks.{name}").command
        print(f"python -m benchmarks.{name:25} {first_line(command)}")


if __name__ == "__main__":
    main()
