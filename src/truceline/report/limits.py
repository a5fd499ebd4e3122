"""What the dossier cannot say, with the numbers that make it so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from truceline.domain.claim import Claim
from truceline.domain.incident import Says
from truceline.domain.place import InRegistry, Precision
from truceline.domain.result import Result
from truceline.report.words import REGISTRY, plural, say
from truceline.thresholds import CLOUD_REACH_KM

FIXED = (
    "All content is claimed or alleged by whoever is named, unless a line of evidence of another "
    "origin is shown beside it. A claim does not become an observation by being repeated.",
    "Assessments whose author is the engine are drafts; no person has signed them.",
    "Likelihood ratios rest on provisional rates, most of them decided by the project and not "
    "measured; the interval shows what is known of them. No probability is stated, because no "
    "prior odds are.",
    "No rates, trends or comparisons over time are computed in this edition.",
    "Nothing is said about which side keeps the terms better; the data cannot carry that.",
    "Coverage describes the past only. A usable look means that the record of a UTC day is whole "
    "and that the daily mean of the nearest weather point, up to "
    f"{CLOUD_REACH_KM:g} km away, does not speak of a closed sky; it does not mean that somebody "
    "watched all day.",
    "Background heat is a rate for a class of objects, not that of the single site; heat that is "
    "always there is masked by what earlier records show, which have gaps.",
)


def limits(result: Result) -> list[str]:
    """Plain sentences: what holds for every dossier, then what this one counts."""
    return [*FIXED, *_computed(result)]


def _computed(result: Result) -> Iterator[str]:
    claims = [account for incident in result.incidents for account in incident.accounts]
    yield from _about_claims(claims)
    n = len(result.incidents)
    answers = Counter(evidence.match.answer for evidence in result.evidence.values())
    told = "; ".join(f"{say(a, REGISTRY)} ({answers[a]})" for a in InRegistry if answers[a])
    yield f"Registries of protected objects, incidents by answer: {told or 'none'}."
    n_signal = sum(
        any(line.says is Says.SIGNAL for line in evidence.lines)
        for evidence in result.evidence.values()
    )
    yield f"Incidents with at least one line of evidence that reports a signal: {n_signal} of {n}."
    n_held = sum(area.partly_held is True for area in result.areas)
    if result.areas:
        yield (
            f"Areas that are marked as partly held by another party than their own: {n_held} of "
            f"{len(result.areas)}; for the others no source of the case says so. No front line is "
            "drawn or assumed."
        )
    for source in result.inputs:
        yield from (f"{source.title}: {note}" for note in source.notes)
    n_set_aside = len(result.quarantine)
    yield f"Rows that broke the contract of their source and were set aside: {n_set_aside}."


def _about_claims(claims: list[Claim]) -> Iterator[str]:
    n = len(claims)
    coarse = [c for c in claims if c.place.precision in (Precision.DISTRICT, Precision.REGION)]
    yield (
        f"{len(coarse)} of {plural(n, 'claim')} name a place no better than a district or region; "
        "no distance and no sensor is used for them."
    )
    loose = [c for c in claims if c.occurred.precision in ("report_date", "inferred", "unknown")]
    yield (
        f"{len(loose)} of {plural(n, 'claim')} carry only the date of a published list, a date "
        "worked out from words, or none."
    )
    unreplied = sum(c.response == "unknown" for c in claims)
    yield (
        f"For {unreplied} of {plural(n, 'claim')} no reply of the other side was found in what was "
        "read. That does not prove silence."
    )
    assumed = sum(c.known.assumed for c in claims)
    yield (
        f"For {assumed} of {plural(n, 'claim')} the date from which the claim could be known is "
        "assumed, because its source carries none."
    )
    unplaced = sum(c.object_class is None for c in claims)
    yield f"For {unplaced} of {plural(n, 'claim')} the kind of object cannot be placed."
    no_act = sum(c.act is None for c in claims)
    yield f"For {no_act} of {plural(n, 'claim')} the wording does not tell which act is meant."
