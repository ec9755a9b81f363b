"""Names for shells to complete: those that begin as the word does, found when it asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable

Completion = Callable[[str], list[str]]


def _offering(names: Callable[[], Iterable[str]]) -> Completion:
    """Complete one name, or the last of several between commas."""

    def complete(incomplete: str) -> list[str]:
        before, comma, word = incomplete.rpartition(",")
        return [f"{before}{comma}{name}" for name in names() if name.startswith(word)]

    return complete


def _scenarios() -> Iterable[str]:
    from ..scenarios.loader import scenario_names

    return scenario_names()


def _suites() -> Iterable[str]:
    from ..scenarios.loader import suite_names

    return suite_names()


def _worlds() -> Iterable[str]:
    from ..core.worlds import WORLDS

    return WORLDS


def _policies() -> Iterable[str]:
    """Of all worlds: which one is meant may stand behind the word."""
    from ..sim.worlds import world_kind

    return dict.fromkeys(
        name for world in _worlds() for name in world_kind(world).registered_policies.names()
    )


def _configurations() -> Iterable[str]:
    from ..trainers.training.session import shipped_configuration_names

    return shipped_configuration_names()


def _formats() -> Iterable[str]:
    from ..envs.faces.export import FORMATS

    return FORMATS


scenarios = _offering(_scenarios)
suites = _offering(_suites)
scenarios_and_suites = _offering(lambda: dict.fromkeys([*_scenarios(), *_suites()]))
worlds = _offering(_worlds)
policies = _offering(_policies)
configurations = _offering(_configurations)
formats = _offering(_formats)
