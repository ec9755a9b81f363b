"""``golive migration learn``: what mappings of past customers have in common."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Argument, Option

from ..options import AsJson, writable_file
from ..output import show_result

if TYPE_CHECKING:
    from ...agents.migration.matching_file import MappingFile


def learn_mappings(
    mappings: Annotated[
        list[Path], Argument(metavar="MAPPING...", help="Mapping files, as people corrected them.")
    ],
    *,
    out: Annotated[
        Path,
        Option(metavar="FILE", help="Knowledge file to write (YAML).", callback=writable_file),
    ],
    least: Annotated[
        int, Option(min=1, max=1_000, help="Customers that must have a header for it to be kept.")
    ] = 3,
    as_json: AsJson = False,
) -> None:
    """Count what mapping files have in common, for --knowledge of `migration map`.

    Headers and words are kept that enough customers have; of cells nothing is read. Files that name
    no customer (source: customer) are one customer's where they lie in one folder.
    """
    from ...agents.migration.matching_file import read_mapping
    from ...agents.migration.matching_knowledge import learn_knowledge
    from ...core.errors import GoliveError
    from ...core.files import write_text_atomically
    from ...scenarios.loader import to_yaml

    for path in mappings:
        if out.exists() and path.exists() and out.samefile(path):
            raise GoliveError(f"{out}: --out would overwrite a mapping")
    by_customer: dict[str, list[MappingFile]] = {}
    for path in mappings:
        mapping = read_mapping(path)
        whose = mapping.source.customer or f"in {path.absolute().parent}"
        by_customer.setdefault(whose, []).append(mapping)
    if len(by_customer) < least:
        raise GoliveError(
            f"{len(by_customer)} customers: expected at least {least} (--least), each in a folder "
            "of its own or named in its files (source: customer)"
        )
    known = learn_knowledge(by_customer, least)
    write_text_atomically(out, to_yaml(known))
    content = {
        "mappings": len(mappings),
        "customers": known.customers,
        "least": known.least,
        "headers": len(known.whole),
        "words": len(known.words),
        "file": str(out),
    }
    show_result(
        as_json,
        content,
        f"{len(mappings)} mappings of {known.customers} customers: {len(known.whole)} headers and "
        f"{len(known.words)} words that at least {known.least} have",
    )
    typer.echo(f"Knowledge: {out}", err=True)
