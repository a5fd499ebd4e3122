"""The page in a real browser: opens from disk, fits, works by keyboard, asks for nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from tests.browser.conftest import Opened, same_picture

from truceline.pipeline.write import Written

pytestmark = pytest.mark.browser

WIDTHS = (390, 768, 1280)
PAGES = ("dossier.html", "dossier.de.html")
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
TOLERANCE = 0.02
"""Share of pixels that may differ from the kept picture: letters are drawn a little apart by
versions of the browser, boxes and lines are not."""

Opener = Callable[..., Opened]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_it_opens_from_disk_fits_and_asks_for_nothing(
    open_page: Opener, dossier: Written, name: str, width: int
) -> None:
    shown = open_page(dossier.folder / name, width)
    wide = shown.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width, "the page is wider than the window"
    assert shown.errors == []
    assert shown.asked == []


@pytest.mark.parametrize("name", PAGES)
def test_it_is_one_file_below_three_megabytes(dossier: Written, name: str) -> None:
    assert (dossier.folder / name).stat().st_size < 3_000_000


@pytest.mark.parametrize("name", PAGES)
def test_nothing_sticks_out_when_everything_is_open(
    open_page: Opener, dossier: Written, name: str
) -> None:
    page = open_page(dossier.folder / name, 390).page
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize(
    ("name", "scheme"),
    [
        ("dossier.html", "light"),
        pytest.param("dossier.de.html", "dark", marks=pytest.mark.slow),
        pytest.param("dossier.html", "dark", marks=pytest.mark.slow),
        pytest.param("dossier.de.html", "light", marks=pytest.mark.slow),
    ],
)
def test_axe_finds_nothing_serious(
    open_page: Opener, dossier: Written, name: str, scheme: str
) -> None:
    """All of the page at rest, and the first ten incidents opened; 150 open ones are the same."""
    page = open_page(dossier.folder / name, 1280, color_scheme=scheme, bypass_csp=True).page
    page.evaluate(
        "document.querySelectorAll('main section > details, main figure ~ details').forEach("
        "(d) => { d.open = true; });"
        "[...document.querySelectorAll('details.incident')].forEach((d, i) => {"
        " d.open = i < 10; d.hidden = i >= 20; })"
    )
    page.add_script_tag(path=str(AXE))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    grave = [
        (v["id"], v["impact"], [node["html"][:120] for node in v["nodes"][:3]])
        for v in found["violations"]
        if v["impact"] in ("serious", "critical")
    ]
    assert grave == []


def test_axe_does_find_what_is_wrong(open_page: Opener, tmp_path: Path) -> None:
    """The check can fail: a picture without words and a console error are both noticed."""
    file = tmp_path / "bad.html"
    file.write_text(
        "<html lang=en><title>x</title><h1>x</h1><img src='data:image/gif;base64,R0lGODlhAQABAAAA'>"
        "<script>console.error('on purpose')</script></html>",
        encoding="utf-8",
    )
    shown = open_page(file)
    shown.page.add_script_tag(path=str(AXE))
    found = shown.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert "image-alt" in [v["id"] for v in found["violations"]]
    assert shown.errors == ["on purpose"]


def test_every_incident_is_reached_and_opened_by_keyboard(
    open_page: Opener, dossier: Written
) -> None:
    page = open_page(dossier.folder / "dossier.html").page
    heads = page.locator("details.incident > summary")
    assert heads.count() == len(dossier.dossier["incidents"])
    page.locator("#close-all").focus()
    reached = []
    for _ in range(heads.count()):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.parentElement.id"))
    assert reached == [incident["id"] for incident in dossier.dossier["incidents"]]
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.parentElement.open")


def test_filters_show_what_the_data_say(open_page: Opener, dossier: Written) -> None:
    page = open_page(dossier.folder / "dossier.html").page
    data = dossier.dossier

    def shown() -> int:
        return int(page.locator("details.incident:not([hidden])").count())

    page.select_option("#f-reading", "kremlin")
    page.select_option("#f-verdict", "not_in_force")
    wanted = [
        i
        for i in data["incidents"]
        if ("kremlin", "not_in_force") in [(a["reading"], a["verdict"]) for a in i["assessments"]]
    ]
    assert shown() == len(wanted)
    page.select_option("#f-accused", "RU")
    assert shown() == sum(
        any(
            (a["reading"], a["party"], a["verdict"]) == ("kremlin", "RU", "not_in_force")
            for a in i["assessments"]
        )
        for i in data["incidents"]
    )
    assert f"{shown()} of 148" in page.inner_text("#shown")
    page.click("#f-reset")
    page.locator("details.incident[hidden]").first.wait_for(state="detached")
    page.fill("#f-words", "C017")
    assert shown() == 1
    page.fill("#f-words", "")
    page.fill("#f-from", "2025-04-17")
    assert shown() == sum(i["occurred"]["until"][:10] >= "2025-04-17" for i in data["incidents"])
    page.click("#f-reset")
    page.check("#f-disagree")
    verdicts = [
        {p: {a["verdict"] for a in i["assessments"] if a["party"] == p} for p in i["accused"]}
        for i in data["incidents"]
    ]
    assert shown() == sum(any(len(v) > 1 for v in each.values()) for each in verdicts)


def test_a_permalink_opens_its_incident(open_page: Opener, dossier: Written) -> None:
    target = dossier.dossier["incidents"][70]["id"]
    page = open_page(dossier.folder / "dossier.html").page
    page.goto(f"{(dossier.folder / 'dossier.html').as_uri()}#{target}")
    page.locator(f"#{target}[open]").wait_for()
    top = page.evaluate(f"document.getElementById('{target}').getBoundingClientRect().top")
    assert 0 <= top < 300


def test_numbers_on_the_page_are_those_of_the_json(open_page: Opener, dossier: Written) -> None:
    """The matrix, the strip and the figures in every language against dossier.json itself."""
    data = json.loads((dossier.folder / "dossier.json").read_text(encoding="utf-8"))
    for name in PAGES:
        page = open_page(dossier.folder / name).page
        for table, reading in zip(
            page.locator("table.matrix").all(), data["agreement"]["readings"], strict=True
        ):
            for row, party in zip(
                table.locator("tbody tr").all(), sorted(data["agreement"]["parties"]), strict=True
            ):
                cells = [cell.inner_text() for cell in row.locator("td.n").all()]
                ours = [
                    c
                    for c in data["counts"]
                    if (c["reading"], c["party"]) == (reading["id"], party)
                ]
                by = {v: sum(c["n"] for c in ours if c["verdict"] == v) for v in VERDICTS}
                assert cells[:5] == [str(by[v]) for v in VERDICTS]
                assert cells[5] == str(ours[0]["of"])
        for row in page.locator("table.under tbody tr").all():
            inside, left_open, outside, not_in_force, of = [
                int(cell.inner_text()) for cell in row.locator("td.n").all()
            ][:5]
            assert inside + left_open + outside + not_in_force == of
        for day in ("2025-04-05", "2025-04-12"):
            told = page.locator(f"#day-{day} td").first.inner_text().splitlines()[0]
            states = [c["state"] for c in data["coverage"] if c["day"] == day]
            numbers = [int(n) for n in re.findall(r"\d+", told)]
            assert numbers == [
                states.count("observable"),
                len(states),
                states.count("obscured"),
                states.count("no_pass"),
                states.count("no_record"),
            ]
        ticks = [int(t) for t in page.locator("svg .count").all_text_contents()]
        assert sum(ticks) == sum(i["occurred"]["from"] is not None for i in data["incidents"])
        drawn = page.locator("#map svg text.on").all_text_contents()
        assert sum(map(int, drawn)) <= len(data["incidents"])


VERDICTS = (
    "breach_indicated",
    "no_breach_indicated",
    "undetermined",
    "out_of_scope",
    "not_in_force",
)


def test_the_page_gives_no_position_away(dossier: Written) -> None:
    """No coordinate of a claim stands in the page, as text or anywhere else."""
    page = (dossier.folder / "dossier.html").read_text(encoding="utf-8")
    bare = re.sub(r"base64,[A-Za-z0-9+/=]+", "", page)
    for incident in dossier.dossier["incidents"]:
        place = incident["place"]
        if place["lat"] is not None:
            assert f"{place['lat']}, {place['lon']}" not in bare
            assert f"{place['lon']}" not in re.findall(r">[^<]*<", bare)


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("width", WIDTHS)
def test_it_looks_as_it_did(open_page: Opener, dossier: Written, language: str, width: int) -> None:
    """Head of the page and the figures, against the pictures that are kept."""
    name = "dossier.html" if language == "en" else f"dossier.{language}.html"
    page = open_page(dossier.folder / name, width, reduced_motion="reduce").page
    page.add_style_tag(content=".banner { position: static !important; }")
    page.evaluate("document.fonts.ready")
    same_picture(page.screenshot(), f"head-{language}-{width}", TOLERANCE)
    for part in PARTS:
        shown = page.locator(f"#{part}").first
        shown.evaluate(TO_WHOLE_PIXELS)
        same_picture(shown.screenshot(), f"{part.split()[0]}-{language}-{width}", TOLERANCE)


TO_WHOLE_PIXELS = """(element) => {
  const top = element.getBoundingClientRect().top + scrollY;
  element.style.position = "relative";
  element.style.top = `${Math.ceil(top) - top}px`;
}"""
"""Moves a part by less than a pixel, so that a picture does not depend on what stands above."""

PARTS = ("clocks figure", "coverage figure", "map figure", "matrix table.under")


def test_it_prints(open_page: Opener, dossier: Written) -> None:
    page: Any = open_page(dossier.folder / "dossier.html").page
    page.emulate_media(media="print")
    hidden = page.evaluate("getComputedStyle(document.getElementById('tools')).display")
    assert hidden == "none"
    assert page.pdf(format="A4")[:5] == b"%PDF-"
