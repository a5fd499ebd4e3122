"""The drawings of rates: inside their frame, unknown is no zero, nothing told by colour alone."""

from __future__ import annotations

import copy
import re
from dataclasses import fields
from datetime import date
from itertools import combinations
from typing import Any

import pytest
from tests.report import rates_sample as sample
from tests.report.builders import NASTY, result

from truceline.domain import rates
from truceline.report.daily import build_daily, tell_daily
from truceline.report.dossier import build_dossier
from truceline.report.environment import environment, resource
from truceline.report.exit_figure import STATES, code_of, exit_figure, texture
from truceline.report.page import tell_page
from truceline.report.plain import Item
from truceline.report.rates_axes import Days, Ratios, crosses, falling, slanted, upright
from truceline.report.rates_figure import series_figure
from truceline.report.rates_forest import (
    MULTIPLES,
    baselines_figure,
    placebo_figure,
    substitution_figure,
)
from truceline.report.rates_page import exit_page, rates_brief, rates_daily, rates_page
from truceline.report.tongue import Tongue

MOST_BYTES = 25_000
"""What a drawing may weigh."""

POINT = re.compile(r"([MLHVhvlamz])([^MLHVhvlamz]*)")
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


@pytest.fixture
def dossier() -> Item:
    made = build_dossier(result(), "0.1.0")
    return {**made, "rates": sample.findings(), "exit_states": sample.exit_states()}


def tongue(dossier: Item, language: str = "en") -> Tongue:
    return Tongue(language, dossier, html=True)


def points(path: str) -> list[tuple[float, float]]:
    """Corners of a path of straight lines; of curves the end alone."""
    x = y = 0.0
    found = []
    for command, text in POINT.findall(path):
        numbers = [float(n) for n in NUMBER.findall(text)]
        step = {"H": 1, "h": 1, "V": 1, "v": 1, "a": 7, "z": 0}.get(command, 2)
        for i in range(0, len(numbers), step or 1):
            last = numbers[i : i + step]
            if command in "ML":
                x, y = last
            elif command in "lma":
                x, y = x + last[-2], y + last[-1]
            elif command in "Hh":
                x = last[0] + (x if command == "h" else 0)
            elif command in "Vv":
                y = last[0] + (y if command == "v" else 0)
            found.append((x, y))
    return found


def drawings(html: str) -> list[str]:
    return re.findall(r'<svg class="figure".*?</svg>', html, re.DOTALL)


def told(dossier: Item, language: str = "en") -> str:
    """The section and the drawing of the ways out, as the page has them."""
    t = tongue(dossier, language)
    source = (
        '{% import "rates.html.j2" as f with context %}'
        "{{ f.rates_section(rates) }}{{ f.ways_out(exits) }}"
    )
    html: str = (
        environment(t)
        .from_string(source)
        .render(rates=rates_page(dossier, t), exits=exit_page(dossier, t), paper="")
    )
    return html


# --- the sample ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("of", "item"),
    [
        (rates.Finding, sample.fell()),
        (rates.Shown, sample.fell()["shown"]),
        (rates.Change, sample.fell()["change"]),
        (rates.Effect, sample.fell()["change"]["effects"][0]),
        (rates.Placebo, sample.placebo()),
        (rates.Trend, sample.fell()["change"]["trend"]),
        (rates.ChangePoint, sample.change_point("north")),
        (rates.Refusal, sample.missing()["refusals"][0]),
        (rates.Attack, sample.attacks()[0]),
        (rates.Window, sample.window()),
        (rates.Shift, sample.substitution()["shifts"][0]),
        (rates.Reciprocity, sample.reciprocity()["reciprocity"]),
        (rates.Direction, sample.reciprocity()["reciprocity"]["directions"][0]),
    ],
)
def test_the_sample_has_the_fields_of_the_types(of: Any, item: Item) -> None:
    assert {field.name for field in fields(of)} == set(item) - {"series_titles", "unit"}


# --- all drawings ---------------------------------------------------------------------------------


def test_without_findings_nothing_is_drawn(dossier: Item) -> None:
    empty = {**dossier, "rates": []}
    del empty["exit_states"]
    assert told(empty).strip() == ""
    page = tell_page(empty)
    assert 'id="rates"' not in page and 'href="#rates"' not in page


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_drawing_is_small_inside_its_frame_and_has_words(
    dossier: Item, language: str
) -> None:
    html = told(dossier, language)
    found = drawings(html)
    assert len(found) == 6
    for drawing in found:
        assert len(drawing.encode()) <= MOST_BYTES
        width, height = map(float, re.findall(r'viewBox="0 0 (\S+) (\S+)"', drawing)[0])
        corners = [p for path in re.findall(r' d="([^"]+)"', drawing) for p in points(path)]
        assert len(corners) > 20
        assert all(-0.6 <= x <= width + 0.6 and -0.6 <= y <= height + 0.6 for x, y in corners)
        for x, y in re.findall(r'<text class="[^"]+" x="([^"]+)" y="([^"]+)"', drawing):
            assert 0 <= float(x) <= width and 0 <= float(y) <= height
        for label in re.findall(r'aria-labelledby="(\S+) (\S+)"', drawing)[0]:
            assert drawing.count(f'id="{label}"') == 1


def test_labels_do_not_meet(dossier: Item) -> None:
    """By the width that letters need on average; the names of the class say where a text ends."""
    for drawing in drawings(told(dossier)):
        boxes = []
        texts = re.findall(r'<text class="([^"]+)" x="(\S+)" y="(\S+)">([^<]*)<', drawing)
        for kind, x, y, text in texts:
            wide = len(text) * 5.4
            left = float(x)
            if kind in ("name", "small"):
                left -= wide
            elif kind in ("on", "number", "date", "count"):
                left -= wide / 2
            boxes.append((left, left + wide, float(y) - 8, float(y), text))
        for a, b in combinations(boxes, 2):
            apart = a[1] <= b[0] or b[1] <= a[0] or a[3] <= b[2] or b[3] <= a[2]
            assert apart, (a, b)


def test_titles_are_escaped(dossier: Item) -> None:
    for finding in dossier["rates"]:
        finding["series_titles"] = [NASTY, NASTY]
        finding["unit"] = NASTY
        finding["reading"] = NASTY
        for clock in (finding["shown"] or {"clocks": []})["clocks"]:
            clock["reading"] = NASTY
        for refusal in finding["refusals"]:
            refusal |= {"text": NASTY, "remedy": NASTY, "code": NASTY}
    html = told(dossier)
    assert "<script" not in html and "&lt;script&gt;" in html


def test_every_kind_of_mark_has_a_line_or_fill_of_its_own() -> None:
    """In black on white each class still differs: by dash, width, fill or by its texture."""
    css = resource("figures.css")

    def style(name: str) -> str:
        rule = next(line for line in css.splitlines() if re.search(rf"svg \.{name}[ ,]", line))
        return re.sub(r"var\(--(?!card|ink|mark)\w+\)", "grey", rule.split("{")[1])

    lines = ["counts", "bandmid", "observed", "guide", "break"]
    kinds = [re.sub(r"(?<!-)\bstroke: [^;]+;", "", style(name)) for name in lines]
    assert len(set(kinds)) == len(lines), "lines that differ by colour alone"
    box = (0.0, 0.0, 40.0, 16.0)
    textures = [slanted(*box), falling(*box), upright(*box), crosses(*box)]
    assert len(set(textures)) == 4 and all(textures)
    drawn = {(texture(s, *box), style(f"x-{s}").split(";")[0]) for s in STATES}
    assert len(drawn) == len(STATES)
    marks = [style("m-touched"), style("m-untouched"), style("m-total")]
    assert len(set(marks)) == 3


@pytest.mark.parametrize("make", [slanted, falling, upright, crosses])
@pytest.mark.parametrize("box", [(10.0, 20.0, 3.0, 14.0), (0.0, 0.0, 200.0, 9.0)])
def test_textures_stay_inside_their_box(make: Any, box: tuple[float, ...]) -> None:
    x, y, width, height = box
    corners = points(make(x, y, width, height))
    assert corners
    for at_x, at_y in corners:
        assert x - 0.2 <= at_x <= x + width + 0.2 and y - 0.2 <= at_y <= y + height + 0.2


# --- series -------------------------------------------------------------------------------------


def test_one_drawing_for_each_series_however_many_readings(dossier: Item) -> None:
    panels = series_figure(dossier, tongue(dossier))["panels"]
    assert [panel["id"] for panel in panels] == ["drones", "dead"]
    assert [lane["name"] for lane in panels[0]["lanes"]] == ["north", "south"]


def test_an_unknown_day_is_a_gap_with_crosses_and_never_zero(dossier: Item) -> None:
    panel = series_figure(dossier, tongue(dossier))["panels"][1]
    assert panel["n_unknown"] == 24
    axis = Days(sample.FIRST, sample.N_DAYS, panel["left"])
    start, end = axis.at(90), axis.at(114)
    edges = [x for x, _ in points(panel["unknown"]["box"])]
    assert (min(edges), max(edges)) == pytest.approx((start, end), abs=0.06)
    steps = points(panel["line"])
    assert not [x for x, _ in steps if start + 0.1 < x < end - 0.1]
    assert max(y for _, y in steps) < panel["base"], "no step reaches zero"
    told_counts = [n for row in panel["table"] for n in row["counts"]]
    assert told_counts == dossier["rates"][2]["shown"]["counts"]
    assert told(dossier).count("<td>?</td>") == 24 + 5


def test_a_zero_is_drawn_on_the_axis(dossier: Item) -> None:
    dossier["rates"][2]["shown"]["counts"][:3] = [0, 0, 5]
    panel = series_figure(dossier, tongue(dossier))["panels"][1]
    assert points(panel["line"])[0] == (panel["left"], panel["base"])


def test_readings_in_another_order_are_drawn_in_another_order_and_nothing_else(
    dossier: Item,
) -> None:
    turned = copy.deepcopy(dossier)
    turned["agreement"]["readings"].reverse()
    turned["rates"][:2] = turned["rates"][1::-1]
    one, other = (series_figure(d, tongue(d))["panels"] for d in (dossier, turned))
    for before, after in zip(one, other, strict=True):
        assert [lane["name"] for lane in after["lanes"]] == ["south", "north"]
        assert {k: v for k, v in before.items() if k != "lanes"} == {
            k: v for k, v in after.items() if k != "lanes"
        }
        widths = [
            {lane["name"]: [b["width"] for b in lane["bars"]] for lane in panel["lanes"]}
            for panel in (before, after)
        ]
        assert widths[0] == widths[1]


def test_clocks_tell_certain_from_disputed_and_an_open_end(dossier: Item) -> None:
    north, south = series_figure(dossier, tongue(dossier))["panels"][0]["lanes"]
    assert [(b["certain"], bool(b["lines"])) for b in north["bars"]] == [
        (False, True),
        (True, False),
    ]
    assert south["bars"][0]["open_end"] and not north["bars"][1]["open_end"]


def test_a_clock_that_runs_on_none_of_the_days_says_so(dossier: Item) -> None:
    for finding in dossier["rates"]:
        for clock in (finding["shown"] or {"clocks": []})["clocks"]:
            if clock["reading"] == "south":
                clock |= {"first": "2040-01-01", "last": "2040-02-01"}
    lanes = series_figure(dossier, tongue(dossier))["panels"][0]["lanes"]
    assert lanes[1]["bars"] == [] and "runs on none of these days" in told(dossier)


def test_the_expected_band_covers_the_window_and_lies_where_the_axis_says(dossier: Item) -> None:
    panel = series_figure(dossier, tongue(dossier))["panels"][0]
    band = panel["band"]
    axis = Days(sample.FIRST, sample.N_DAYS, panel["left"])
    assert float(band["x"]) == pytest.approx(axis.x("2031-03-18"), abs=0.06)
    assert float(band["width"]) == pytest.approx(31 * axis.per_day, abs=0.11)
    ticks = {tick["label"]: float(tick["y"]) for tick in panel["y_ticks"]}
    per_unit = (ticks["0"] - ticks["10"]) / 10
    assert float(band["middle"]) == pytest.approx(ticks["0"] - 13.7 * per_unit, abs=0.1)
    assert float(band["observed"]) == pytest.approx(ticks["0"] - 6 * per_unit, abs=0.1)
    assert series_figure(dossier, tongue(dossier))["panels"][1]["band"] is None


def test_the_posterior_is_highest_at_the_best_day_and_marks_each_clock(dossier: Item) -> None:
    panel = series_figure(dossier, tongue(dossier))["panels"][0]
    axis = Days(sample.FIRST, sample.N_DAYS, panel["left"])
    bars = [points(bar) for bar in panel["posterior"]["bars"].split("z") if bar]
    top = min(bars, key=lambda bar: min(y for _, y in bar))
    assert top[0][0] == pytest.approx(axis.x("2031-03-18"), abs=0.06)
    assert [m["on"] for m in panel["posterior"]["marks"]] == ["2031-03-18", "2031-03-25"]


def test_breaks_are_numbered_and_told(dossier: Item) -> None:
    dossier["rates"][0]["shown"]["breaks"] = [
        {"on": f"2031-01-{day}", "why": f"reason {day}"} for day in (19, 20, 21)
    ]
    panel = series_figure(dossier, tongue(dossier))["panels"][0]
    assert [b["number"] for b in panel["breaks"]] == [1, 2, 3, 4]
    assert len({(b["x"], b["row"]) for b in panel["breaks"]}) == 4
    html = told(dossier)
    assert "reason 19" in html and sample.BREAK in html


def test_a_long_series_is_drawn_as_means_and_stays_small(dossier: Item) -> None:
    values: list[int | None] = [n % 17 for n in range(2700)]
    values[900:960] = [None] * 60
    dossier["rates"] = [{**sample.missing(), "shown": sample.shown(values, None, [])}]
    panel = series_figure(dossier, tongue(dossier))["panels"][0]
    assert panel["step_d"] > 1 and panel["by_month"]
    assert sum(row["n_unknown"] for row in panel["table"]) == panel["n_unknown"] == 60
    assert sum(row["n"] or 0 for row in panel["table"]) == sum(n or 0 for n in values)
    for drawing in drawings(told(dossier)):
        assert len(drawing.encode()) <= MOST_BYTES


# --- ratios -------------------------------------------------------------------------------------


def test_the_axis_of_ratios_is_logarithmic_and_holds_one() -> None:
    axis = Ratios.over([0.2, 3.0, None, 0.0], 100.0, 500.0)
    assert axis.x(2.0) - axis.x(1.0) == pytest.approx(axis.x(1.0) - axis.x(0.5))
    assert axis.inside(1.0) and axis.inside(0.2) and axis.x(0.0) == 100.0


def test_the_real_ratio_stands_among_the_placebo_windows(dossier: Item) -> None:
    figure = placebo_figure(dossier, tongue(dossier))
    (cell,) = figure["cells"]
    assert cell["real"]["value"] == 0.44 and cell["n"] == 80
    lowest = min(x for x, _ in points(cell["bars"]))
    assert float(cell["real"]["x"]) < lowest, "all placebo ratios are above it"


def test_at_most_six_distributions_are_drawn_and_the_rest_is_counted(dossier: Item) -> None:
    dossier["rates"] = [
        {**sample.fell(i), "series": [f"s{i}"], "shown": None} for i in range(MULTIPLES + 2)
    ]
    figure = placebo_figure(dossier, tongue(dossier))
    assert (len(figure["cells"]), figure["n_left"]) == (MULTIPLES, 2)
    assert "2 more are in the table of numbers." in told(dossier)


def test_a_ratio_of_zero_is_drawn_at_the_edge_with_an_arrow(dossier: Item) -> None:
    first = dossier["rates"][0]["change"]["effects"][0]
    first["ratio"] = sample.band(0.0, 0.0, 0.3)
    row = baselines_figure(dossier, tongue(dossier))["rows"][0]
    assert row["numbers"].startswith("0 (0 to 0.3)")
    assert row["line"].count("L") == 2, "an arrow at the lower end"
    cell = placebo_figure(dossier, tongue(dossier))["cells"][0]
    assert float(cell["real"]["x"]) == cell["x"] and cell["real"]["arrow"]


def test_each_baseline_has_a_row_or_a_reason(dossier: Item) -> None:
    figure = baselines_figure(dossier, tongue(dossier))
    assert [row["name"] for row in figure["rows"][:3]] == [
        "just before",
        "one period earlier",
        "after",
    ]
    assert [row["mark"] for row in figure["rows"][:3]] == ["first", "other", "other"]
    assert figure["absent"] == [
        {
            "title": "Drones reported by the ministry of Aland",
            "baseline": "same season a year before",
            "why": "the series starts on 1 June 2030",
            "of": ["north", "south"],
        }
    ]


def test_substitution_has_three_marks_of_three_shapes(dossier: Item) -> None:
    rows = substitution_figure(dossier, tongue(dossier))["rows"]
    assert [row["mark"] for row in rows] == ["touched", "untouched", "total"]
    shapes = {re.sub(r"[\d. -]+", "", row["shape"]) for row in rows}
    assert len(shapes) == 3


# --- ways out -----------------------------------------------------------------------------------


def test_ways_out_stand_by_reading_and_party_without_a_gap(dossier: Item) -> None:
    figure = exit_figure(dossier, tongue(dossier))
    assert [row["name"] for row in figure["rows"]] == ["north · Aland", "north · Belland"]
    assert figure["without"] == ["south"] and figure["shown"] == list(STATES)
    for row in figure["rows"]:
        for one, after in zip(row["pieces"], row["pieces"][1:], strict=False):
            end = float(one["x"]) + float(one["width"])
            assert end == pytest.approx(float(after["x"]), abs=0.11)


def test_an_invocation_that_may_not_count_is_a_state_of_its_own() -> None:
    assert code_of({"state": "invoked", "disputed": True}) == "disputed"
    assert code_of({"state": "invoked"}) == "invoked"


# --- words --------------------------------------------------------------------------------------


def test_the_section_tells_sentences_refusals_checks_and_numbers(dossier: Item) -> None:
    html = told(dossier)
    for finding in dossier["rates"]:
        assert f'id="{finding["id"]}"' in html
        for sentence in finding["sentences"]:
            assert sentence.split("“")[0] in html
    for words in (
        "missing_days",
        "daily figures of another source",
        "1 passed, 1 failed, 1 cannot be made",
        "absent: the series starts on 1 June 2030",
        "80, worth 61.4",
        "not even a full stop",
        "999 simulated pasts",
        "share of the untouched series in both",
    ):
        assert words in html, words


def test_what_two_readings_share_is_said_once(dossier: Item) -> None:
    block = rates_page(dossier, tongue(dossier))["blocks"][0]
    assert [answer["label"] for answer in block["answers"]] == ["north", "south"]
    assert len(block["attacks"]) == 3
    assert all(attack["of"] == ["north", "south"] for attack in block["attacks"])


def test_the_page_has_the_section_once_and_in_both_languages(dossier: Item) -> None:
    for language, head in (("en", "Did it change?"), ("de", "Hat sich etwas geändert?")):
        html = told(dossier, language)
        assert html.count('<section id="rates"') == 1 and head in html


# --- daily report -------------------------------------------------------------------------------


def test_a_daily_report_has_one_sentence_each_and_the_series_up_to_the_day(dossier: Item) -> None:
    day = date(2031, 3, 27)
    short = rates_daily(dossier, tongue(dossier), day)
    sentences = [s["text"] for s in short["sentences"]]
    assert sentences[0] == dossier["rates"][0]["sentences"][0] and len(sentences) == 5
    assert sentences[2].startswith("24 of 31 days"), "a refusal stands for a missing sentence"
    panel = short["series"]["panels"][0]
    counted = [n for row in panel["table"] for n in row["counts"]]
    assert len(counted) == (day - sample.FIRST).days + 1
    assert panel["posterior"] is None
    html = tell_daily(dossier, dossier, day, "daily.html")
    assert "Did it change?" in html and len(drawings(html)) == 2
    assert "## Did it change?" in tell_daily(dossier, dossier, day, "daily.md")


def test_a_daily_report_without_findings_says_nothing_of_them(dossier: Item) -> None:
    empty = {**dossier, "rates": []}
    assert "rates" not in build_daily(empty, empty, date(2031, 3, 27))
    assert "Did it change?" not in tell_daily(empty, empty, date(2031, 3, 27), "daily.html")


def test_equal_sentences_of_several_findings_are_told_once(dossier: Item) -> None:
    again = {**sample.missing(9), "reading": "south"}
    dossier["rates"].append(again)
    told_once = rates_brief(dossier)
    assert [s["findings"] for s in told_once if s["findings"] != [s["findings"][0]]] == [
        ["f-0003", "f-0009"]
    ]
