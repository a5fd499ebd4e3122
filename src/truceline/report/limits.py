"""What the dossier cannot say, with the numbers that make it so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from truceline.domain.claim import Claim
from truceline.domain.incident import Says
from truceline.domain.place import InRegistry, Precision
from truceline.domain.result import Result
from truceline.domain.said import Said, said
from truceline.report.codes import N_
from truceline.report.headline import n_claims
from truceline.thresholds import CLOUD_REACH_KM, PASS_EMBARGO_H, PRIOR_ODDS

NOTE_OF_FILE = N_("{title:told}: {note:told}")
NO_REPLY = N_(
    "For {n} of {claims:told} no reply of the other side was found in what was read. That does "
    "not prove silence."
)
"""Limits that a daily report leaves out, or may have to."""

FIXED = (
    said(
        "All content is claimed or alleged by whoever is named, unless a line of evidence of "
        "another origin is shown beside it. A claim does not become an observation by being "
        "repeated."
    ),
    said("Assessments whose author is the engine are drafts; no person has signed them."),
    said(
        "Likelihood ratios rest on provisional rates, most of them decided by the project and not "
        "measured; the interval shows what is known of them. A probability of occurrence stands "
        "beside the ratio at stated prior odds of {odds:number} to 1; where nothing speaks it is "
        "those odds again, and no finding.",
        odds=PRIOR_ODDS,
    ),
    said("Nothing is said about which side keeps the terms better; the data cannot carry that."),
    said(
        "Coverage describes the past only. A usable look means that the record of a UTC day is "
        "whole and that the daily mean of the nearest weather point, up to {km:number} km away, "
        "does not speak of a closed sky; it does not mean that somebody watched all day.",
        km=CLOUD_REACH_KM,
    ),
    said(
        "A chance of a clear look is of the past; no pass of the last {hours:number} hours before "
        "the as-of is told, and there is no forecast. It counts only passes whose record is held. "
        "Cloud is a daily mean at a weather point, and the minute of a pass may have been "
        "clearer or not.",
        hours=PASS_EMBARGO_H,
    ),
    said(
        "How often a strike shows in a clear look is a rate for a group of kinds of objects, "
        "measured with few cases at another time, not that of the single site. Background heat is "
        "such a rate as well, moved by the record of the site itself as far as that is long "
        "enough. Heat that is always there is no detection by itself: it is weighed against what "
        "the site showed before, and earlier records have gaps."
    ),
)


CHANGE = said(
    "Counts by day are compared with baselines that were declared before looking. A fall is no "
    "sign that terms were kept, and a rise is nobody's doing; what cannot be told is refused."
)
NO_SERIES = said("The case declares no daily series, so that nothing is said of change over time.")


def limits(result: Result) -> list[str]:
    """Plain sentences: what holds for every dossier, then what this one counts."""
    return [*FIXED, CHANGE if result.series else NO_SERIES, *_computed(result)]


def _computed(result: Result) -> Iterator[Said]:
    claims = [account for incident in result.incidents for account in incident.accounts]
    yield from _about_claims(claims)
    answers = Counter(evidence.match.answer for evidence in result.evidence.values())
    told = [said("{answer:registry} ({n})", answer=a, n=answers[a]) for a in InRegistry]
    kept = [text for text in told if text.values["n"]]
    yield said(
        "Registries of protected objects, incidents by answer: {answers:clauses}.",
        answers=kept or [said("none")],
    )
    n_signal = sum(
        any(line.says is Says.SIGNAL for line in evidence.lines)
        for evidence in result.evidence.values()
    )
    yield said(
        "Incidents with at least one line of evidence that reports a signal: {n} of {all}.",
        n=n_signal,
        all=len(result.incidents),
    )
    if result.areas:
        yield said(
            "Areas that are marked as partly held by another party than their own: {n} of {all}; "
            "for the others no source of the case says so. No front line is drawn or assumed.",
            n=sum(area.partly_held is True for area in result.areas),
            all=len(result.areas),
        )
    for source in result.inputs:
        for note in source.notes:
            yield said(NOTE_OF_FILE, title=source.title, note=note)
    yield said(
        "Rows that broke the contract of their source and were set aside: {n}.",
        n=len(result.quarantine),
    )


def _about_claims(claims: list[Claim]) -> Iterator[Said]:
    every = n_claims(len(claims))
    coarse = [c for c in claims if c.place.precision in (Precision.DISTRICT, Precision.REGION)]
    yield said(
        "{n} of {claims:told} name a place no better than a district or region; no distance and "
        "no sensor is used for them.",
        n=len(coarse),
        claims=every,
    )
    loose = [c for c in claims if c.occurred.precision in ("report_date", "inferred", "unknown")]
    yield said(
        "{n} of {claims:told} carry only the date of a published list, a date worked out from "
        "words, or none.",
        n=len(loose),
        claims=every,
    )
    yield said(NO_REPLY, n=sum(c.response == "unknown" for c in claims), claims=every)
    yield said(
        "For {n} of {claims:told} the date from which the claim could be known is assumed, because "
        "its source carries none.",
        n=sum(c.known.assumed for c in claims),
        claims=every,
    )
    yield said(
        "For {n} of {claims:told} the kind of object cannot be placed.",
        n=sum(c.object_class is None for c in claims),
        claims=every,
    )
    yield said(
        "For {n} of {claims:told} the wording does not tell which act is meant.",
        n=sum(c.act is None for c in claims),
        claims=every,
    )
