"""A session with Ray: started only when asked for, and ended only by who started it."""

from __future__ import annotations

import logging
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ..errors import GoliveError

_KNOCK_SECONDS = 10.0
_ADDRESS = re.compile(r"auto|local|(ray://)?[^\s/]+:\d{1,5}(/\S*)?")


@contextmanager
def ray_session(address: str | None = None, workers: int | None = None) -> Iterator[int]:
    """Ray for as long as the block lasts; gives how many cores it has.

    A session that is there already is used as it is, and left.

    Args:
        address: of a cluster (``auto``, ``host:6379``, ``ray://host:10001``); None starts
            Ray on this machine.
        workers: cores that Ray may use on this machine; None: all. A cluster has its own.

    Raises:
        GoliveError: it is no address, or there is no cluster at it.
    """
    import ray

    if address is not None and not _ADDRESS.fullmatch(address):
        raise _no_cluster(address, "it is no address")
    is_mine = not ray.is_initialized()
    if is_mine:
        _begin(address, workers)
    try:
        resources: dict[str, float] = ray.cluster_resources()  # type: ignore[no-untyped-call]
        yield max(1, int(resources.get("CPU", 1)))
    finally:
        if is_mine:
            ray.shutdown()


def _begin(address: str | None, workers: int | None) -> None:
    import ray

    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
    try:
        if address is None:
            # "local": without it Ray joins whatever cluster was last started on this machine.
            ray.init("local", num_cpus=workers, include_dashboard=False, **quiet)
        else:
            _knock(address)
            ray.init(address=address, **quiet)
    except Exception as error:  # Ray raises anything here, a bare Exception included
        reason = next(iter(str(error).strip().splitlines()), type(error).__name__)
        if address is None:
            raise GoliveError(f"ray: cannot be started on this machine: {reason}") from error
        raise _no_cluster(address, reason) from error


def _no_cluster(address: str, reason: str) -> GoliveError:
    return GoliveError(
        f"ray address: {address}: no cluster there: {reason}: expected auto, host:port or "
        "ray://host:port of a running one (one that asks for a token: RAY_AUTH_MODE=token)"
    )


def _knock(address: str) -> None:
    """Connect once to a host and port: Ray itself would try for minutes.

    Raises:
        OSError: nobody answers.
    """
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if host and port.isdecimal():
        socket.create_connection((host, int(port)), timeout=_KNOCK_SECONDS).close()
