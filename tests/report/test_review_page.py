"""The review page: every span marked, escaped whatever a document holds, in every language."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from tests.report.review_sample import Maker, document, reading

from truceline.archive.reading import Reading
from truceline.domain.decisions import Action, Decision, fingerprint, judged_by
from truceline.domain.words import (
    Attribution,
    Kind,
    Modality,
    Mood,
    Polarity,
    Reciprocity,
    Review,
    Span,
    Speaker,
)
from truceline.report.review_codes import TABLES
from truceline.report.review_marks import marks_of, pieces
from truceline.report.review_page import ReviewPage, Served, tell_review
from truceline.report.reviewers import alike, kappa_of, told_alike
from truceline.report.tongue import LANGUAGES

VOID = {"meta", "br", "input", "link"}


class Outline(HTMLParser):
    """What a page holds: ids, links, attributes that would run, and the text of each document."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.running: list[str] = []
        self.scripts = 0
        self.texts: list[str] = []
        self._depth = 0
        self._skip = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        self.scripts += tag == "script"
        self.ids += [held["id"]] if held.get("id") else []
        self.links += [v for k, v in attrs if k in ("href", "src", "action", "srcset") and v]
        self.running += [k for k, _ in attrs if k.startswith("on") or k == "style"]
        if tag not in VOID:
            self.open.append(tag)
        if "data-document" in held:
            self.texts.append("")
            self._depth = len(self.open)
        self._skip = tag == "a" and held.get("class") == "no"

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        self._depth = 0 if len(self.open) < self._depth else self._depth
        self._skip = False

    def handle_data(self, data: str) -> None:
        if self._depth and not self._skip:
            self.texts[-1] += data


NASTY = (
    "</script><script>alert(1)</script> <img src=x onerror=alert(2)> \"' & <!-- ]]> "
    "\u202edetrever\u202c \u2066x\u2069 \x00 \x1b[2J \u200b \ufeff {{ 7*7 }} {% raw %} "
    "https://example.org/x javascript:alert(3) &lt;b&gt; 𝔸"
)


def nasty() -> Reading:
    one = document(f"{NASTY}.txt", f"Vorher. {NASTY} Nachher.", "de", notes=(NASTY,))
    held = Maker(one)
    spans = held.cut(NASTY)
    item = held.item(Kind.CLAIM, NASTY, Speaker(actor="MEDIA:x", spans=spans), hedges=spans)
    return Reading((one,), (item.model_copy(update={"rule": NASTY, "engine": NASTY}),))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("served", [None, Served("Ada <b>", "n0nce")])
def test_a_hostile_document_stays_text(language: str, served: Served | None) -> None:
    held = nasty()
    item = held.items[0]
    log = [
        Decision(
            item=item.id,
            document=item.document,
            action=Action.REJECT,
            reviewer="Ada </script>",
            at="2025-05-02T09:00:00Z",
            seen=fingerprint(item),
            reason=NASTY,
        )
    ]
    view = judged_by(held.items, log, "Ada </script>")
    page = ReviewPage(held, view, language=language, served=served).page()
    found = Outline(page)
    assert found.open == []
    assert found.scripts == 2, "one of data, one of ours"
    assert found.running == []
    assert all(link.startswith(("#", "/")) for link in found.links)
    assert not re.search("[\x00\x1b\u202a-\u202e\u2066-\u2069\u200b\ufeff]", page)
    assert "49" not in found.texts[0]


def test_what_cannot_be_seen_is_shown_by_its_number() -> None:
    text = Outline(tell_review(nasty())).texts[0]
    shown = NASTY
    for char in "\u202e\u202c\u2066\u2069\x00\x1b\u200b\ufeff":
        shown = shown.replace(char, f"U+{ord(char):04X}")
    assert text == f"Vorher. {shown} Nachher."


def test_a_condition_is_linked_by_its_number() -> None:
    held = reading()
    assert f'<a href="#c-{held.items[1].id}">Statement 2</a>' in tell_review(held)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_holds_every_text_and_item_once_and_links_them(language: str) -> None:
    held = reading()
    page = tell_review(held, language=language)
    found = Outline(page)
    assert found.texts == [one.text for one in held.documents]
    for item in held.items:
        assert found.ids.count(f"c-{item.id}") == found.ids.count(f"t-{item.id}") == 1
        assert found.links.count(f"#t-{item.id}") == 1
        assert f"#c-{item.id}" in found.links
    assert len(found.ids) == len(set(found.ids))
    assert {link[1:] for link in found.links if link[0] == "#"} <= set(found.ids)
    assert f'<html lang="{language}">' in page
    assert "<button" not in page.split("<main")[1].split("</main>")[0], "the file is read-only"


def test_the_file_needs_nothing_and_is_the_same_every_time() -> None:
    page = tell_review(reading())
    assert page == tell_review(reading())
    assert not re.search(r"(?:src|href)=[\"']?(?:https?:)?//|@import|url\((?![\"']?data:)", page)
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy and policy[1].startswith("default-src 'none'; ") and "sha256-" in policy[1]


def test_a_served_page_has_the_nonce_and_no_policy_of_its_own() -> None:
    page = ReviewPage(reading(), served=Served("Ada", "n0nce")).page()
    assert page.count('nonce="n0nce"') == 2
    assert "Content-Security-Policy" not in page


def test_every_code_has_words() -> None:
    for table, codes in (
        ("kind", Kind),
        ("attribution", Attribution),
        ("polarity", Polarity),
        ("modality", Modality),
        ("mood", Mood),
        ("reciprocity", Reciprocity),
        ("state", Review),
    ):
        assert list(TABLES[table]) == [code.value for code in codes]


def test_no_colour_goes_by_party() -> None:
    """Swapping the sides changes their codes and nothing else."""
    held = reading()
    swap = {"GRP:Arkania": "GRP:Belmar", "GRP:Belmar": "GRP:Arkania"}
    form = re.compile("|".join(swap))

    def swapped(text: str) -> str:
        return form.sub(lambda found: swap[found[0]], text)

    items = tuple(type(i).model_validate_json(swapped(i.model_dump_json())) for i in held.items)
    one, two = tell_review(held), tell_review(Reading(held.documents, items))
    assert one != two
    assert swapped(one) == two


# --- pieces -----------------------------------------------------------------------------------


def test_nested_and_overlapping_spans_are_all_shown() -> None:
    one = document("x.txt", "abc defg hijk lmn", "en")
    held = Maker(one)
    outer = held.item(Kind.CLAIM, "abc defg hijk", Speaker())
    inner = held.item(Kind.CONDITION, "defg", Speaker(spans=held.cut("efg hi")))
    found = pieces(one.text, [*marks_of(outer, "1"), *marks_of(inner, "2")])
    assert "".join(text for p in found for text, _ in p.runs) == one.text
    told = {p.start: (p.roles, p.depth, p.labels, p.begins) for p in found}
    assert told == {
        0: (("content",), 1, "1", ("1",)),
        4: (("content", "condition"), 2, "2 1", ("2",)),
        5: (("content", "speaker", "condition"), 2, "2 1", ()),
        8: (("content", "speaker"), 1, "1 2", ()),
        11: (("content",), 1, "1", ()),
        13: ((), 0, "", ()),
    }


def test_offsets_count_code_points() -> None:
    one = document("x.txt", "𝔸𝔹 é sagt nein", "de")
    item = Maker(one).item(Kind.DENIAL, "nein", Speaker())
    page = tell_review(Reading((one,), (item,)))
    assert (
        '<span class="m content" data-start="10" data-of="1" data-content="1">nein</span>' in page
    )


# --- two reviewers ----------------------------------------------------------------------------


def decisions(who: str, actions: str) -> list[Decision]:
    held = reading()
    named = {"a": Action.ACCEPT, "r": Action.REJECT, "e": Action.EDIT}
    return [
        Decision(
            item=item.id,
            document=item.document,
            action=named[letter],
            reviewer=who,
            at="2025-05-02T09:00:00Z",
            seen=fingerprint(item),
            after={"content": [cut(held, item.document)]} if letter == "e" else {},
        )
        for item, letter in zip(held.items, actions, strict=False)
    ]


def cut(held: Reading, sha256: str) -> dict[str, object]:
    return Span.cut(held.texts[sha256], 0, 10).model_dump()


def test_figures_of_two_reviewers() -> None:
    held = reading()
    log = [*decisions("Ada", "aaaarraa"), *decisions("Ben", "aaararae")]
    (pair,) = alike(held.items, log)
    assert (pair.n, pair.equal, pair.share) == (8, 5, 0.625)
    chance = (6 * 5 + 2 * 2 + 0 * 1) / 64
    assert pair.kappa == pytest.approx((0.625 - chance) / (1 - chance))
    assert pair.low is not None and pair.high is not None
    assert pair.low < pair.kappa < pair.high <= 1
    assert (pair.n_kept, pair.same_words) == (5, 4)
    assert pair.overlap == pytest.approx(4 / 5)
    told = [str(sentence) for sentence in told_alike(pair)]
    assert told[0].startswith("Ada and Ben both decided about 8 items; decisions are equal in 5")
    assert len(told) == 3


def test_kappa_against_a_worked_example() -> None:
    """A table of 2 by 2 with marginals worked out by hand: observed 0.7, by chance 0.5."""
    answers = [("a", "a")] * 35 + [("r", "r")] * 35 + [("a", "r")] * 15 + [("r", "a")] * 15
    kappa, low, high = kappa_of(answers)
    assert kappa == pytest.approx(0.4)
    assert (low, high) == (pytest.approx(0.2083, abs=1e-3), pytest.approx(0.5621, abs=1e-3))


def test_equal_decisions_have_an_interval_and_one_kind_has_no_kappa() -> None:
    kappa, low, high = kappa_of([("a", "a")] * 5 + [("r", "r")] * 5)
    assert kappa == high == 1 and low is not None and 0 < low < 1
    assert kappa_of([("a", "a")] * 5) == kappa_of([]) == (None, None, None)
    held = reading()
    (pair,) = alike(held.items, [*decisions("Ada", "aaaa"), *decisions("Ben", "aaaa")])
    assert pair.kappa is None and "not defined" in told_alike(pair)[1]
    (none,) = alike(held.items, [*decisions("Ada", "a"), *decisions("Ben", "")[:0], *ben_last()])
    assert none.n == 0 and "not decided about the same item" in told_alike(none)[0]


def ben_last() -> list[Decision]:
    return decisions("Ben", "aaaaaaaa")[-1:]


def test_figures_are_of_what_was_decided_unseen() -> None:
    """What a reviewer changes once done, and thus in sight of the other, does not count."""
    held = reading()
    log = [*decisions("Ada", "aaaaaaaa"), *decisions("Ben", "rrrrrrrr"), *decisions("Ben", "aaaa")]
    (pair,) = alike(held.items, log)
    assert (pair.n, pair.equal) == (8, 0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_figures_are_told_on_the_page(language: str) -> None:
    held = reading()
    log = [*decisions("Ada", "aaaarraa"), *decisions("Ben", "aaararae")]
    told = [sentence for pair in alike(held.items, log) for sentence in told_alike(pair)]
    page = tell_review(held, language=language, figures=told)
    assert "62 %" in page and "Ada" in page
