"""The page in a real browser: it opens from disk, fits a phone, prints, and asks for nothing.

Chromium is told to find no host at all; what a page would load from anywhere fails loudly.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from truceline.pipeline.run import assess_case
from truceline.pipeline.write import write_dossier
from truceline.settings import Settings
from truceline.sources.casefile import read_case

pytestmark = pytest.mark.browser

CSP = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
NAMES = ("chromium", "chromium-browser", "google-chrome")
PROBE = """
<script>
addEventListener("load", () => {
  const wide = document.documentElement.scrollWidth;
  const opened = document.querySelectorAll("details[open]").length;
  const asked = performance.getEntriesByType("resource").map((r) => r.name).join(" ");
  document.title = `wide=${wide} view=${innerWidth} opened=${opened} asked=[${asked}]`;
});
</script>
"""


@pytest.fixture(scope="module")
def browser() -> str:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip(f"no browser: none of {', '.join(NAMES)} is installed")
    return found


@pytest.fixture(scope="module")
def page(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    case = read_case(root / "cases" / "energy-moratorium-2025")
    out = tmp_path_factory.mktemp("browser") / "out"
    write_dossier(assess_case(case, Settings()), case.folder, out, Settings())
    return out / "dossier.html"


def chromium(browser: str, profile: Path, *words: str) -> str:
    done = subprocess.run(
        [
            browser,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--host-resolver-rules=MAP * ~NOTFOUND",
            f"--user-data-dir={profile}",
            *words,
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.mark.parametrize("width", [1280, 500])
def test_it_opens_from_disk_without_a_network_and_fits(
    browser: str, page: Path, tmp_path: Path, width: int
) -> None:
    """500 px is the narrowest window that a headless Chromium gives."""
    probed = tmp_path / "page.html"
    text = page.read_text(encoding="utf-8")
    bare = CSP.sub("", text)  # or else the probe is not allowed to run: that is its purpose
    assert bare != text
    probed.write_text(bare.replace("</body>", PROBE + "</body>"), encoding="utf-8")
    words = (f"--window-size={width},900", "--virtual-time-budget=5000", "--dump-dom")
    dom = chromium(browser, tmp_path / "profile", *words, probed.as_uri())
    title = re.search(r"<title>wide=(\d+) view=(\d+) opened=(\d+) asked=\[(.*?)\]</title>", dom)
    assert title, "the script of the probe did not run"
    wide, view, _, asked = title.groups()
    assert int(wide) <= int(view), "the page is wider than the window"
    assert asked == ""
    assert dom.count("INTERNAL EDITION") >= 1 and "C150" in dom


def test_it_prints(browser: str, page: Path, tmp_path: Path) -> None:
    pdf = tmp_path / "page.pdf"
    chromium(browser, tmp_path / "profile", f"--print-to-pdf={pdf}", page.as_uri())
    assert pdf.read_bytes().startswith(b"%PDF-") and pdf.stat().st_size > 100_000
