"""Who answers whom: the numbers do not hang on the order of sides, nor on days without figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter1d

from truceline import thresholds as t
from truceline.assess.reciprocity import (
    TooFewDays,
    conclude,
    estimate_reciprocity,
    find_answers,
)
from truceline.assess.reciprocity_model import (
    CROSS_A,
    CROSS_B,
    LOADS,
    MEMORY,
    PROMPT_A,
    PROMPT_B,
    SELF_A,
    SELF_B,
    VARIANCE_A,
    VARIANCE_B,
    Array,
    Design,
    Tables,
    fit_whole,
    implied,
    levels,
    measure,
    standardise,
)
from truceline.assess.reciprocity_null import Past, draw_pasts
from truceline.assess.reciprocity_words import tell_reciprocity
from truceline.domain.rates import Band, Conclusion, Direction, Reciprocity, Window
from truceline.errors import BadInput

NAMES = ("north", "south")


@pytest.fixture
def few_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Enough to see whether two answers are equal, and no more."""
    monkeypatch.setattr(t, "RECIPROCITY_DRAWS", 39)
    monkeypatch.setattr(t, "RECIPROCITY_POWER_DRAWS", 20)


def pair(n: int, seed: int, rates: tuple[float, float] = (3.0, 5.0)) -> tuple[Array, Array]:
    """Two sides under one shared shock a day; A also follows B by a day."""
    random = np.random.Generator(np.random.PCG64(seed))
    shock = random.gamma(4.0, 0.25, n)
    b = random.poisson(rates[1] * shock).astype(float)
    a = random.poisson(rates[0] * 0.5 * shock + 0.5 * rates[0] / rates[1] * np.roll(b, 1))
    return a.astype(float), b


def whole(n: int) -> np.ndarray:
    return np.ones(n, dtype=bool)


# --- sides ------------------------------------------------------------------------------------


@pytest.mark.usefixtures("few_draws")
@pytest.mark.parametrize("seed", range(6))
def test_swapping_the_sides_swaps_the_answer(seed: int) -> None:
    rates = ((3.0, 5.0), (0.5, 20.0), (4.0, 4.0))[seed % 3]
    a, b = pair(60 + seed, seed, rates)
    known = np.random.Generator(np.random.PCG64(seed)).random(a.size) > 0.1
    ask = {"known": known, "delay_d": seed % 3, "seed": seed}
    there = estimate_reciprocity(a, b, NAMES, **ask)
    back = estimate_reciprocity(b, a, NAMES[::-1], **ask)
    assert back == replace(there, directions=there.directions[::-1], n_of=there.n_of[::-1])
    renamed = estimate_reciprocity(b, a, NAMES, **ask)
    assert [replace(each, of="", after="") for each in renamed.directions[::-1]] == [
        replace(each, of="", after="") for each in there.directions
    ]


@pytest.mark.usefixtures("few_draws")
def test_the_same_seed_gives_the_same_numbers_and_another_seed_the_same_excess() -> None:
    a, b = pair(60, 1)
    one, same, other = (
        estimate_reciprocity(a, b, NAMES, known=whole(60), delay_d=0, seed=seed)
        for seed in (1, 1, 2)
    )
    assert one == same
    assert one != other
    assert [d.excess.value for d in one.directions] == [d.excess.value for d in other.directions]


def test_a_side_that_answers_is_found_and_the_other_is_not() -> None:
    random = np.random.Generator(np.random.PCG64(5))
    b = random.poisson(4.0, 400).astype(float)
    a = random.poisson(2.0 + 0.3 * np.roll(b, 1) + 0.2 * np.roll(b, 2)).astype(float)
    told = estimate_reciprocity(a, b, NAMES, known=whole(400), delay_d=0, seed=5)
    north, south = told.directions
    assert (north.after, north.of) == NAMES
    assert (north.found, south.found) == (True, False)
    assert north.excess.low < 0.5 < north.excess.high
    assert south.excess.low < 0.0 < south.excess.high
    assert conclude(told) is Conclusion.INDICATED
    assert find_answers(b, a, NAMES, known=whole(400), delay_d=0, seed=5) == (False, True)


def test_an_answer_within_the_delay_of_reports_is_not_told() -> None:
    random = np.random.Generator(np.random.PCG64(6))
    b = random.poisson(4.0, 200).astype(float)
    a = random.poisson(0.5 + 0.875 * np.roll(b, 1)).astype(float)
    ask = {"known": whole(200), "seed": 6}
    assert find_answers(a, b, NAMES, delay_d=0, **ask) == (True, False)
    assert find_answers(a, b, NAMES, delay_d=1, **ask) == (False, False)


# --- days without figures ---------------------------------------------------------------------


@pytest.mark.usefixtures("few_draws")
def test_what_stands_on_unknown_days_is_not_looked_at() -> None:
    a, b = pair(70, 2)
    known = whole(70)
    known[[3, 20, 21, 50]] = False
    told = []
    for filling in (0.0, 999.0, np.nan):
        filled = [np.where(known, x, filling) for x in (a, b)]
        told.append(
            estimate_reciprocity(filled[0], filled[1], NAMES, known=known, delay_d=0, seed=2)
        )
    assert told[0] == told[1] == told[2]
    assert told[0].n_days == 66
    assert dict(told[0].n_of) == {"north": a[known].sum(), "south": b[known].sum()}


@pytest.mark.usefixtures("few_draws")
def test_unknown_days_are_not_zeros() -> None:
    a, b = pair(70, 2)
    known = whole(70)
    known[30:40] = False
    a[~known] = b[~known] = 0.0
    unknown = estimate_reciprocity(a, b, NAMES, known=known, delay_d=0, seed=2)
    filled = estimate_reciprocity(a, b, NAMES, known=whole(70), delay_d=0, seed=2)
    assert unknown.n_of == filled.n_of
    assert (unknown.n_days, filled.n_days) == (60, 70)
    for one, other in zip(unknown.directions, filled.directions, strict=True):
        assert one.excess.value != pytest.approx(other.excess.value, abs=0.01)


def test_a_level_is_that_of_the_known_days() -> None:
    known = whole(60)
    known[20:30] = False
    counts = np.where(known, 6.0, 0.0)
    design = Design((1, 7), 0, 7.0)
    assert levels(counts, known, design) == pytest.approx(6.0)
    assert levels(counts, whole(60), design)[25] < 4.0
    assert standardise(counts, known, design) == pytest.approx(0.0)


def test_the_week_is_taken_out() -> None:
    counts = np.where(np.arange(280) % 7 < 2, 2.0, 8.0)
    level = levels(counts, whole(280), Design((1, 7), 0, 7.0))
    assert np.corrcoef(level[20:-20], counts[20:-20])[0, 1] > 0.99


@pytest.mark.parametrize(
    ("a", "b", "known", "words"),
    [
        (np.ones(20), np.ones(20), whole(20), "20 days"),
        (np.ones(200), np.ones(200), np.arange(200) < 27, "27 days"),
        (np.ones(60), np.zeros(60), whole(60), "no act of south"),
    ],
)
def test_too_few_days_or_acts_are_refused(
    a: Array, b: Array, known: np.ndarray, words: str
) -> None:
    with pytest.raises(TooFewDays, match=words) as error:
        estimate_reciprocity(a, b, NAMES, known=known, delay_d=0, seed=1)
    assert error.value.remedy


@pytest.mark.parametrize(
    "wrong", [{"delay_d": -1}, {"lags_d": (0, 7)}, {"lags_d": (3, 2)}, {"a": -np.ones(60)}]
)
def test_what_cannot_be_asked_is_refused(wrong: dict[str, object]) -> None:
    ask = {"a": np.ones(60), "b": np.ones(60), "known": whole(60), "delay_d": 0, "seed": 1}
    with pytest.raises(BadInput):
        estimate_reciprocity(names=NAMES, **(ask | wrong))


# --- the model against an implementation of its own -------------------------------------------

LATE = Design((1, 7), 1, 7.0)


def parameters() -> Array:
    values = np.zeros(LATE.n_parameters)
    values[[VARIANCE_A, VARIANCE_B, SELF_A, SELF_B]] = 0.5, 0.8, 0.3, 0.1
    values[[MEMORY, CROSS_A, CROSS_B]] = 0.6, 0.4, -0.2
    values[[PROMPT_A, PROMPT_B]] = 0.3, -0.1
    values[LOADS:] = 0.2, 0.5, 0.6, 0.0  # A hears of the shared factor late, B at once
    return values


def test_implied_correlations_are_those_of_long_series_made_day_by_day() -> None:
    p, kernel, m, n = parameters(), LATE.kernel, 400, 500
    random = np.random.Generator(np.random.PCG64(1))
    noise = random.standard_normal((n, 2, m)) * np.sqrt(p[[VARIANCE_A, VARIANCE_B]])[:, None]
    shock = random.standard_normal((n, m)) * np.sqrt(1 - p[MEMORY] ** 2)
    factor, x = np.zeros((n, m)), np.zeros((n, 2, m))
    cross = np.array([[p[SELF_A], p[CROSS_A]], [p[CROSS_B], p[SELF_B]]])
    for day in range(8, n):
        factor[day] = p[MEMORY] * factor[day - 1] + shock[day]
        heard = p[LOADS:].reshape(2, 2) @ factor[[day, day - 1]]
        past = np.tensordot(kernel[:0:-1], x[day - 7 : day], axes=1)
        sharp = p[[PROMPT_A, PROMPT_B], None] * (x[day - 1] - past)[::-1]
        x[day] = cross @ past + sharp + heard + noise[day]
    a, b = (x - gaussian_filter1d(x, LATE.level_d, axis=0))[60:-60].transpose(1, 0, 2)

    def lagged(first: Array, second: Array, k: int) -> float:
        return float(np.mean(first[k:] * second[: len(second) - k]))

    lags = range(LATE.reach + 1)
    made = [lagged(a, a, k) for k in lags] + [lagged(b, b, k) for k in lags]
    made += [lagged(a, b, k) for k in lags] + [lagged(b, a, k) for k in lags[1:]]
    assert implied(p[None], Tables.of(LATE))[0] == pytest.approx(made, abs=0.03)


def test_the_fit_finds_what_correlations_were_made_with() -> None:
    design = Design((1, 7), 0, 7.0)
    made = np.zeros((1, design.n_parameters))
    made[0, [VARIANCE_A, VARIANCE_B, SELF_A, CROSS_A]] = 0.75, 0.8, 0.2, 0.4
    made[0, [MEMORY, LOADS, LOADS + 1]] = 0.5, 0.3, 0.4
    tables = Tables.of(design)
    noise = np.random.Generator(np.random.PCG64(1)).standard_normal((2, 1, 400))
    moments = measure(noise[0], noise[1], whole(400), design)
    moments = replace(moments, values=implied(made, tables), scale=np.full((1, 2), 9.0))
    fitted = fit_whole(moments, design, tables)
    assert fitted.parameters[0, [CROSS_A, CROSS_B]] == pytest.approx([0.4, 0.0], abs=0.05)
    assert fitted.evidence[0, 0] > 3.0 > 0.3 > abs(fitted.evidence[0, 1])


def test_pasts_have_the_level_and_the_correlations_that_were_fitted() -> None:
    design = Design((1, 7), 0, 7.0)
    p = np.zeros(design.n_parameters)
    p[[VARIANCE_A, VARIANCE_B, SELF_A, CROSS_A, MEMORY]] = 0.7, 0.8, 0.2, 0.3, 0.5
    p[LOADS:], p[PROMPT_A] = 0.4, 0.2
    tables = Tables.of(design)
    scale = np.array([1.3, 1.3])
    level = np.full((2, 300), 8.0)
    random = np.random.Generator(np.random.PCG64(3))
    pasts = draw_pasts(Past.of(p, scale, level, design), design, 200, random)
    assert pasts.mean() == pytest.approx(8.0, rel=0.02)
    drawn = measure(*standardise(pasts, whole(300), design), whole(300), design).values.mean(axis=0)
    expected = implied(p[None], tables)[0]
    k = design.reach + 1
    expected[:k], expected[k : 2 * k], expected[2 * k :] = (
        expected[:k] / expected[0],
        expected[k : 2 * k] / expected[k],
        expected[2 * k :] / np.sqrt(expected[0] * expected[k]),
    )
    assert drawn == pytest.approx(expected, abs=0.04)


# --- what is said -----------------------------------------------------------------------------


def direction(of: str, after: str, *, power: float, high: float, found: bool) -> Direction:
    return Direction(of, after, Band(0.1, -0.2, high), 0.3, power, 0.5, found)


def reciprocity(*, power: float, high: float = 0.3, found: bool = False) -> Reciprocity:
    both = (
        direction("south", "north", power=power, high=high, found=found),
        direction("north", "south", power=0.9, high=0.3, found=False),
    )
    return Reciprocity(38, (("north", 120), ("south", 90)), (1, 7), 2, both, 299, 1)


@pytest.mark.parametrize(
    ("told", "conclusion", "words"),
    [
        (reciprocity(power=0.9), Conclusion.NOT_INDICATED, "did not follow"),
        (reciprocity(power=0.79), Conclusion.CANNOT_TELL, "cannot be told"),
        (reciprocity(power=0.9, high=0.6), Conclusion.CANNOT_TELL, "cannot be told"),
        (reciprocity(power=0.2, found=True), Conclusion.INDICATED, "beyond what both share"),
    ],
)
def test_conclusions_and_their_sentences(
    told: Reciprocity, conclusion: Conclusion, words: str
) -> None:
    assert conclude(told) is conclusion
    window = Window(date(2025, 3, 18), date(2025, 4, 26), 40, 38, True, False)
    titles = {"north": "strikes of the north", "south": "strikes of the south"}
    sentences = tell_reciprocity(told, titles, "event", window)
    assert words in sentences[0]
    assert sentences[0].values["after"] == "strikes of the north"
    assert "strikes of the north" in sentences[1]
    assert "38 of 40 days" in sentences[2]
    assert "up to 2 days late" in sentences[-1]
    for sentence in sentences[:2]:
        assert {"2025-03-18", "2025-04-26"} <= set(
            sentence.replace(":", "").replace(",", "").split()
        )
