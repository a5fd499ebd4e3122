"""Fixtures for every test.  Sockets are blocked for all of them (see ``addopts``)."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

# The same examples on every run, on slow machines as well; `--hypothesis-profile=default` looks
# for new ones.
settings.register_profile("truceline", deadline=None, derandomize=True)
settings.load_profile("truceline")

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The data folder beside the checkout; the test is skipped, with a reason, without it."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("no ../shared/data beside the checkout: files without an open licence stay out")
    return folder
