"""Every question about change that a case asks, under every reading and clause."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import numpy as np

from truceline import thresholds as t
from truceline.assess import refusals
from truceline.assess.rates import Asked, ask_change
from truceline.assess.rates_words import tell_refused, tell_total
from truceline.assess.reciprocity import TooFewDays, conclude, estimate_reciprocity
from truceline.assess.reciprocity_words import tell_reciprocity
from truceline.assess.substitution import ask_substitution
from truceline.assess.windows import Placed, place_window
from truceline.domain import detection
from truceline.domain.agreement import Agreement, Clause, Reading
from truceline.domain.rates import Change, Conclusion, Finding, Refusal, Window
from truceline.domain.series import Series, Truce
from truceline.domain.trees import OBJECTS
from truceline.pipeline.edition import Edition
from truceline.pipeline.series import add_up, build_series
from truceline.sources.asked import Ask, Question, SeriesAsked, Unit
from truceline.sources.casefile import Case
from truceline.sources.records import Stage, silent


@dataclass(frozen=True)
class Questions:
    """The series of a case by id, those that cannot be made by their units, and the terms."""

    series: dict[str, Series]
    mixed: dict[str, dict[str, str]]
    agreement: Agreement
    truces: tuple[Truce, ...]
    measured: dict[tuple[str, Placed], Change] = field(default_factory=dict)

    @property
    def under(self) -> Iterator[tuple[Reading, Clause]]:
        """Every clause of every reading, in the order of the agreement."""
        return ((reading, c) for reading in self.agreement.readings for c in reading.clauses)


def assess_rates(
    case: Case, edition: Edition, ask: detection.Ask, stage: Stage = silent
) -> tuple[tuple[Finding, ...], dict[str, Series]]:
    """Findings in the order of the case, series first, then questions; and the series by id."""
    series, mixed = _series(case, edition, ask)
    asked = Questions(series, mixed, edition.agreement, edition.records.truces)
    found: list[Finding] = []
    for one in case.file.series:
        stage(f"rates of {one.id}")
        found += _changes(one, asked)
    for question in case.file.questions:
        stage(f"question {question.id}")
        found += _answers(question, asked)
    return tuple(found), series


def _series(
    case: Case, edition: Edition, ask: detection.Ask
) -> tuple[dict[str, Series], dict[str, dict[str, str]]]:
    made = build_series(case, edition, ask)
    mixed: dict[str, dict[str, str]] = {}
    for one in case.file.series:
        if not one.sum:
            continue
        members = [made[name] for name in one.sum]
        units = {member.id: member.unit for member in members}
        if set(units.values()) == {one.unit.value}:
            made[one.id] = add_up(one, members)
        else:
            mixed[one.id] = {**units, one.id: one.unit.value}
    return made, mixed


def _changes(one: SeriesAsked, asked: Questions) -> Iterator[Finding]:
    for reading, clause in asked.under:
        if one.id in asked.mixed:
            yield _refused_sum(one, asked.mixed[one.id], reading, clause)
        else:
            yield ask_change(_asked(asked, asked.series[one.id], reading, clause))


def _asked(asked: Questions, series: Series, reading: Reading, clause: Clause) -> Asked:
    return Asked(series, reading, clause, asked.agreement, asked.truces, asked.measured)


def _refused_sum(
    one: SeriesAsked, units: dict[str, str], reading: Reading, clause: Clause
) -> Finding:
    finding = Finding(
        id=f"change-{one.id}-{reading.id}-{clause.id}",
        ask="change",
        series=(one.id,),
        reading=reading.id,
        clause=clause.id,
        conclusion=Conclusion.REFUSED,
        refusals=(refusals.mixed_units(units),),
    )
    return replace(finding, sentences=(tell_refused(finding, one.title),))


def _answers(question: Question, asked: Questions) -> Iterator[Finding]:
    missing = [name for name in (*question.of, *question.instead) if name in asked.mixed]
    if missing:
        units = {name: unit for name in missing for name, unit in asked.mixed[name].items()}
        yield _no_answer(question, asked, (refusals.mixed_units(units),))
        return
    if question.ask is Ask.TOTAL:
        yield _total(question, asked)
    elif question.ask is Ask.RECIPROCITY:
        yield _reciprocity(question, asked)
    elif question.ask is Ask.SUBSTITUTION:
        yield from _substitution(question, asked)
    else:
        yield from _about(question, asked)


def _no_answer(question: Question, asked: Questions, refused: Sequence[Refusal]) -> Finding:
    finding = Finding(
        id=f"{question.ask}-{question.id}",
        ask=question.ask,
        series=(*question.of, *question.instead),
        reading="",
        clause="",
        conclusion=Conclusion.REFUSED,
        refusals=tuple(refused),
    )
    return replace(finding, sentences=tuple(tell_total(finding)))


def _about(question: Question, asked: Questions) -> Iterator[Finding]:
    """A change of acts of one side, or against one class: asked of series that may not tell."""
    for name in question.of:
        series = asked.series[name]
        refused = []
        if question.object_class and not (
            series.object_class and OBJECTS.covers(question.object_class, series.object_class)
        ):
            refused.append(replace(refusals.no_target_class((question.object_class,)), whole=True))
        if question.side and series.side != question.side:
            refused.append(replace(refusals.no_side((question.side,)), whole=True))
        if refused:
            yield replace(
                _no_answer(question, asked, refused),
                id=f"change-{question.id}-{name}",
                series=(name,),
            )
            continue
        for reading, clause in asked.under:
            finding = ask_change(_asked(asked, series, reading, clause))
            yield replace(finding, id=f"change-{question.id}-{name}-{reading.id}-{clause.id}")


def _total(question: Question, asked: Questions) -> Finding:
    """How many were there in all?  Lists of counts hold no entries that could be matched."""
    sides = {asked.series[name].side for name in question.of}
    opposed = len(question.of) == 2 and len(sides - {""}) == 2
    refusal = refusals.opposed_lists if opposed else refusals.not_matched
    return _no_answer(question, asked, (refusal(question.of),))


def _reciprocity(question: Question, asked: Questions) -> Finding:
    of = [asked.series[name] for name in question.of]
    refused = []
    if len({one.unit for one in of}) > 1:
        refused.append(refusals.mixed_units({one.id: one.unit for one in of}))
    if not all(one.side for one in of) or of[0].side == of[1].side:
        sides = sorted(asked.agreement.parties)
        refused.append(replace(refusals.no_side(sides), whole=True))
    if refused:
        return _no_answer(question, asked, refused)
    if max(one.first for one in of) > min(one.last for one in of):
        return _no_answer(question, asked, (refusals.too_few_for_answers(0),))
    window, a, b = _common_days(of, asked)
    known = ~np.isnan(a) & ~np.isnan(b)
    names = (of[0].side, of[1].side)
    delay = max(one.delay_d for one in of)
    seed = zlib.crc32("|".join(sorted(names)).encode())
    try:
        found = estimate_reciprocity(
            np.nan_to_num(a), np.nan_to_num(b), names, known=known, delay_d=delay, seed=seed
        )
    except TooFewDays:
        few = refusals.too_few_for_answers(window.n_known)
        return replace(_no_answer(question, asked, (few,)), window=window)
    titles = {one.side: one.title for one in of}
    return Finding(
        id=f"reciprocity-{question.id}",
        ask="reciprocity",
        series=question.of,
        reading="",
        clause="",
        conclusion=conclude(found),
        window=window,
        reciprocity=found,
        sentences=tell_reciprocity(found, titles, of[0].unit, window),
    )


def _common_days(of: Sequence[Series], asked: Questions) -> tuple[Window, np.ndarray, np.ndarray]:
    """Days of both series around the clocks of all readings; nan where one of them is unknown."""
    first, last = max(one.first for one in of), min(one.last for one in of)
    clocks = [place_window(r.clock, of[0]) for r in asked.agreement.readings]
    starts = [placed.window.first for placed in clocks if placed]
    if starts:
        reach = timedelta(days=t.RECIPROCITY_REACH_D)
        first, last = max(first, min(starts) - reach), min(last, max(starts) + reach)
    n = (last - first).days + 1
    a, b = (
        np.array([np.nan if c is None else float(c) for c in one.counts[one.index(first) :][:n]])
        for one in of
    )
    known = int((~np.isnan(a) & ~np.isnan(b)).sum())
    return Window(first, last, n, known, True, False), a, b


def _substitution(question: Question, asked: Questions) -> Iterator[Finding]:
    touched = _sum_of(question.of, asked)
    untouched = _sum_of(question.instead, asked)
    if touched is None or untouched is None:
        units = {n: asked.series[n].unit for n in (*question.of, *question.instead)}
        yield _no_answer(question, asked, (refusals.mixed_units(units),))
        return
    for reading, clause in asked.under:
        yield ask_substitution(
            question.id,
            touched,
            untouched,
            reading,
            clause.id,
            asked.truces,
            question.object_class,
        )


def _sum_of(names: Sequence[str], asked: Questions) -> Series | None:
    members = [asked.series[name] for name in names]
    if len(members) == 1:
        return members[0]
    if len({one.unit for one in members}) > 1:
        return None
    first = members[0]
    made = SeriesAsked(
        id="-".join(names).replace("_", "-"),
        title=first.title,
        unit=Unit(first.unit),
        sum=tuple(names),
        zone=first.zone,
    )
    return add_up(made, members)
