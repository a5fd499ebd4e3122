"""The pictures of the README, taken of the shipped case as `make demo` writes it.

    make demo && python tools/make_pictures.py

No position in them is finer than the policy of the case: the map draws nothing finer.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "out" / "energy-moratorium-2025" / "dossier.html"
TO = ROOT / "docs" / "pictures"
PARTS = {
    "findings": "#findings",
    "clocks": "#clocks figure",
    "coverage": "#coverage figure",
    "map": "#map figure svg",
}


def main() -> None:
    """Take one picture of each part."""
    TO.mkdir(exist_ok=True)
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = opened.new_page(viewport={"width": 1100, "height": 900})
        page.goto(PAGE.as_uri())
        page.add_style_tag(content=".banner { position: static !important; }")
        for name, part in PARTS.items():
            page.locator(part).first.screenshot(path=TO / f"{name}.png")
        opened.close()


if __name__ == "__main__":
    main()
