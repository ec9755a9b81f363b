"""How the tests are shared out to processes, and what all rooms use."""

from __future__ import annotations

import gc
import logging
from collections import Counter
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest
from xdist.scheduler import LoadFileScheduling

RAY = "ray"


class FileByFile(LoadFileScheduling):
    """A file's tests run in one process, so that what they share is computed once.

    The files that have the word ``ray`` in their names, ``test_ray_vector.py`` say, run in one
    process together, so that Ray is started once. (``--dist loadgroup`` would be the usual way;
    xdist 3.8 ignores its marks under pytest 9.2.)
    """

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        return RAY if RAY in PurePosixPath(file).stem.split("_") else file


def pytest_xdist_make_scheduler(config: pytest.Config, log) -> FileByFile:
    config.option.loadscopereorder = False
    return FileByFile(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Hand out the slow files first, so that no process is left alone with one at the end."""
    if hasattr(config, "workerinput"):
        slow = Counter(item.path for item in items if item.get_closest_marker("slow"))
        items.sort(key=lambda item: -slow[item.path])


def pytest_collection_finish() -> None:
    """Thousands of tests and their modules stay to the end: they need not be looked through."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def _ray_stopped_at_the_end() -> Iterator[None]:
    import ray

    yield
    ray.shutdown()


@pytest.fixture(scope="module")
def ray_session(_ray_stopped_at_the_end: None) -> None:
    """A local Ray of two cores, started once for all files that have ``ray`` in their names.

    A file that needs a Ray of its own leaves none running; the next one starts this again.
    """
    import ray

    if not ray.is_initialized():
        ray.init(
            "local",
            num_cpus=2,
            include_dashboard=False,
            log_to_driver=False,
            logging_level=logging.ERROR,
        )


@pytest.fixture(scope="session")
def untrained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A policy's file with a network of random weights: it decides, though not well."""
    import numpy as np

    from golive.agents import learned, policy_file
    from golive.sim.worlds import world_kind

    interface = learned.current_interface(world_kind("implementation"))
    network = policy_file.NetworkRecord((8,), "tanh")
    generator = np.random.default_rng(0)
    shapes = network.layer_shapes(interface.observation_size, sum(interface.action_sizes))
    layers = tuple(
        (generator.normal(size=s).astype("f4"), generator.normal(size=s[0]).astype("f4"))
        for s in shapes
    )
    record = policy_file.TrainingRecord("0.1.0", "furniture", 0, 1000, None, 0, "seed: 0\n")
    path = tmp_path_factory.mktemp("untrained") / "untrained.policy"
    policy_file.write_policy_file(path, policy_file.PolicyFile(interface, network, record, layers))
    return path


@pytest.fixture(autouse=True, scope="session")
def _no_result_cache():
    """Commands simulate what they are asked to; a test of the cache names one of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GOLIVE_CACHE", "off")
        for variable in ("GOLIVE_CACHE_SIZE", "GOLIVE_CACHE_TTL"):
            patch.delenv(variable, raising=False)
        yield
