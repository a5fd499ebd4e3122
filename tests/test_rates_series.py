"""Series from the records of a case: what is counted, what is unknown, what is refused."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.asking import ask
from truceline.cli import app
from truceline.clock import midnight
from truceline.domain.rates import Conclusion, Finding
from truceline.errors import BadFile
from truceline.pipeline.edition import cut
from truceline.pipeline.rates import assess_rates
from truceline.pipeline.series import build_series
from truceline.sources.casefile import read_case
from truceline.sources.records import read_records

CASES = Path(__file__).parents[1] / "cases"
Edit = Callable[[str], str]

KINETIC = """
[[series]]
id = "news"
title = "News"
unit = "news_item"
source = ["viina-types"]
measure = "n_events"
zone = "Europe/Kyiv"
"""


def easter(tmp_path: Path, series: str) -> Path:
    """The Easter case with other series, in English alone."""
    folder = tmp_path / "case"
    shutil.copytree(CASES / "easter-2025", folder)
    toml = folder / "case.toml"
    head = toml.read_text(encoding="utf-8").split("[[series]]")[0]
    toml.write_text(head.replace('["en", "de"]', '["en"]') + series, encoding="utf-8")
    return folder


def answers(folder: Path) -> tuple[Finding, ...]:
    case = read_case(folder)
    return assess_rates(case, cut(case, read_records(case), None), ask)[0]


@pytest.mark.parametrize(
    ("edit", "field", "what"),
    [
        (lambda s: s.replace('"news_item"', '"death"'), "series.news.unit", "counted as death"),
        (lambda s: s + 'exposure = "steady"\n', "series.news.exposure", "called steady"),
        (lambda s: s.replace('"n_events"', '"events"'), "series.news.measure", "not in the source"),
        (lambda s: s + 'where = { type = ["arstrike"] }\n', "series.news.where", "arstrike"),
        (
            lambda s: s + 'where = { type = ["drone", "arstrike"] }\n',
            "series.news.where",
            "arstrike",
        ),
        (lambda s: s + 'where = { kind = ["drone"] }\n', "series.news.where", "no label"),
        (lambda s: s + 'parts = "kind"\n', "series.news.where", "no label"),
        (lambda s: s.replace('["viina-types"]', '["other"]'), "series.news.source", "'other'"),
        (lambda s: s.replace('["viina-types"]', '["statements"]'), "series.news.source", "counted"),
        (lambda s: s + 'side = "XX"\n', "series.news.side", "'XX'"),
        (lambda s: s + s, "series.id", "occurs 2 times"),
        (lambda s: s + "delay_d = -1\n", "delay_d", "greater than or equal to 0"),
        (lambda s: s + 'sum = ["news"]\n', "series", "either `source` or `sum`"),
        (lambda s: s.replace('source = ["viina-types"]\n', ""), "series", "either `source`"),
    ],
)
def test_a_slip_in_a_series_is_named_with_its_field(
    tmp_path: Path, edit: Edit, field: str, what: str
) -> None:
    with pytest.raises(BadFile) as told:
        answers(easter(tmp_path, edit(KINETIC)))
    assert "case.toml" in str(told.value)
    assert field.split(".")[-1] in str(told.value) and what in str(told.value)


QUESTION = """
[[questions]]
id = "q"
ask = "reciprocity"
of = ["news", "news"]
"""


@pytest.mark.parametrize(
    ("question", "what"),
    [
        (QUESTION.replace('"news", "news"', '"news"'), "two series"),
        (QUESTION.replace('"news", "news"', '"news", "none"'), "'none' is no series"),
        (QUESTION.replace("reciprocity", "guess"), "ask"),
        (QUESTION.replace("reciprocity", "substitution"), "`instead`"),
    ],
)
def test_a_slip_in_a_question_is_named(tmp_path: Path, question: str, what: str) -> None:
    with pytest.raises(BadFile, match=what):
        answers(easter(tmp_path, KINETIC + question))


def test_one_series_for_both_sides_is_no_answer(tmp_path: Path) -> None:
    *_, last = answers(easter(tmp_path, KINETIC + QUESTION))
    assert [refusal.code for refusal in last.refusals] == ["no_side"]


def test_a_day_that_lacks_one_label_is_unknown_also_without_a_choice_of_labels(
    tmp_path: Path,
) -> None:
    folder = easter(tmp_path, KINETIC)
    path = next((folder / "data").rglob("viina*.csv"))
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    kept = [
        row for row in rows if not ("2025-04-19" <= row[0] <= "2025-05-19" and row[1] != "other")
    ]
    path.write_text("".join(",".join(row) + "\n" for row in kept), encoding="utf-8")
    contract = folder / "sources/viina-types.toml"
    text = contract.read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith(("sha256", "rows"))]
    at = lines.index(next(line for line in lines if line.startswith("separate")))
    lines.insert(at + 1, 'rows = { min = 1, max = 10_000, reason = "cut for a test" }')
    contract.write_text("\n".join(lines) + "\n", encoding="utf-8")
    for finding in answers(folder):
        assert "missing_days" in [refusal.code for refusal in finding.refusals]
        assert finding.conclusion is Conclusion.REFUSED


SUM = """
[[series]]
id = "drones"
title = "Drones"
unit = "news_item"
source = ["viina-types"]
measure = "n_events"
where = { type = ["drone"] }
zone = "ZONE"

[[series]]
id = "sum"
title = "Sum"
unit = "news_item"
sum = ["news", "drones"]
"""


def test_a_sum_counts_no_row_twice_and_adds_no_days_of_two_zones(tmp_path: Path) -> None:
    twice = easter(tmp_path / "a", KINETIC + SUM.replace("ZONE", "Europe/Kyiv"))
    with pytest.raises(BadFile, match="share no row"):
        answers(twice)
    zones = easter(tmp_path / "b", KINETIC + SUM.replace("ZONE", "Europe/Moscow"))
    with pytest.raises(BadFile, match="2 zones"):
        answers(zones)


def test_days_between_two_files_of_a_list_are_unknown(tmp_path: Path) -> None:
    """Events of two files that leave a month out: nobody promised that nothing was in it."""
    folder = tmp_path / "case"
    shutil.copytree(CASES / "minsk-2-2015", folder)
    path = next((folder / "data").rglob("ucdp*.csv"))
    with path.open(encoding="utf-8", newline="") as stream:
        header, *rows = list(csv.reader(stream))
    first, last = header.index("date_start"), header.index("date_end")
    early = [row for row in rows if row[last] <= "2015-02-15"]
    late = [row for row in rows if row[first] >= "2015-03-20"]
    contract = (folder / "sources/ucdp-ukraine.toml").read_text(encoding="utf-8")
    for name, part, span in (
        ("ucdp-a", early, "[2014-01-22, 2015-02-15]"),
        ("ucdp-b", late, "[2015-03-20, 2022-02-25]"),
    ):
        target = path.with_name(f"{name}.csv")
        with target.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerows([header, *part])
        lines = [
            line
            for line in contract.splitlines()
            if not line.startswith(("id", "path", "sha256", "span", "rows", "dialect"))
        ]
        head = [
            f'id = "{name}"',
            f'path = "{target.relative_to(folder)}"',
            f"span = {span}",
            'rows = { min = 1, max = 5_000, reason = "cut for a test" }',
        ]
        (folder / f"sources/{name}.toml").write_text("\n".join(head + lines) + "\n", "utf-8")
    (folder / "sources/ucdp-ukraine.toml").unlink()
    path.unlink()
    toml = folder / "case.toml"
    text = toml.read_text(encoding="utf-8").replace('["ucdp-ukraine"]', '["ucdp-a", "ucdp-b"]')
    toml.write_text(text.replace('["en", "de"]', '["en"]'), encoding="utf-8")
    case = read_case(folder)
    series = build_series(case, cut(case, read_records(case), None), ask)["deadly-events"]
    hole = series.counts[series.index(date(2015, 2, 16)) : series.index(date(2015, 3, 20))]
    assert set(hole) == {None}
    assert series.counts[series.index(date(2015, 2, 10))] is not None


def test_an_earlier_edition_does_not_turn_days_to_come_into_zeros() -> None:
    case = read_case(CASES / "minsk-2-2015")
    edition = cut(case, read_records(case), midnight(date(2015, 2, 20)))
    series = build_series(case, edition, ask)["deadly-events"]
    end = series.index(date(2015, 2, 20))
    assert None not in series.counts[:end]
    assert set(series.counts[end:]) == {None}


def test_the_command_tells_findings_refusals_and_remedies_in_both_languages() -> None:
    folder = str(CASES / "gaza-pause-2023")
    english = CliRunner().invoke(app, ["rates", folder])
    german = CliRunner().invoke(app, ["rates", folder, "--lang", "de"])
    data = CliRunner().invoke(app, ["rates", folder, "--json"])
    assert (english.exit_code, german.exit_code, data.exit_code) == (0, 0, 0)
    assert "What would lift that: figures of the same source" in english.stdout
    assert "Was das aufhöbe: Zahlen derselben Quelle" in german.stdout
    found = json.loads(data.stdout)
    assert {finding["conclusion"] for finding in found["rates"]} == {"refused"}
    assert found["series"][0]["n_unknown"] > 0
