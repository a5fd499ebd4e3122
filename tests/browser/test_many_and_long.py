"""Thousands of incidents, and languages with other letters and longer words."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from gettext import NullTranslations
from pathlib import Path

import pytest
from tests.browser.conftest import Opened

from truceline.domain.said import KIND
from truceline.pipeline.write import Written
from truceline.report import page as pages
from truceline.report import tongue as tongues
from truceline.report.page import tell_page

pytestmark = pytest.mark.browser

Opener = Callable[..., Opened]
CYRILLIC = str.maketrans("abcdefghijklmnoprstuvyz", "абцдефгхійклмнопрстувиз")


class Long(NullTranslations):
    """Every word in Cyrillic and half as long again; placeholders stay."""

    def gettext(self, message: str) -> str:
        parts = re.split(r"(\{[^}]*\})", message)
        return "".join(p if p.startswith("{") else self._long(p) for p in parts)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)

    def _long(self, text: str) -> str:
        return re.sub(
            r"[A-Za-z]{4,}",
            lambda found: (found[0] + found[0][: len(found[0]) // 2]).lower().translate(CYRILLIC),
            text,
        )


def test_the_stand_in_keeps_placeholders() -> None:
    told = Long().gettext("{n} of {incidents:told} undetermined")
    assert KIND.findall(told) == [("n", ""), ("incidents", "told")] and "унде" in told


@pytest.mark.parametrize("width", [390, 768, 1280])
def test_long_cyrillic_words_fit_and_have_their_letters(
    open_page: Opener,
    dossier: Written,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    width: int,
) -> None:
    monkeypatch.setattr(tongues, "_translations", lambda language: Long())
    monkeypatch.setattr(tongues.Tongue, "_knows", lambda self, text: False)
    outlines = json.loads((dossier.folder / "areas.odbl.geojson").read_text(encoding="utf-8"))
    file = tmp_path / "dossier.uk.html"
    file.write_text(tell_page(dossier.dossier, outlines, "uk"), encoding="utf-8")
    shown = open_page(file, width)
    assert shown.errors == []
    assert shown.page.evaluate("document.documentElement.scrollWidth") <= width
    shown.page.evaluate("document.fonts.ready")
    used = shown.page.evaluate(
        "[...document.fonts].filter((f) => f.status === 'loaded').map((f) => f.unicodeRange)"
    )
    assert any("U+400" in unicode.upper().replace("U+0400", "U+400") for unicode in used)


def test_two_hundred_incidents_are_packed_and_open_all_the_same(
    open_page: Opener, dossier: Written, tmp_path: Path
) -> None:
    many = copy.deepcopy(dossier.dossier)
    more = copy.deepcopy(many["incidents"][: pages.PACKED_FROM + 20 - len(many["incidents"])])
    for incident in more:
        incident["id"] += "-again"
    many["incidents"] += more
    file = tmp_path / "dossier.html"
    file.write_text(tell_page(many), encoding="utf-8")
    assert file.stat().st_size < 1_500_000
    page = open_page(file).page
    last = page.locator("details.incident").last
    assert last.locator(".verdict").count() == 0
    last.locator("summary").first.click()
    last.locator(".verdict").first.wait_for()
    assert more[-1]["accounts"][0]["claim"] in last.inner_text()
    target = more[0]["id"]
    page.goto(f"{file.as_uri()}#{target}")
    page.locator(f"[id='{target}'] .verdict").first.wait_for()
    page.fill("#f-words", more[3]["accounts"][0]["claim"])
    assert page.locator("details.incident:not([hidden])").count() == 2
