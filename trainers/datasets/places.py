"""Where datasets lie: Minari's own root under an id, or a folder of one's own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ...core.errors import GoliveError

METADATA = "metadata.json"


@dataclass(frozen=True, slots=True)
class DatasetPlace:
    """Where a dataset lies and what it is called.

    Attributes:
        id: Minari's: ``namespace/name-v0``.
        folder: holds the folder ``data``.
    """

    id: str
    folder: Path

    @property
    def data(self) -> Path:
        """What ``minari.MinariDataset`` opens."""
        return self.folder / "data"

    @property
    def exists(self) -> bool:
        """Whether a whole dataset is there."""
        return (self.data / METADATA).is_file()


def dataset_place(name: str | Path, root: Path | None = None) -> DatasetPlace:
    """What a name or a path means.

    Args:
        name: a ``Path``, or a text that starts with ``/``, ``.`` or ``~``, is a folder, whose
            last part is the dataset's id. Any other text is an id in Minari's root
            (``MINARI_DATASETS_PATH``, else ``~/.minari/datasets``).
        root: holds datasets by id instead of Minari's root.

    Raises:
        GoliveError: not an id that Minari takes.
    """
    text = str(name)
    if isinstance(name, Path) or text.startswith(("/", ".", "~")):
        folder = Path(name).expanduser().resolve()
        return DatasetPlace(_checked_id(folder.name, text), folder)
    checked = _checked_id(text, text)
    return DatasetPlace(checked, (minari_root() if root is None else root) / checked)


def minari_root() -> Path:
    """Where Minari keeps datasets on this machine."""
    from minari.storage.datasets_root_dir import get_dataset_path

    return Path(get_dataset_path())


def find_dataset(name: str | Path) -> DatasetPlace:
    """The place of a dataset that is there.

    Raises:
        GoliveError: there is none.
    """
    place = dataset_place(name)
    if not place.exists:
        raise GoliveError(f"dataset: {name}: there is none at {place.folder}")
    return place


def _checked_id(name: str, given: str) -> str:
    from minari.dataset.minari_dataset import DATASET_ID_RE

    match = DATASET_ID_RE.fullmatch(name)
    if match is None or match.group("version") is None:
        raise GoliveError(
            f"dataset: {given}: expected an id that ends in a version, such as "
            "golive/furniture/expert-v0 (in Minari's root) or ./expert-v0 (a folder)"
        )
    return name
