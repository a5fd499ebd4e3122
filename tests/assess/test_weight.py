"""Bounds decide, not middles: what the numbers of a line may and may not do."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from importlib.resources import files

import pytest
from tests.made import DAY, claim, heat, hours, incident, line, look, report

from truceline import thresholds as t
from truceline.assess.evidence import report_lines, weigh
from truceline.assess.exposure import Past
from truceline.assess.heat_line import heat_line
from truceline.assess.heat_model import HeatModel
from truceline.assess.judge import GRAVITY
from truceline.domain.claim import Occurrence
from truceline.domain.detection import Detection
from truceline.domain.incident import Says
from truceline.domain.verdict import Verdict

MODEL = HeatModel.load()


def test_a_line_speaks_by_its_low_end_and_not_by_its_middle() -> None:
    wide = line(lr=50, origin="w", lr_low=1.0, lr_high=900.0)
    assert weigh([wide]).n_for == 0
    assert weigh([line(lr=50, origin="n", lr_low=1.2, lr_high=900.0)]).n_for == 1


def test_one_voice_for_it_keeps_silence_from_excluding_it() -> None:
    quiet = [line(Says.NOTHING_SEEN, 0.01, f"q{n}") for n in range(3)]
    assert weigh(quiet).excluded
    found = weigh([*quiet, line(lr=3)])
    assert found.lr_high <= t.EXCLUDED_LR and not found.excluded and found.contradicted


def test_of_reports_of_one_origin_the_one_that_says_most_either_way_counts() -> None:
    heard = report("R1", origin_id="o", sense="heard")
    quiet = report("R2", origin_id="o", finding="nothing_observed", interval=hours(-1, 30))
    (found,) = report_lines([heard, quiet])
    assert found.says is Says.NOTHING_SEEN  # 1/8.5 is farther from 1 than 5


@pytest.mark.parametrize(("minutes", "says"), [(-59, Says.SIGNAL), (-61, Says.UNUSABLE)])
def test_a_claimed_hour_may_be_late_by_the_slack_and_not_by_more(minutes: int, says: Says) -> None:
    at_noon = incident(claim(occurred=Occurrence(hours(12, 1), "hours")))
    pixel = heat(50.0, 30.0, DAY + timedelta(hours=12, minutes=minutes))
    fire = Detection("s", pixel, 0.5, 0, 0, 0, persistent=False)
    found = heat_line(at_noon, [look()], [fire], MODEL, Past(365, fresh=True))
    assert found is not None and found.says is says


def test_a_signal_tells_on_how_many_dates_it_burned() -> None:
    pixel = heat(50.0, 30.0, DAY + timedelta(hours=3))
    fire = Detection("s", pixel, 0.5, 0, 0, 0, persistent=False)
    looks = [look(), replace(look(), day=DAY.date() + timedelta(days=1))]
    found = heat_line(incident(claim()), looks, [fire], MODEL, Past(365, fresh=True))
    assert found is not None and "1 on 1 of 2 UTC dates" in found.because


def test_of_several_clauses_sight_beats_blindness_and_blindness_beats_silence() -> None:
    assert GRAVITY[:3] == (
        Verdict.BREACH_INDICATED,
        Verdict.UNDETERMINED,
        Verdict.NO_BREACH_INDICATED,
    )


def test_every_number_of_judgement_has_a_name_in_the_code_and_says_why() -> None:
    code = files("truceline").joinpath("thresholds.py").read_text(encoding="utf-8")
    named = re.findall(r'_number\(f?"(.+?)"\)', code)
    patterns = [re.compile(re.sub(r"\{\w+\}", r"[a-z_]+", name)) for name in named]
    for number in t.ALL.values():
        assert any(pattern.fullmatch(number.name) for pattern in patterns), number.name
        assert number.unit and number.reason and number.source
