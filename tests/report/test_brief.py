"""The brief: five findings, evidence for each sentence, nothing to quote against one side."""

from __future__ import annotations

import re

import pytest
from tests.report.builders import result

from truceline.report.brief import STATUSES, brief, status_of, tell_brief
from truceline.report.dossier import build_dossier
from truceline.report.plain import Item
from truceline.report.strength import WORDS, band, strength
from truceline.thresholds import STRENGTH_BOUNDS


@pytest.fixture(scope="module")
def dossier() -> Item:
    return build_dossier(result(), "0.1.0")


def test_five_findings_each_with_claim_assessment_and_facts(dossier: Item) -> None:
    findings = brief(dossier)
    assert len(findings) == 5
    for finding in findings:
        assert finding["claim"] and finding["assessment"]
        for part in ("claim", "assessment", "facts"):
            assert all(s["text"] for s in finding[part])


def test_every_sentence_names_evidence_that_exists(dossier: Item) -> None:
    claims = {a["claim"] for i in dossier["incidents"] for a in i["accounts"]}
    entries = {s["id"] for s in dossier["statements"]}
    entries |= {m["id"] for m in dossier["timeline"]["counts"]}
    readings = {reading["id"] for reading in dossier["agreement"]["readings"]}
    for finding in brief(dossier):
        for sentence in [*finding["claim"], *finding["assessment"]]:
            assert sentence["evidence"]
        for sentence in [s for key in ("claim", "assessment", "facts") for s in finding[key]]:
            for ref in sentence["evidence"]:
                if ref.startswith("dossier.json#"):
                    part: object = dossier
                    for key in ref.removeprefix("dossier.json#").split("."):
                        assert isinstance(part, dict)
                        part = part[key]
                else:
                    known = ref in claims | entries | readings
                    assert known or re.fullmatch(r"\+\d+|[ST]\d+", ref)


def test_totals_of_the_first_finding_speak_of_all_sides_at_once(dossier: Item) -> None:
    """A sentence that numbers claims against one party numbers those against the other too."""
    first = brief(dossier)[0]
    for sentence in [*first["claim"], *first["facts"][:2]]:
        told = tell_brief(dossier)
        assert "Aland" in told and "Belland" in told
        values = str(sentence["text"])
        assert ("A" in values) == ("B" in values)


def test_statuses_are_kept_apart(dossier: Item) -> None:
    found = {status_of(incident) for incident in dossier["incidents"]}
    assert found <= set(STATUSES)
    bare = {**dossier["incidents"][0], "lines": [], "assessments": [{"verdict": "undetermined"}]}
    assert status_of(bare) == "not_verifiable"
    looked = {**bare, "lines": [{"says": "nothing_seen"}]}
    assert status_of(looked) == "not_confirmed"
    unusable = {**bare, "lines": [{"says": "unusable"}]}
    assert status_of(unusable) == "not_verifiable"


def test_words_for_strength_follow_the_bounds_and_the_cautious_end() -> None:
    assert len(WORDS) == len(STRENGTH_BOUNDS) + 1
    assert [band(bound) for bound in STRENGTH_BOUNDS] == [1, 2, 3, 4, 5, 6]
    assert str(strength({"lr_low": 2.4, "lr_high": 15.0})) == "weak support that it occurred"
    assert str(strength({"lr_low": 0.001, "lr_high": 0.05})).endswith("that it did not occur")
    assert str(strength({"lr_low": 0.5, "lr_high": 400.0})) == "no support either way"


def test_the_same_bytes_every_time(dossier: Item) -> None:
    for language in ("en", "de"):
        assert tell_brief(dossier, language) == tell_brief(dossier, language)
