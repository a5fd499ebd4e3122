"""The page: self-contained, escaped, well-formed, and without a side."""

from __future__ import annotations

import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest
from tests.report.builders import NASTY, result

from truceline.report.dossier import build_dossier
from truceline.report.page import tell_page
from truceline.report.plain import Item
from truceline.report.strip_figure import strip_figure
from truceline.report.tongue import Tongue

VOID = {"meta", "br", "input", "link", "hr", "img"}


class Outline(HTMLParser):
    """Tags that are open, ids, links, and text by tag."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[dict[str, str | None]] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        given = dict(attrs)
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if tag == "a":
            self.links.append(given)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"script", "style"} & set(self.open):
            self.text.append(data)


@pytest.fixture(scope="module")
def dossier() -> Item:
    return build_dossier(result(), "0.1.0")


@pytest.fixture(scope="module")
def page(dossier: Item) -> str:
    return tell_page(dossier)


@pytest.fixture(scope="module")
def outline(page: str) -> Outline:
    parser = Outline()
    parser.feed(page)
    parser.close()
    return parser


def test_tags_nest_and_ids_are_unique(outline: Outline) -> None:
    assert outline.open == []
    assert len(outline.ids) == len(set(outline.ids))


def test_links_inside_the_page_arrive_somewhere(outline: Outline) -> None:
    inner = {str(a["href"])[1:] for a in outline.links if str(a["href"]).startswith("#")}
    assert inner <= set(outline.ids)
    assert {"i-1111", "ref-S001", "ref-T002"} <= set(outline.ids)


def test_other_links_go_to_the_web_and_tell_nothing(outline: Outline) -> None:
    outer = [a for a in outline.links if not str(a["href"]).startswith("#")]
    assert outer
    for link in outer:
        assert str(link["href"]).startswith("https://")
        assert "noreferrer" in str(link["rel"])


def test_nothing_is_loaded(page: str, outline: Outline) -> None:
    assert not [name for name, _ in outline.attributes if name == "src" or name.startswith("on")]
    assert "link" not in outline.tags and "img" not in outline.tags
    assert set(re.findall(r"url\(.{6}", page)) == {'url("data:'} and "@import" not in page
    assert "default-src 'none'" in page


def test_wording_of_claims_is_escaped(page: str, outline: Outline) -> None:
    assert NASTY not in page
    assert "&lt;script&gt;alert(" in page
    assert outline.tags.count("script") == 1
    assert NASTY in "".join(outline.text)


def test_every_table_has_a_caption_and_the_page_a_language(page: str, outline: Outline) -> None:
    assert outline.tags.count("caption") == outline.tags.count("table") > 5
    assert '<html lang="en">' in page
    assert page.startswith("<!doctype html>")


def test_page_says_internal_edition_on_top_at_the_end_and_in_print(page: str) -> None:
    top = r"<body>\s*<a class=\"skip\"[^\n]*\n<div class=\"banner\".*INTERNAL EDITION"
    assert re.search(top, page)
    assert page.rindex("INTERNAL EDITION") > page.index("<footer")
    assert '@top-center { content: "INTERNAL EDITION' in page


def test_sections_that_a_reader_needs(outline: Outline) -> None:
    needed = {"findings", "matrix", "published-counts", "readings", "conditions", "incidents"}
    assert needed | {"coverage", "records", "limits", "checks", "sources"} <= set(outline.ids)


def test_page_tells_what_the_dossier_holds(dossier: Item, outline: Outline) -> None:
    text = " ".join("".join(outline.text).split())
    for sentence in (*dossier["headline"], *dossier["limits"], dossier["publication_note"]):
        assert sentence in text
    for source in dossier["inputs"]:
        assert source["attribution"] in text and source["sha256"] in text
    for incident in dossier["incidents"]:
        for assessment in incident["assessments"]:
            for ground in assessment["grounds"]:
                assert " ".join(ground["text"].split()) in text
    assert "more than 30 attacks since 25 March" in text


def test_no_style_depends_on_a_party_or_a_verdict(page: str) -> None:
    classes = set(re.findall(r'class="([^"]*)"', page))
    codes = {"A", "B", "north", "south", "breach_indicated", "undetermined"}
    assert not codes & {name for each in classes for name in each.split()}
    assert "style=" not in page


def test_coverage_table_counts_areas(dossier: Item) -> None:
    figure = strip_figure(dossier, Tongue("en", dossier, html=True))
    assert [sensor["name"] for sensor in figure["sensors"]] == ["MODIS", "VIIRS"]
    assert figure["n_regions"] == 2
    assert figure["days"] == ["2031-03-18", "2031-03-19", "2031-03-20"]
    first = next(row for row in figure["rows"] if row["sensor"] == "MODIS")
    assert first["states"]["observable"] == first["states"]["no_record"] == 1
    assert first["states"]["no_pass"] == 0


@pytest.mark.browser
def test_browser_shows_the_page_and_runs_its_script(page: str, tmp_path: Path) -> None:
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        pytest.skip("no chromium is installed")
    file = tmp_path / "dossier.html"
    file.write_text(page, encoding="utf-8")
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    told = subprocess.run(
        [browser, *flags, f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", file.as_uri()],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert "4 of 4 incidents shown" in told.stdout
