"""The benchmark: everything that `docs/validation.md` tells, as plain frozen data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from truceline.errors import MissingFile, Where
from truceline.validation import crossval, models
from truceline.validation import scores as sc
from truceline.validation.crossval import Choice, Predict, Problem, Progress
from truceline.validation.features import (
    DAILY,
    MODIS,
    OFFSETS,
    Fires,
    read_daily,
    read_modis,
)
from truceline.validation.forward import Forward, Later, forward_chaining, score_later
from truceline.validation.labels import (
    FIRST_DAY,
    GROUPS,
    LAST_DAY,
    Bools,
    Event,
    Floats,
    Windows,
    draw_windows,
    held_back,
    read_events,
)
from truceline.validation.parameters import (
    LABELS,
    OUTLINES,
    REPLICATES,
    SetFit,
    fit_set,
    input_hashes,
    parameters_text,
)
from truceline.validation.sky import Sky, measure_sky

MARGIN = 0.002
"""The heat model may be worse than the logistic model by so much (nats per event): less than a
tenth of what the simplest rule gains over a coin.  Stated in the plan, before the benchmark."""
SLOPE_RANGE = (0.8, 1.2)
EDGES_TRIED = (
    (2.0,),
    (5.0,),
    (8.0,),
    (1.0, 2.0),
    (2.0, 5.0),
    (1.0, 2.0, 5.0),
    (2.0, 5.0, 8.0),
    (1.0, 2.0, 5.0, 8.0),
)


NOT_USED = 1e9
"""So many dates that a site's own record moves nothing."""

AS_USED = (
    ("better than 1 km, as labelled points are", models.SCORED_KM),
    ("about 1 km: a facility in a case", (2.0, 5.0)),
    ("about 5 km: a town", (5.0,)),
)
"""How well a place is known, and the rings (km) that the engine then tells apart."""


@dataclass(frozen=True)
class Score:
    """One model under one scheme of blocks."""

    model: str
    log_score: sc.Interval
    brier: sc.Interval
    slope: sc.Interval
    intercept: sc.Interval
    ranking: sc.Ranking
    gains: dict[str, sc.Interval]
    """Log score of this model less that of each other one, per event."""
    reliability: Sequence[tuple[float, sc.Interval, int]]


@dataclass(frozen=True)
class Slice:
    """Part of the events: a class, a month, or one sort of controls."""

    what: str
    n_events: int
    n_controls: int
    shown: float
    shown_anyway: float
    gain_near: sc.Interval
    gain_every: sc.Interval
    auc: sc.Interval
    recall: sc.Interval


@dataclass(frozen=True)
class Used:
    """The heat model with the rings that are told apart at places known so well; by place."""

    known_to: str
    edges_km: tuple[float, ...]
    log_score: sc.Interval
    gain_near: sc.Interval
    slope: sc.Interval
    auc: sc.Interval


@dataclass(frozen=True)
class Part:
    """The benchmark of one set of sensors."""

    name: str
    n_events: int
    n_windows: int
    n_lost: int
    n_blocks: int
    standing: tuple[float, float]
    strength: float
    by_scheme: dict[str, list[Score]]
    as_used: list[Used]
    slices: list[Slice]
    choices: dict[str, list[Choice]]


@dataclass(frozen=True)
class Benchmark:
    """Everything measured on labels; ``parameters`` is the text of the parameter file."""

    inputs: dict[str, str]
    n_rows: dict[str, int]
    parts: list[Part]
    forward: Forward
    later: Later | None
    sky: Sky
    fits: list[SetFit]
    parameters: str


def run_benchmark(labels: Path, data: Path, quick: bool, progress: Progress) -> Benchmark:
    """Read, cross-validate, fit and look ahead; ``quick`` draws fewer replicates and blocks.

    Nothing is fitted on labels after `LAST_DAY`; these are scored with the stored parameters.
    """
    progress("reading labels and fires")
    events = read_events(labels, data / OUTLINES)
    early, late = held_back(events)
    if not early:
        early = _fitted_labels(labels, data)
    windows = draw_windows(early, FIRST_DAY, LAST_DAY)
    heat = read_fires(data)
    problems, fits = [], []
    for name, sensors in (("MODIS and VIIRS", ("MODIS", "VIIRS")), ("MODIS", ("MODIS",))):
        progress(f"{name}: fires near {len(windows)} windows")
        problem = crossval.pose(name, windows, heat[name], heat["MODIS"])
        problems.append(problem)
        strength = problem.strength
        n_draws = REPLICATES // 4 if quick else REPLICATES
        fits.append(fit_set(name, sensors, problem.windows, problem.told, strength, n_draws))
    fits.reverse()
    replicates = 200 if quick else sc.REPLICATES
    parts = [
        _part(each, windows, heat[each.name], replicates, quick, progress) for each in problems
    ]
    progress("forward chaining")
    ahead = forward_chaining(problems[0], replicates)
    later = score_later(late, problems[0], data, replicates) if late else None
    sky = measure_sky(data)
    inputs = input_hashes(labels, data)
    rows = {"events": len(events), "fitted": len(early), "later": len(late)}
    text = parameters_text(fits, sky, inputs)
    return Benchmark(inputs, rows, parts, ahead, later, sky, fits, text)


def _fitted_labels(labels: Path, data: Path) -> list[Event]:
    """Labels of the fitted months, where the file handed in has later ones only."""
    known = data / LABELS
    if not known.is_file():
        raise MissingFile(
            f"no label up to {LAST_DAY}, and there is no {known}",
            Where(str(labels)),
            expected="labels of the fitted months in the same file, or in that one",
            remedy="rules and rivals learn from these months; put the file there",
        )
    return held_back(read_events(known, data / OUTLINES))[0]


def read_fires(data: Path) -> dict[str, Fires]:
    """Fires of both sets of sensors, up to the last date that may be used."""
    until = LAST_DAY
    return {
        "MODIS and VIIRS": read_daily(data / DAILY, until),
        "MODIS": read_modis([data / name for name in MODIS], until),
    }


def fit_parameters(labels: Path, data: Path) -> str:
    """Text of the parameter file, without the benchmark."""
    windows = draw_windows(held_back(read_events(labels, data / OUTLINES))[0], FIRST_DAY, LAST_DAY)
    heat, fits = read_fires(data), []
    for name, sensors in (("MODIS", ("MODIS",)), ("MODIS and VIIRS", ("MODIS", "VIIRS"))):
        problem = crossval.pose(name, windows, heat[name], heat["MODIS"])
        fits.append(fit_set(name, sensors, problem.windows, problem.told, problem.strength))
    return parameters_text(fits, measure_sky(data), input_hashes(labels, data))


def _part(
    problem: Problem,
    drawn: Windows,
    fires: Fires,
    replicates: int,
    quick: bool,
    progress: Progress,
) -> Part:
    windows = problem.windows
    judged = sc.Judged.of(windows, replicates)
    schemes = crossval.SCHEMES[:1] if quick else crossval.SCHEMES
    by_scheme: dict[str, list[Score]] = {}
    primary: dict[str, Floats] = {}
    for scheme in schemes:
        p = crossval.forecasts(problem, scheme, progress)
        primary = primary or p
        by_scheme[scheme] = [_score(name, p, judged) for name in crossval.MODELS]
    stands = problem.told.stands_at(models.WINDOW) <= max(models.SCORED_KM)
    progress(f"{problem.name}: choices")
    return Part(
        problem.name,
        int(windows.struck.sum()),
        len(windows),
        int(drawn.struck.sum() - windows.struck.sum()),
        len(np.unique(windows.block)),
        (float(stands[windows.struck].mean()), float(stands[~windows.struck].mean())),
        problem.strength,
        by_scheme,
        [_used(problem, judged, primary[crossval.NEAR], *each) for each in AS_USED],
        [_slice(what, keep, problem, primary, judged) for what, keep in _slices(windows)],
        {} if quick else _choices(problem),
    )


def _score(name: str, p: dict[str, Floats], judged: sc.Judged) -> Score:
    own = sc.log_scores(p[name], judged.struck)
    slope, intercept = sc.calibration(p[name], judged)
    return Score(
        name,
        judged.mean(own),
        judged.mean(sc.brier_scores(p[name], judged.struck)),
        slope,
        intercept,
        sc.rank(p[name], judged),
        {
            rival: judged.mean(own - sc.log_scores(p[rival], judged.struck))
            for rival in crossval.MODELS
            if rival != name
        },
        sc.reliability(p[name], judged),
    )


def _used(
    problem: Problem,
    judged: sc.Judged,
    near: Floats,
    known_to: str,
    edges_km: tuple[float, ...],
) -> Used:
    """Held out by place, with some rings only, against forecasts of the 2 km rule."""
    predict = _variant(problem.strength, edges_km=edges_km)
    p = crossval.held_out(problem, crossval.SCHEMES[0], predict)
    own = sc.log_scores(p, judged.struck)
    return Used(
        known_to,
        edges_km,
        judged.mean(own),
        judged.mean(own - sc.log_scores(near, judged.struck)),
        sc.calibration(p, judged)[0],
        sc.rank(p, judged).auc,
    )


def _slices(windows: Windows) -> list[tuple[str, Bools]]:
    """Classes and months of the strike of each event, and either sort of controls alone."""
    size = int(windows.event.max()) + 1
    group, month = np.zeros(size, np.int64), np.zeros(size, np.int64)
    struck = windows.struck
    group[windows.event[struck]] = windows.group[struck]
    month[windows.event[struck]] = windows.month[struck]
    found = [(GROUPS[g], group[windows.event] == g) for g in range(len(GROUPS))]
    found[0] = ("other than energy", found[0][1])
    for each in np.unique(month[windows.event]):
        year, number = divmod(int(each) - 1, 12)
        found.append((f"{year}-{number + 1:02}", month[windows.event] == each))
    found.append(("controls at the same site", windows.sort != 2))
    found.append(("controls on the same date", windows.sort != 1))
    return found


def _slice(
    what: str, keep: Bools, problem: Problem, p: dict[str, Floats], judged: sc.Judged
) -> Slice:
    windows = problem.windows.take(keep).matched()
    keep = keep & np.isin(problem.windows.event, windows.event)
    part = replace(judged.take(keep), weight=problem.windows.take(keep).weight)
    heat, near, every = (
        sc.log_scores(p[name][keep], part.struck)
        for name in (crossval.HEAT, crossval.NEAR, crossval.EVERY)
    )
    fire = problem.near[keep]
    ranking = sc.rank(p[crossval.HEAT][keep], part)
    return Slice(
        what,
        int(part.struck.sum()),
        int((~part.struck).sum()),
        float(fire[part.struck].mean()),
        float(np.average(fire[~part.struck], weights=part.weight[~part.struck])),
        part.mean(heat - near),
        part.mean(every - near),
        ranking.auc,
        ranking.recall[1],
    )


def _choices(problem: Problem) -> dict[str, list[Choice]]:
    """Held-out scores of what was chosen: edges, dates, own record, season, standing heat."""
    strength = problem.strength

    def edges(*km: float) -> tuple[str, Predict]:
        return "within " + ", ".join(f"{each:g}" for each in km) + " km", _variant(
            strength, edges_km=km
        )

    def dates(text: str, *offsets: int) -> tuple[str, Predict]:
        return text, _variant(strength, offsets=offsets)

    def told(dates: float) -> str:
        return "not used" if dates == NOT_USED else f"{dates:g} dates"

    def weight(own: str, text: str) -> list[tuple[str, Predict]]:
        return [
            (f"{text}, {told(each)}", _variant(each, own=own))
            for each in (*models.OWN_STRENGTHS, NOT_USED)
        ]

    tables: dict[str, list[tuple[str, Predict]]] = {
        "edges": [edges(*km) for km in EDGES_TRIED],
        "dates": [
            dates("same date", 0),
            dates("same or next date", 0, 1),
            dates("same date to two later", 0, 1, 2),
            dates("one before to one later", -1, 0, 1),
        ],
        "own": weight("own", "75 days before"),
        "season": weight("season", "same season, 2018 to 2021"),
    }
    readable = problem.told.readable(OFFSETS)
    whole = np.isin(problem.windows.event, problem.windows.take(readable).matched().event)
    subject = {"dates": problem.take(whole & readable)}
    found = {
        name: crossval.compare_alternatives(
            [(what, subject.get(name, problem), predict) for what, predict in each]
        )
        for name, each in tables.items()
    }
    found["standing"] = _standing(problem)
    return found


def _standing(problem: Problem) -> list[Choice]:
    """What is made of heat of long standing, and what that costs."""

    def nothing(train: Problem, test: Problem) -> Floats:
        stands = test.told.stands_at(models.WINDOW) <= max(models.SCORED_KM)
        return np.where(stands, 0.5, _variant(problem.strength, standing=False)(train, test))

    return crossval.compare_alternatives(
        [
            ("the site's own record is its background", problem, _variant(problem.strength)),
            ("it says nothing", problem, nothing),
            ("like any other heat", problem, _variant(problem.strength, standing=False)),
        ]
    )


def _variant(
    strength: float,
    edges_km: tuple[float, ...] = models.SCORED_KM,
    offsets: tuple[int, ...] = models.WINDOW,
    own: str = "own",
    standing: bool = True,
) -> Predict:
    def predict(train: Problem, test: Problem) -> Floats:
        rates = models.fit(train.windows, train.told, strength, edges_km, offsets, own)
        return models.predict(rates, test.windows, test.told, offsets, own, standing)

    return predict
