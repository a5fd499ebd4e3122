"""The review page in a real browser: decisions by keyboard, no request to elsewhere, axe clean."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.conftest import FLAGS, NAMES, Opened
from tests.report.review_sample import reading, write_reading

from truceline.archive.reviews import load_reviews
from truceline.domain.decisions import Decision
from truceline.pipeline.review import Desk
from truceline.report.review_page import tell_review
from truceline.review_server import ReviewServer

pytestmark = [
    pytest.mark.browser,
    pytest.mark.enable_socket,
    pytest.mark.allow_hosts(["127.0.0.1"]),
]

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
ITEMS = reading().items


@pytest.fixture(scope="module")
def local(browser: Browser) -> Iterator[Browser]:
    """A browser that reaches this machine and nothing else."""
    flags = [f"{f}, EXCLUDE 127.0.0.1" if "host-resolver" in f else f for f in FLAGS]
    path = next(filter(None, map(shutil.which, NAMES)))
    opened = browser.browser_type.launch(executable_path=path, args=flags)
    yield opened
    opened.close()


@dataclass
class Review:
    """A served page with its folder, what it complained about and whom it asked."""

    page: Page
    folder: Path
    errors: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def kept(self) -> list[Decision]:
        return list(load_reviews(self.folder / "reviews.jsonl"))

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def active(self) -> str | None:
        return self.page.locator(".card.active").get_attribute("data-label")

    def state(self, label: str) -> Any:
        return self.page.locator(f'.card[data-label="{label}"]')


Opener = Callable[..., Review]


@pytest.fixture
def review(local: Browser, tmp_path: Path) -> Iterator[Opener]:
    """Serves the sample to a reviewer, and opens it at a width."""
    folder = write_reading(tmp_path / "read", reading())
    contexts, servers = [], []

    def opener(width: int = 1280, who: str = "Ada", path: str = "", **options: Any) -> Review:
        server = ReviewServer(Desk(folder, who, lambda: datetime(2025, 5, 2, 9, tzinfo=UTC)))
        servers.append(server)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}).start()
        context = local.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        shown = Review(context.new_page(), folder)
        shown.page.on(
            "console", lambda m: shown.errors.append(m.text) if m.type == "error" else None
        )
        shown.page.on("pageerror", lambda error: shown.errors.append(str(error)))
        shown.page.on("request", lambda request: shown.asked.append(request.url))
        shown.page.goto(server.url)
        if path:
            shown.page.goto(f"http://{server.host}{path}")
        return shown

    yield opener
    for context in contexts:
        context.close()
    for server in servers:
        server.shutdown()
        server.server_close()


def test_accept_and_reject_by_keyboard_go_on(review: Opener) -> None:
    shown = review()
    shown.press("j")
    assert shown.active() == "1"
    shown.press("a")
    expect(shown.state("1")).to_have_attribute("data-state", "accepted")
    expect(shown.state("2")).to_have_class("card draft active")
    shown.press("r")
    expect(shown.state("2")).to_have_attribute("data-state", "rejected")
    expect(shown.page.locator("#progress")).to_have_text("2 of 8 items decided")
    expect(shown.state("3")).to_have_class("card draft active")
    shown.press("k", "u")
    expect(shown.state("2")).to_have_attribute("data-state", "draft")
    assert shown.active() == "2"
    assert [d.action.value for d in shown.kept()] == ["accept", "reject", "undo"]
    assert shown.errors == []


def test_reject_with_a_reason(review: Opener) -> None:
    shown = review()
    shown.press("j", "Shift+R")
    shown.page.keyboard.type("zu lang, „weil“")
    shown.press("Enter")
    expect(shown.state("1")).to_have_attribute("data-state", "rejected")
    expect(shown.page.locator("dialog[open]")).to_have_count(0)
    assert shown.kept()[0].reason == "zu lang, „weil“"
    expect(shown.state("1").locator(".history")).to_contain_text("zu lang, „weil“")


def test_edit_by_keyboard(review: Opener) -> None:
    shown = review()
    shown.press("j", "j", "j", "e")
    shown.press("End", *["Control+Shift+ArrowLeft"] * 2, "Delete")
    shown.press("Enter")
    assert shown.page.locator("dialog#edit").is_visible(), "a line end is no command"
    shown.press("Backspace", "Control+Enter")
    expect(shown.state("3")).to_have_attribute("data-state", "edited")
    (kept,) = shown.kept()
    assert [s["text"] for s in kept.after["content"]] == ["sie habe dem"]
    assert set(kept.after) == {"content"}
    expect(shown.page.locator(".text").first.locator('[data-content~="3"]')).to_have_text(
        "sie habe dem"
    )
    assert shown.active() == "3"


def test_an_edit_that_is_not_in_the_text_says_so_and_keeps_the_form(review: Opener) -> None:
    shown = review()
    shown.press("j", "e")
    shown.page.keyboard.type("never said")
    shown.press("Control+Enter")
    expect(shown.page.locator("#edit .error")).to_contain_text("does not stand in the document")
    assert shown.kept() == []
    shown.press("Escape")
    expect(shown.page.locator("dialog[open]")).to_have_count(0)
    shown.press("a")
    expect(shown.state("1")).to_have_attribute("data-state", "accepted")


def test_words_selected_in_the_text_go_into_the_form(review: Opener) -> None:
    shown = review()
    shown.press("j", "j", "j", "j")
    shown.page.evaluate(
        """() => {
          const piece = [...document.querySelectorAll('.text [data-start]')]
            .find((one) => one.textContent.includes('Belmar '));
          const node = piece.firstChild, at = node.data.indexOf('Belmar');
          getSelection().setBaseAndExtent(node, at, node, at + 6);
        }"""
    )
    shown.press("e")
    speaker = shown.page.locator('[data-quotes="speaker"]')
    speaker.locator("textarea").fill("")
    speaker.locator("button").click()
    shown.press("Control+Enter")
    expect(shown.state("4")).to_have_attribute("data-state", "edited")
    (span,) = shown.kept()[0].after["speaker"]["spans"]
    text = reading().documents[0].text
    assert (span["text"], span["start"]) == ("Belmar", text.index("Belmar fordere"))


def test_split_by_keyboard_and_back(review: Opener) -> None:
    shown = review()
    shown.press("j", "j", "j", "j", "s")
    expect(shown.page.locator('.cut [aria-pressed="true"]')).to_have_text("und")
    shown.press("ArrowRight", "ArrowLeft", "Enter")
    expect(shown.state("4a")).to_have_attribute("data-state", "edited")
    assert shown.active() == "4a"
    shown.press("j", "a")
    expect(shown.state("5")).to_have_class("card draft active")
    parts = shown.kept()[0].after["parts"]
    assert [p["content"][0]["text"] for p in parts] == [
        "dass die Beobachter sofort Zugang erhielten",
        "und dass die Sperre der Bucht ende",
    ]
    shown.press("k", "u")
    expect(shown.state("4b").locator(".history li")).to_have_count(1)
    shown.press("u")
    expect(shown.state("4")).to_have_attribute("data-state", "to_review")
    assert shown.errors == []


def test_filters_and_keys_go_together(review: Opener) -> None:
    shown = review()
    shown.page.select_option("#f-kind", "denial")
    expect(shown.page.locator(".card:not([hidden])")).to_have_count(2)
    assert shown.page.inner_text("#shown") == "2 of 8 shown"
    shown.page.locator("body").click(position={"x": 5, "y": 5})
    shown.press("j")
    assert shown.active() == "3"
    shown.press("j")
    assert shown.active() == "6"
    shown.page.select_option("#f-kind", "")
    shown.page.select_option("#f-speaker", "MEDIA:Nord")
    expect(shown.page.locator(".card:not([hidden])")).to_have_count(1)


def test_text_and_cards_are_linked_both_ways(review: Opener) -> None:
    shown = review()
    shown.page.locator(".m.hedge").last.click()
    assert shown.active() == "8"
    expect(shown.page.locator(".m.on-hedge")).to_have_text("possibly")
    shown.page.locator("a.no", has_text="2").first.click()
    assert shown.active() == "2"
    assert shown.page.locator(".on-content").all_text_contents() == [
        "dass auch die Gegenseite ihre Angriffe einstelle"
    ]
    shown.page.locator(".m.content", has_text="ab dem 3. Mai").click()
    assert shown.active() == "1"
    shown.state("1").locator('a[href^="#c-"]').click()
    assert shown.active() == "2"


def test_help_opens_and_single_keys_can_be_turned_off(review: Opener) -> None:
    shown = review()
    shown.press("?")
    expect(shown.page.locator("#help")).to_be_visible()
    shown.page.locator("#keys").uncheck()
    shown.press("Escape", "j")
    expect(shown.page.locator(".card.active")).to_have_count(0)


def test_it_asks_this_machine_alone(review: Opener) -> None:
    shown = review(path="/de")
    shown.press("j", "a")
    expect(shown.state("1")).to_have_attribute("data-state", "accepted")
    assert "akzeptiert" in shown.state("1").inner_text()
    assert {url.split("/")[2].split(":")[0] for url in shown.asked if "data:" not in url} == {
        "127.0.0.1"
    }
    assert shown.errors == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("opened", ["", "j", "je", "js", "?"])
def test_axe_finds_nothing(review: Opener, scheme: str, opened: str) -> None:
    shown = review(color_scheme=scheme, bypass_csp=True)
    shown.press(*opened)
    shown.page.add_script_tag(path=str(AXE))
    found = shown.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert [(v["id"], [n["html"][:150] for n in v["nodes"][:3]]) for v in found["violations"]] == []


@pytest.mark.parametrize("path", ["", "/de"])
def test_a_telephone_shows_it_without_scrolling_sideways(review: Opener, path: str) -> None:
    shown = review(360, path=path)
    shown.page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    assert shown.page.evaluate("document.documentElement.scrollWidth") <= 360
    for keys in ("je", "s"):
        shown.press(*keys)
        dialog = shown.page.locator("dialog[open]")
        box = dialog.bounding_box()
        assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 360
        assert dialog.evaluate("(d) => d.scrollWidth <= d.clientWidth")
        shown.press("Escape")


def test_two_reviewers_one_after_the_other(review: Opener) -> None:
    ada = review()
    ada.press("j")
    for label in range(1, 9):
        ada.press("a")
        expect(ada.state(str(label))).to_have_attribute("data-state", "accepted")
    ben = review(who="Ben")
    expect(ben.page.locator("#progress")).to_have_text("0 of 8 items decided")
    assert "Ada" not in ben.page.content()
    ben.press("j")
    for label in range(1, 9):
        ben.press("r" if label == 3 else "a")
        state = "rejected" if label == 3 else "accepted"
        expect(ben.state(str(label))).to_have_attribute("data-state", state)
    ben.page.reload()
    expect(ben.page.locator(".figures")).to_contain_text("equal in 7 (88 %)")


# --- the file ---------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [360, 1280])
def test_the_file_opens_from_disk_and_decides_nothing(
    open_page: Callable[..., Opened], tmp_path: Path, width: int
) -> None:
    file = tmp_path / "review.html"
    file.write_text(tell_review(reading()), encoding="utf-8")
    shown = open_page(file, width)
    for key in ("j", "j", "a", "e", "s"):
        shown.page.keyboard.press(key)
    assert shown.page.locator(".card.active").get_attribute("data-label") == "2"
    assert shown.page.locator("dialog[open]").count() == 0
    assert shown.page.evaluate("document.documentElement.scrollWidth") <= width
    assert shown.errors == [] and shown.asked == []


def test_the_file_can_be_read_without_its_script(
    open_page: Callable[..., Opened], tmp_path: Path
) -> None:
    file = tmp_path / "review.html"
    file.write_text(tell_review(reading()), encoding="utf-8")
    page = open_page(file, java_script_enabled=False).page
    assert page.locator("#tools").is_hidden() and page.locator("#help-open").is_hidden()
    card = page.locator("details.card").first
    card.locator("summary").click()
    assert card.locator("dl").is_visible()
    page.locator("a.no").nth(2).click()
    assert page.url.endswith(f"#c-{ITEMS[2].id}")


def test_every_card_is_printed_open(open_page: Callable[..., Opened], tmp_path: Path) -> None:
    file = tmp_path / "review.html"
    file.write_text(tell_review(reading()), encoding="utf-8")
    page = open_page(file, 700, java_script_enabled=False).page
    page.emulate_media(media="print")
    heights = [card.bounding_box() or {} for card in page.locator(".card dl").all()]
    assert len(heights) == len(ITEMS) and all(box.get("height", 0) > 20 for box in heights)
    assert page.locator("#tools").is_hidden()


def test_axe_finds_nothing_in_the_file(open_page: Callable[..., Opened], tmp_path: Path) -> None:
    file = tmp_path / "review.html"
    file.write_text(tell_review(reading(), language="de"), encoding="utf-8")
    page = open_page(file, bypass_csp=True).page
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    page.add_script_tag(path=str(AXE))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert [(v["id"], [n["html"][:150] for n in v["nodes"][:3]]) for v in found["violations"]] == []
