"""The example of the page on sources runs as it stands there."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from truceline.domain.place import ProtectedObject
from truceline.errors import BadFile, BadInput
from truceline.sources.casefile import parse_source
from truceline.sources.contract import Opened, Read

Example = Callable[[str], Read[ProtectedObject]]


def block(text: str, name: str) -> str:
    found = re.search(rf"<!-- example: {name} -->\n+```\w+\n(.*?)^```", text, re.M | re.S)
    assert found, name
    return found.group(1)


@pytest.fixture
def page(root: Path) -> str:
    return (root / "docs" / "add-a-source.md").read_text(encoding="utf-8")


@pytest.fixture
def example(page: str) -> Example:
    """The reader of the page, on a table, under the contract of the page."""
    space: dict[str, Any] = {"__name__": "example"}
    exec(compile(block(page, "reader"), "add-a-source.md", "exec"), space)  # our own page
    # The kind of the page does not exist; its options are those of this one.
    toml = block(page, "contract").replace('"facilities_grid"', '"facilities_gppd"')
    source = parse_source(toml.encode(), "grid-north")

    def read(table: str) -> Read[ProtectedObject]:
        data = table.encode()
        found: Read[ProtectedObject] = space["read_grid"](
            Opened(source, data, hashlib.sha256(data).hexdigest())
        )
        return found

    return read


def test_the_example_reads_its_table(page: str, example: Example) -> None:
    read = example(block(page, "csv"))
    assert [(o.id, o.name, str(o.row)) for o in read.records] == [
        ("N-001", "Northfield", "grid-north#N-001"),
        ("N-003", "Harbour", "grid-north#N-003"),
    ]
    assert (read.n_rows, read.notes) == (3, ("1 planned substations are left out",))


@pytest.mark.parametrize(
    ("old", "new", "error", "what"),
    [
        ("55.41,20.52", "20.52,55.41", BadInput, "outside the declared extent"),
        ("in service", "closed", BadInput, "unknown value 'closed'"),
        ("N-003", "N-001", BadInput, "occurs twice"),
        ("built", "year", BadFile, "unknown column 'year'"),
    ],
    ids=["swapped", "status", "repeated", "column"],
)
def test_the_example_refuses_what_the_page_says(
    page: str, example: Example, old: str, new: str, error: type[BadInput], what: str
) -> None:
    with pytest.raises(error) as caught:
        example(block(page, "csv").replace(old, new, 1))
    assert what in caught.value.what


def test_an_empty_table_falls_below_the_floor(page: str, example: Example) -> None:
    with pytest.raises(BadFile):
        example(block(page, "csv").splitlines()[0] + "\n")
