"""Events, daily counts, casualty figures and listed truces: what is unknown stays unknown."""

from __future__ import annotations

import csv
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from tests.sources.breaks import rewrite
from typer.testing import CliRunner

from truceline.cli import app
from truceline.domain.series import Tally, Truce, Violence
from truceline.errors import BadFile, BadInput
from truceline.pipeline.edition import cut
from truceline.sources import casualties, daily_counts, truces, ucdp
from truceline.sources.casefile import parse_source, read_case
from truceline.sources.contract import OnBadRow, Opened, Read, SourceFile
from truceline.sources.records import read_records

if TYPE_CHECKING:
    from conftest import CaseBuilder

DATA = Path(__file__).parent / "data"
TYPES = ("airstrike", "drone", "artillery", "ground", "other")
BY_TYPE: dict[str, Any] = {
    "measure": "n_events",
    "labels": ["type"],
    "values": {"type": list(TYPES)},
}
BY_OBLAST: dict[str, Any] = {
    "measure": "n_events",
    "labels": ["oblast_index", "iso3166_2", "oblast"],
}
TRUCES = """\
id,kind,from,until,series,why,address
T1,truce,2025-04-19,2025-04-20,,thirty hours announced by one side,https://news.example/1
T2,break,2025-01-01,2025-01-01,by-type; by-oblast,another classifier from here on,https://a.example/n
"""


def opened(
    kind: str,
    content: str | bytes,
    options: Mapping[str, Any] | None = None,
    on_bad_row: OnBadRow = "stop",
    **more: Any,
) -> Opened:
    """Content under a contract of its kind."""
    data = content.encode() if isinstance(content, str) else content
    table = {
        "id": "x",
        "kind": kind,
        "title": "x",
        "path": "data/x.csv",
        "licence": "as stated beside the cut",
        "attribution": "as stated beside the cut",
        "rows": {"min": 0, "max": 100_000, "reason": "a test"},
        "options": dict(options or {}),
        **more,
    }
    source = SourceFile.model_validate(table)
    return Opened(source, data, hashlib.sha256(data).hexdigest(), on_bad_row)


def text(name: str) -> str:
    return (DATA / name).read_bytes().decode("utf-8")


def cells(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def changed(name: str, key: str, **change: str) -> str:
    """A cut in which the first row whose first cell is ``key`` differs in some cells."""
    rows = cells(name)
    row = next(row for row in rows if next(iter(row.values())) == key)
    assert all(row[field] != value for field, value in change.items())
    row.update(change)
    return table_of(rows)


def table_of(rows: list[dict[str, str]]) -> str:
    lines = [",".join(rows[0])]
    for row in rows:
        quoted = (f'"{value.replace(chr(34), chr(34) * 2)}"' for value in row.values())
        lines.append(",".join(quoted))
    return "\n".join(lines) + "\n"


def events(content: str, **more: Any) -> Read[Violence]:
    return ucdp.read_events(opened("events_ucdp", content, **more))


def counts(content: str, options: Mapping[str, Any] = BY_TYPE, **more: Any) -> Read[Tally]:
    return daily_counts.read_daily_counts(opened("daily_counts", content, options, **more))


def figures(content: str, **more: Any) -> Read[Tally]:
    return casualties.read_casualties(opened("daily_casualties", content, **more))


def listed(content: str, **more: Any) -> Read[Truce]:
    return truces.read_truces(opened("listed_truces", content, **more))


# --- UCDP ---------------------------------------------------------------------------------------

GED = "ucdp_ged_cut.csv"


def test_an_event_holds_what_is_coded() -> None:
    read = events(text(GED))
    event = next(e for e in read.records if e.id == "147997")
    assert (event.first, event.last, event.dated) == (date(2014, 1, 22), date(2014, 1, 22), True)
    assert (event.date_prec, event.where_prec, event.clear) == (1, 1, True)
    assert event.labels == {
        "dyad": "Government of Ukraine - Maidan",
        "side_a": "Government of Ukraine",
        "side_b": "Maidan",
        "conflict": "Ukraine: Government",
        "adm_1": "Kiev Special Republican city",
        "country": "Ukraine",
        "type_of_violence": "1",
        "where_prec": "1",
    }
    assert event.deaths == {
        "side_a": 0, "side_b": 5, "civilians": 0, "unknown": 0, "best": 5, "low": 5, "high": 5,
    }  # fmt: skip
    assert str(event.row) == "x#147997"


def test_a_span_stays_a_span() -> None:
    """An event of a week is not moved to its first day, and its lesser clarity is kept."""
    span = next(e for e in events(text(GED)).records if e.id == "156948")
    assert (span.first, span.last, span.dated) == (date(2014, 9, 17), date(2014, 9, 25), False)
    assert not span.clear


def test_notes_count_what_a_reader_would_overlook() -> None:
    assert events(text(GED)).notes == (
        "5 of 8 events are dated to a span and lie on no single day",
        "2 of 8 events have positions that stand for an area",
        "1 event lies in another country than Ukraine: Russia (Soviet Union)",
        "2 events have a best estimate of deaths outside their own low and high; the first is "
        "155425",
    )


def test_a_release_that_writes_midnight_is_read_alike() -> None:
    """The releases as CSV write dates with a time; any other time than midnight is refused."""
    stamped = changed(
        GED, "147997", date_start="2014-01-22 00:00:00.000", date_end="2014-01-22 00:00:00.000"
    )
    found = next(e for e in events(stamped).records if e.id == "147997")
    assert (found.first, found.last) == (date(2014, 1, 22), date(2014, 1, 22))
    with pytest.raises(BadInput, match="is no date"):
        events(stamped.replace("00:00:00.000", "13:00:00.000"))


class Refused(NamedTuple):
    change: dict[str, str]
    field: str
    what: str


BAD_EVENTS = {
    "type": Refused({"type_of_violence": "4"}, "type_of_violence", "unknown value '4'"),
    "no type": Refused({"type_of_violence": ""}, "type_of_violence", "unknown value ''"),
    "date precision": Refused({"date_prec": "6"}, "date_prec", "unknown value '6'"),
    "where precision": Refused({"where_prec": "0"}, "where_prec", "unknown value '0'"),
    "clarity": Refused({"event_clarity": "3"}, "event_clarity", "unknown value '3'"),
    "candidate": Refused({"code_status": "Check dyad"}, "code_status", "unknown value"),
    "inverted": Refused({"date_end": "2014-01-21"}, "date_end", "before it starts"),
    "exact span": Refused({"date_end": "2014-01-23"}, "date_prec", "precision 1 from"),
    "vague day": Refused({"date_prec": "4"}, "date_prec", "precision 4 from"),
    "year": Refused({"year": "2015"}, "year", "the year is 2015"),
    "sum": Refused({"deaths_b": "4"}, "best", "its parts add up to 4"),
    "no deaths": Refused({"deaths_b": ""}, "deaths_b", "'' is no whole number"),
    "negative": Refused({"deaths_b": "-5"}, "deaths_b", "'-5' is no whole number"),
    "high": Refused({"high": "5.0"}, "high", "'5.0' is no whole number"),
    "side": Refused({"side_b": ""}, "side_b", "blank"),
    "swapped": Refused(
        {"latitude": "30.52333", "longitude": "50.45"}, "latitude", "outside the declared extent"
    ),
}
UKRAINE = {"south": 43, "west": 20, "north": 53, "east": 41}


@pytest.mark.parametrize("bad", BAD_EVENTS.values(), ids=BAD_EVENTS)
def test_an_event_is_refused_with_its_cell(bad: Refused) -> None:
    content = changed(GED, "147997", **bad.change)
    with pytest.raises(BadInput) as caught:
        events(content, extent=UKRAINE)
    assert bad.what in caught.value.what
    assert caught.value.where and caught.value.where.field == bad.field
    aside = events(content, on_bad_row="quarantine")
    if bad.field != "latitude":  # without an extent any point of the world is possible
        assert [row.field for row in aside.quarantine] == [bad.field]
        assert len(aside.records) == 7


def test_the_same_event_twice_is_refused() -> None:
    rows = cells(GED)
    with pytest.raises(BadInput, match="occurs twice; first in line 2"):
        events(table_of([*rows, rows[0]]))


def test_an_event_that_ends_after_the_span_is_refused() -> None:
    """The first day of the span of 154701 is inside, the last is not."""
    with pytest.raises(BadInput, match="outside the declared span") as caught:
        events(text(GED), span=[date(2014, 1, 1), date(2014, 7, 30)])
    assert caught.value.where and caught.value.where.field == "date_end"


def test_a_new_column_of_events_is_refused() -> None:
    with pytest.raises(BadFile, match="unknown column 'id_2'"):
        events(text(GED).replace("id,relid", "id_2,relid", 1).replace("gwnob", "id", 1))


# --- daily counts -------------------------------------------------------------------------------

VIINA = "odbl/viina_by_type_cut.csv"


def test_counts_hold_their_labels() -> None:
    read = counts(text(VIINA))
    assert read.notes == ()
    assert [t.n for t in read.records] == [int(row["n_events"]) for row in cells(VIINA)]
    first = read.records[0]
    assert (first.day, first.measure, first.labels, first.period_h) == (
        date(2025, 4, 18), "n_events", {"type": "airstrike"}, 24.0,
    )  # fmt: skip
    assert str(first.row) == "x#2025-04-18-airstrike"


def test_a_blank_label_beside_others_is_a_label() -> None:
    """The unnamed area has no code: it stays apart from every oblast."""
    read = counts(text("odbl/viina_by_oblast_cut.csv"), BY_OBLAST)
    assert (len(read.records), read.notes) == (56, ())
    unnamed = [t for t in read.records if not t.labels["iso3166_2"]]
    assert {t.labels["oblast_index"] for t in unnamed} == {"0"}


def test_a_missing_count_is_unknown_and_never_zero() -> None:
    lacking = "".join(
        line for line in text(VIINA).splitlines(True) if "2025-04-19,drone" not in line
    )
    read = counts(lacking)
    assert not [t for t in read.records if t.day == date(2025, 4, 19) and "drone" in str(t.labels)]
    assert read.notes == (
        "1 count that other days have is missing, which is unknown and not zero: drone on "
        "2025-04-19",
    )


def test_a_day_without_rows_is_noted_also_at_the_edge_of_the_span() -> None:
    kept = [line for line in text(VIINA).splitlines(True) if "2025-04-20" not in line]
    (note,) = counts("".join(kept)).notes
    assert note == "1 day has no row, which is unknown and not zero: 2025-04-20"
    (note,) = counts("".join(kept), span=[date(2025, 4, 17), date(2025, 4, 21)]).notes
    assert note == "2 days have no row, which is unknown and not zero; the first is 2025-04-17"


def test_a_blank_count_is_none() -> None:
    first = text(VIINA).splitlines()[1]
    read = counts(text(VIINA).replace(first, "2025-04-18,airstrike,"))
    assert read.records[0].n is None
    assert read.notes == (
        "1 of 20 counts are blank, which is unknown and not zero; the first is on 2025-04-18",
    )
    zero = counts(text(VIINA).replace(first, "2025-04-18,airstrike,0"))
    assert zero.records[0].n == 0


BAD_COUNTS = {
    "type": ("2025-04-18,airstrike", "2025-04-18,air strike", "type", "unknown value 'air strike'"),
    "no type": ("2025-04-18,airstrike", "2025-04-18,", "type", "unknown value ''"),
    "date": ("2025-04-18,airstrike", "20250418,airstrike", "date", "is no date"),
    "repeated": ("2025-04-18,drone", "2025-04-18,airstrike", "date", "occurs twice"),
}


@pytest.mark.parametrize(("old", "new", "field", "what"), BAD_COUNTS.values(), ids=BAD_COUNTS)
def test_a_count_is_refused_with_its_cell(old: str, new: str, field: str, what: str) -> None:
    assert old in text(VIINA)
    with pytest.raises(BadInput) as caught:
        counts(text(VIINA).replace(old, new, 1))
    assert what in caught.value.what
    assert caught.value.where and caught.value.where.field == field


@pytest.mark.parametrize("n", ["-1", "3.5", "1e3", "many", " 3", "9999999"])
def test_only_a_whole_number_is_a_count(n: str) -> None:
    first = text(VIINA).splitlines()[1]
    with pytest.raises(BadInput) as caught:
        counts(text(VIINA).replace(first, f"2025-04-18,airstrike,{n}"))
    assert caught.value.where and caught.value.where.field == "n_events"


def test_a_row_without_any_label_is_refused() -> None:
    with pytest.raises(BadInput, match="all labels are blank"):
        counts("date,a,b,n\n2025-04-18,,,3\n", {"measure": "n", "labels": ["a", "b"]})


def test_a_column_is_ignored_only_by_name() -> None:
    table = "date,n,note\n2025-04-18,3,x\n"
    with pytest.raises(BadFile, match="unknown column 'note'"):
        counts(table, {"measure": "n"})
    (tally,) = counts(table, {"measure": "n", "ignore": ["note"]}).records
    assert (tally.n, tally.labels) == (3, {})


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ('labels = ["type"]', "Field required"),
        ('measure = "date"', "named twice"),
        ('measure = "n"\nlabels = ["a", "a"]', "named twice"),
        ('measure = "n"\nvalues = { kind = ["x"] }', "'kind', which is no label"),
        ('measure = "n"\nlabel = "a"', "Extra inputs"),
    ],
)
def test_options_that_cannot_be_meant_are_refused(options: str, what: str) -> None:
    contract = (
        'id = "x"\nkind = "daily_counts"\ntitle = "x"\npath = "data/x.csv"\nlicence = "CC0"\n'
        'attribution = ""\nrows = { min = 0, max = 1, reason = "a test" }\n[options]\n' + options
    )
    with pytest.raises(BadFile, match=what):
        parse_source(contract.encode(), "x")


# --- casualty figures ---------------------------------------------------------------------------

PAUSE, PERIODS = "gaza_pause_cut.csv", "gaza_periods_cut.csv"


def test_days_without_a_published_figure_are_unknown() -> None:
    """No daily figure was published from 11 November to 1 December 2023."""
    read = figures(text(PAUSE))
    killed = {t.day: t.n for t in read.records if t.measure == "killed"}
    silent = [day for day in killed if date(2023, 11, 11) <= day <= date(2023, 12, 1)]
    assert len(silent) == 21
    assert {killed[day] for day in silent} == {None}
    assert (killed[date(2023, 11, 10)], killed[date(2023, 12, 2)]) == (260, 407)
    filled = [row for row in cells(PAUSE) if "2023-11-24" <= row["report_date"] <= "2023-11-30"]
    assert {row["ext_killed"] for row in filled} == {"0"}, "what upstream filled in looks like calm"


def test_the_cut_is_told_in_notes() -> None:
    assert figures(text(PAUSE)).notes == (
        "killed: no figure was published for 22 of 28 days, which is unknown and not zero; the "
        "first is 2023-11-11, the last 2023-12-06, the longest stretch 2023-11-11 to 2023-12-01",
        "injured: no figure was published for 24 of 28 days, which is unknown and not zero; the "
        "first is 2023-11-10, the last 2023-12-06, the longest stretch 2023-11-10 to 2023-12-01",
    )


def test_a_figure_of_three_days_belongs_to_no_single_day() -> None:
    read = figures(text(PERIODS))
    killed = {t.day.day: (t.n, t.period_h) for t in read.records if t.measure == "killed"}
    assert killed[19] == killed[20] == (None, 0.0)
    assert killed[21] == (119, 72.0)
    assert killed[22][1] == 24.0
    assert "2 days have a period of 0 hours: their figures come with a later day" in read.notes
    assert any(note.startswith("1 report covers two or three days") for note in read.notes)


def test_each_figure_names_its_source() -> None:
    found = {(str(t.row), t.labels["source"]) for t in figures(text(PAUSE)).records}
    assert ("x#2023-11-12-killed", "gmotel") in found
    assert ("x#2023-11-11-injured", "missing") in found


def test_a_filled_column_is_never_read() -> None:
    """Any number in the columns of upstream gives the same records."""
    rows = cells(PAUSE)
    other = [{**row, "ext_killed": "999", "ext_killed_cum": "x"} for row in rows]
    plain, spoilt = figures(text(PAUSE)).records, figures(table_of(other)).records
    assert [t.n for t in plain] == [t.n for t in spoilt]


BAD_FIGURES = {
    "true and blank": ("2023-12-02", {"killed": ""}, "killed_reported", "the cell is blank"),
    "true and missing": (
        "2023-12-02",
        {"report_source": "missing"},
        "killed_reported",
        "no source or period",
    ),
    "true and no hours": (
        "2023-12-02",
        {"report_period_h": "0"},
        "killed_reported",
        "no source or period",
    ),
    "false and a number": (
        "2023-12-02",
        {"injured_reported": "false"},
        "injured_reported",
        "injured is 652",
    ),
    "flag": ("2023-12-02", {"killed_reported": "yes"}, "killed_reported", "unknown value 'yes'"),
    "no flag": ("2023-12-02", {"killed_reported": ""}, "killed_reported", "unknown value ''"),
    "source": ("2023-12-02", {"report_source": "press"}, "report_source", "unknown value 'press'"),
    "hours": ("2023-12-02", {"report_period_h": "36"}, "report_period_h", "unknown value '36'"),
    "half": ("2023-12-02", {"killed": "40.5"}, "killed", "'40.5' is no whole number"),
    "date": ("2023-12-02", {"report_date": "02/12/2023"}, "report_date", "is no date"),
    "repeated": ("2023-12-02", {"report_date": "2023-12-03"}, "report_date", "occurs twice"),
    "covered twice": (
        "2023-12-03",
        {"report_period_h": "48"},
        "report_period_h",
        "has one of its own",
    ),
}


@pytest.mark.parametrize(("day", "change", "field", "what"), BAD_FIGURES.values(), ids=BAD_FIGURES)
def test_a_figure_is_refused_with_its_cell(
    day: str, change: dict[str, str], field: str, what: str
) -> None:
    with pytest.raises(BadInput) as caught:
        figures(changed(PAUSE, day, **change))
    assert what in caught.value.what
    assert caught.value.where and caught.value.where.field == field


def test_a_figure_for_no_hours_is_refused() -> None:
    with pytest.raises(BadInput, match="3 for a period of 0 hours"):
        figures(changed(PERIODS, "2024-09-19", killed="3"))


def test_a_number_beside_no_source_is_noted_and_not_read() -> None:
    read = figures(changed(PAUSE, "2023-11-25", killed="12"))
    (tally,) = (t for t in read.records if t.day == date(2023, 11, 25) and t.measure == "killed")
    assert tally.n is None
    assert read.notes[-1] == "1 number stands beside no source and is not read"


# --- listed truces ------------------------------------------------------------------------------


def test_a_truce_without_series_is_about_all() -> None:
    first, second = listed(TRUCES).records
    assert (first.kind, first.first, first.last, first.series) == (
        "truce", date(2025, 4, 19), date(2025, 4, 20), (),
    )  # fmt: skip
    assert second.series == ("by-type", "by-oblast")


@pytest.mark.parametrize(
    ("old", "new", "field", "what"),
    [
        ("T1,truce", "T1,pause", "kind", "unknown value 'pause'"),
        ("2025-04-20,,", "2025-04-18,,", "until", "before it starts"),
        ("2025-04-20,,", ",,", "until", "is no date"),
        ("T2,break", "T1,break", "id", "occurs twice"),
        ("thirty hours announced by one side", "", "why", "blank"),
        ("https://news.example/1", "", "address", "blank"),
        ("https://news.example/1", "news.example/1", "address", "no public address"),
        ("by-type; by-oblast", "by-type; by-type", "series", "named twice"),
    ],
)
def test_a_truce_is_refused_with_its_cell(old: str, new: str, field: str, what: str) -> None:
    assert old in TRUCES
    with pytest.raises(BadInput) as caught:
        listed(TRUCES.replace(old, new, 1))
    assert what in caught.value.what
    assert caught.value.where and caught.value.where.field == field


# --- every kind ---------------------------------------------------------------------------------

HEADS: dict[str, Callable[[], Read[Any]]] = {
    "events": lambda: events(text(GED).splitlines()[0] + "\n"),
    "counts": lambda: counts("date,type,n_events\n", span=[date(2025, 4, 1), date(2025, 4, 2)]),
    "figures": lambda: figures(text(PAUSE).splitlines()[0] + "\n"),
    "truces": lambda: listed(TRUCES.splitlines()[0] + "\n"),
}


@pytest.mark.parametrize("read", HEADS.values(), ids=HEADS)
def test_a_header_alone_says_nothing_about_what_happened(read: Callable[[], Read[Any]]) -> None:
    found = read()
    assert (found.records, found.n_rows) == ((), 0)
    assert found.notes == ("empty: recorded as empty, which says nothing about what happened",)


# --- in a case ----------------------------------------------------------------------------------

PAGE_FILES = ("dossier.html", "brief.md", "dossier.json", "assessments.csv", "incidents.geojson")


@pytest.fixture
def rates_case(case: CaseBuilder) -> CaseBuilder:
    """A case that asks about counts alone: terms, what was said of them, and four files."""
    keep = ("statements.toml", "statements.csv")
    for path in (*case.folder.glob("sources/*"), *case.folder.glob("data/*")):
        if path.name not in keep:
            path.unlink()
    for name in ("case.toml", "agreement.yaml", "data/statements.csv"):
        past = (case.folder / name).read_text(encoding="utf-8").replace("2030", "2025")
        case.file(name, past)
    case.file("data/ged.csv", text(GED)).source("ged.csv", "events_ucdp")
    rewrite("sources/ged.toml", "south = 50, west = 10", "south = 43, west = 10")(case)
    rewrite("sources/ged.toml", "north = 60, east = 40", "north = 60, east = 41")(case)
    options = '[options]\nmeasure = "n_events"\nlabels = ["type"]\n'
    case.file("data/type.csv", text(VIINA)).source("type.csv", "daily_counts", options)
    case.file("data/gaza.csv", text(PAUSE)).source("gaza.csv", "daily_casualties")
    every = TRUCES.replace("by-type; by-oblast", "")
    case.file("data/truces.csv", every).source("truces.csv", "listed_truces")
    return case


def test_a_truce_about_a_series_that_the_case_lacks_is_refused(rates_case: CaseBuilder) -> None:
    rates_case.file("data/truces.csv", TRUCES)
    with pytest.raises(BadInput, match="'by-type' is no series of the case") as told:
        rates_case.read()
    assert "data/truces.csv, line 3" in str(told.value)


def test_records_hold_the_four(rates_case: CaseBuilder) -> None:
    records = rates_case.read()
    assert (len(records.violence), len(records.truces), records.claims) == (8, 2, ())
    assert Counter(t.row.source for t in records.tallies) == {"type": 20, "gaza": 56}


def test_one_event_in_two_files_is_counted_once(rates_case: CaseBuilder) -> None:
    rates_case.file("data/later.csv", text(GED)).source("later.csv", "events_ucdp")
    with pytest.raises(BadInput, match="occurs twice; first in"):
        rates_case.read()


def test_nothing_is_known_before_its_day_is_over(rates_case: CaseBuilder) -> None:
    case = read_case(rates_case.folder)
    records = read_records(case)

    def kept(year: int, month: int, day: int, hour: int = 0) -> tuple[int, int, int]:
        found = cut(case, records, datetime(year, month, day, hour, tzinfo=UTC)).records
        return len(found.violence), len(found.tallies), len(found.truces)

    assert kept(2014, 7, 31, 12) == (kept(2014, 8, 1)[0] - 1, 0, 2), "154701 ends on 31 July"
    assert kept(2025, 4, 19, 12) == (8, 56 + 5, 2)
    assert kept(2025, 4, 20) == (8, 56 + 10, 2)


def test_a_case_without_claims_becomes_a_dossier(rates_case: CaseBuilder, tmp_path: Path) -> None:
    def run(*words: str) -> str:
        done = CliRunner().invoke(app, list(words))
        assert done.exit_code == 0, done.output
        return done.output

    folder, out = str(rates_case.folder), tmp_path / "out"
    assert "ged.csv" in run("check", folder)
    run("run", folder, "--out", str(out))
    dossier = json.loads((out / "dossier.json").read_text(encoding="utf-8"))
    assert dossier["incidents"] == []
    assert all((out / name).stat().st_size for name in PAGE_FILES)
    page = (out / "dossier.html").read_text(encoding="utf-8")
    assert "5 of 8 events are dated to a span and lie on no single day" in page
    assert len((out / "assessments.csv").read_text(encoding="utf-8").splitlines()) == 1
    assert "FAILED" not in run("verify", str(out))
    run("daily", folder, "--day", "2025-05-03", "--out", str(tmp_path / "daily"))
    run("run", folder, "--out", str(tmp_path / "early"), "--as-of", "2025-05-02T00:00:00Z")
    run("diff", str(tmp_path / "early"), str(out))


def test_fires_alone_make_a_case(case: CaseBuilder) -> None:
    for name in ("claims", "acts", "classes", "origins"):
        (case.folder / f"sources/{name}.toml").unlink()
        (case.folder / f"data/{name}.csv").unlink()
    assert (case.read().claims, len(case.read().heat)) == ((), 2)


def test_a_case_about_nothing_is_refused(rates_case: CaseBuilder) -> None:
    for name in ("ged", "type", "gaza"):
        (rates_case.folder / f"sources/{name}.toml").unlink()
    with pytest.raises(BadFile, match="nothing to assess") as caught:
        rates_case.read()
    assert "claims, events_ucdp, daily_counts, daily_casualties, heat" in caught.value.expected


# --- the whole files ----------------------------------------------------------------------------


@pytest.mark.shared
def test_all_events_of_ukraine(shared_data: Path) -> None:
    data = (shared_data / "events/ucdp_ged_ukraine_2014_2022.csv").read_bytes()
    read = ucdp.read_events(
        opened("events_ucdp", data, span=[date(2014, 1, 22), date(2022, 2, 25)])
    )
    assert (read.n_rows, len(read.records)) == (3077, 3077)
    assert sum(e.dated for e in read.records) == 2406
    assert Counter(e.where_prec for e in read.records)[1] == 751
    assert [note.split(" ")[0] for note in read.notes] == ["671", "720", "1", "13"]


@pytest.mark.shared
def test_all_counts_of_viina(shared_data: Path) -> None:
    span = [date(2022, 2, 24), date(2025, 12, 31)]
    files: dict[str, tuple[Mapping[str, Any], int]] = {
        "type": (BY_TYPE, 7035),
        "oblast": (BY_OBLAST, 39396),
    }
    for name, (options, n) in files.items():
        path = shared_data / f"events/viina_daily_by_{name}_2022_2025.csv"
        data = path.read_bytes()
        read = daily_counts.read_daily_counts(opened("daily_counts", data, options, span=span))
        assert (len(read.records), read.notes) == (n, ())


@pytest.mark.shared
def test_all_figures_of_gaza(shared_data: Path) -> None:
    data = (shared_data / "gaza/gaza_daily_2023_2024.csv").read_bytes()
    read = casualties.read_casualties(opened("daily_casualties", data))
    held = Counter((t.measure, t.n is not None) for t in read.records)
    assert held[("killed", True)] == 407
    assert held[("injured", True)] == 381
    assert sum(t.period_h == 0 for t in read.records) == 2 * 16
    assert {t.n for t in read.records if t.period_h == 0} == {None}
    assert "2 numbers stand beside no source and are not read" in read.notes
    assert "the longest stretch 2023-11-11 to 2023-12-01" in read.notes[0]
