"""A real browser for the pages: Debian's Chromium driven by Playwright, without a network."""

from __future__ import annotations

import io
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Browser, Page, sync_playwright

from truceline.pipeline.run import assess_case
from truceline.pipeline.write import Written, write_dossier
from truceline.settings import Settings
from truceline.sources.casefile import read_case

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--font-render-hinting=none",
    "--force-color-profile=srgb",
]
PICTURES = Path(__file__).with_name("pictures")
DIFFERS = 48
"""Least difference of a colour channel (of 255) that makes two pixels differ."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip(f"no browser: none of {', '.join(NAMES)} is installed")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def dossier(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Written:
    """The dossier of the shipped case on disk, in all its languages."""
    case = read_case(root / "cases" / "energy-moratorium-2025")
    out = tmp_path_factory.mktemp("browser") / "out"
    return write_dossier(assess_case(case, Settings()), case.folder, out, Settings())


@dataclass
class Opened:
    """A page with what it complained about and what it asked for."""

    page: Page
    errors: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Any]:
    """Opens a file at a width; every console error and every request is noted."""
    contexts = []

    def opener(path: Path, width: int = 1280, **options: Any) -> Opened:
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        opened = Opened(context.new_page())
        opened.page.on(
            "console", lambda m: opened.errors.append(m.text) if m.type == "error" else None
        )
        opened.page.on("pageerror", lambda error: opened.errors.append(str(error)))
        opened.page.on("request", lambda request: opened.asked.append(request.url))
        opened.page.goto(path.as_uri())
        opened.asked = [
            url for url in opened.asked if url != path.as_uri() and not url.startswith("data:")
        ]
        return opened

    yield opener
    for context in contexts:
        context.close()


def same_picture(shown: bytes, name: str, tolerance: float, folder: Path = PICTURES) -> None:
    """Compare with the picture of that name; ``tolerance`` is the share of pixels that may differ.

    TRUCELINE_REGOLD=1 writes the pictures anew: look at them before you commit them.
    """
    path = folder / f"{name}.png"
    new = Image.open(io.BytesIO(shown)).convert("RGB")
    if os.environ.get("TRUCELINE_REGOLD"):
        path.parent.mkdir(exist_ok=True)
        new.convert("P", palette=Image.Palette.ADAPTIVE).save(path, optimize=True)
        return
    if not path.is_file():
        complaint = "there is no picture of that name"
    else:
        old = Image.open(path).convert("RGB")
        if new.size == old.size and (share := share_apart(new, old)) <= tolerance:
            return
        complaint = (
            f"{share:.2%} of the pixels differ, {tolerance:.2%} may"
            if new.size == old.size
            else f"{new.size} instead of {old.size}"
        )
    kept = Path(tempfile.gettempdir()) / "truceline-pictures" / path.name
    kept.parent.mkdir(exist_ok=True)
    kept.write_bytes(shown)
    pytest.fail(f"{name}: {complaint}; shown now: {kept}; TRUCELINE_REGOLD=1 writes it anew")


def share_apart(new: Image.Image, old: Image.Image) -> float:
    """Share of pixels of which any channel, not their brightness, differs by more than DIFFERS."""
    most: Image.Image | None = None
    for channel in ImageChops.difference(new, old).split():
        most = channel if most is None else ImageChops.lighter(most, channel)
    assert most is not None
    return sum(most.histogram()[DIFFERS + 1 :]) / (new.width * new.height)
