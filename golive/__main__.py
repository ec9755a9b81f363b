"""``python -m golive`` and the ``golive`` script."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line, by default on the process's own arguments, and exit.

    Raises:
        SystemExit: always; 0 fine, 1 what was judged failed, 2 wrong usage or input,
            130 interrupted.
    """
    try:
        from .cli.app import run
    except KeyboardInterrupt:  # while it was still loading
        sys.exit(130)
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


if __name__ == "__main__":
    main()
