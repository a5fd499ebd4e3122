"""A small valid case of two invented parties, and a builder that breaks it on purpose."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from truceline.sources.casefile import read_case
from truceline.sources.records import Records, read_records

CASE = """\
schema = "truceline-case/1"
id = "aland-boria"
title = "A pause between Aland and Boria"
summary = "Invented."
languages = ["en"]
as_of = 2030-06-01T00:00:00Z
on_bad_row = "stop"

[window]
from = 2030-05-01
until = 2030-05-10
"""

AGREEMENT = """\
schema: truceline-agreement/1
id: pause
title: Pause
parties:
  A: {name: Aland, zone: Europe/Helsinki}
  B: {name: Boria, zone: Europe/Paris}
third_parties:
  M: {name: Mediator, role: mediator, zone: UTC}
readings:
  - id: joint
    title: Joint text
    stated_by: M
    clock:
      zone: UTC
      from: 2030-05-01
      until: 2030-05-11
      source: [S1]
    clauses:
      - id: energy
        obliges: [A, B]
        must_not: {acts: [strike], against: [energy], source: [S1]}
        where: {territory_of: [A, B], including_held: true, source: [S1]}
    source: [S1]
"""

SOURCE = """\
id = "{id}"
kind = "{kind}"
title = "{id}, invented"
path = "data/{file}"
licence = "CC0"
attribution = "nobody"
rows = {{ min = 0, max = 1000, reason = "a test" }}
{extra}
"""

EXTENT = "extent = { south = 50, west = 10, north = 60, east = 40 }"

CLAIM_COLUMNS = """\
claim_id event_date event_time_local accused_side claimant claimant_side object_name object_type
object_type_std on_kremlin_list event_group place admin_region country_or_control lat lon
location_precision weapon claimed_effect other_side_response response_scope
other_side_response_note other_side_response_url independent_corroboration corroboration_class
corroboration_url source_url source_outlet source_date date_precision window inferred_notes
""".split()  # noqa: SIM905

CLAIM = {
    "claim_id": "C1",
    "event_date": "2030-05-03",
    "accused_side": "B",
    "claimant": "Army of Aland",
    "claimant_side": "A",
    "object_name": "Mill Street substation",
    "object_type": "substation",
    "place": "Millby",
    "admin_region": "North Aland",
    "country_or_control": "A",
    "lat": "55.10",
    "lon": "20.20",
    "location_precision": "settlement",
    "weapon": "drone",
    "claimed_effect": "A transformer was hit",
    "other_side_response": "unknown",
    "response_scope": "none",
    "corroboration_class": "none_found",
    "source_url": "https://news.example/1",
    "source_date": "2030-05-04",
    "date_precision": "exact",
}

HEAT = """\
latitude,longitude,brightness,scan,track,acq_date,acq_time,satellite,instrument,confidence,version,bright_t31,frp,daynight
55.10000,20.20000,310.1,1,1,2030-05-03,0039,T,MODIS,85,6.1NRT,280.1,12.5,N
55.20000,20.30000,310.1,1,1,2030-05-03,1039,A,MODIS,29,6.1NRT,280.1,,D
"""


def claims_csv(*changes: dict[str, str]) -> str:
    """A ledger: the valid claim once per set of changes, numbered from C1."""
    lines = [",".join(CLAIM_COLUMNS)]
    for n, change in enumerate(changes, 1):
        row = {**CLAIM, "claim_id": f"C{n}", **change}
        cells = [row.get(name, "") for name in CLAIM_COLUMNS]
        lines.append(",".join(f'"{cell}"' if "," in cell else cell for cell in cells))
    return "\n".join(lines) + "\n"


FILES = {
    "claims.csv": claims_csv({}, {"accused_side": "A", "claimant_side": "B"}),
    "acts.csv": "claim,act,also_act,basis,certainty,coder_a,coder_b\n"
    "C1,hit,,was hit,stated,hit,hit\nC2,hit,,was hit,stated,hit,hit\n",
    "classes.csv": "object_type,object_class,reason\nsubstation,substation,\nother,,too wide\n",
    "origins.csv": "claim,origin_id,rests_on,note\n",
    "regions.csv": "region,code,territory,name,partly_held,held_source,note\n"
    "North Aland,A-N,A,North Aland,true,S1,\nN. Aland,A-N,A,North Aland,true,S1,\n"
    "Boria,B-B,B,Boria,false,,\n",
    "control.csv": "place,region,control,from,until,basis,source\n",
    "statements.csv": "id,date,speaker,institution,side,act,about,clause_topic,source_url,"
    "source_outlet,source_date,language,notes\n"
    "S1,2030-05-01,Anna,Office,A,announces,The pause starts,start,https://a.example,,2030-05-01,"
    "en,\n",
    "fires.csv": HEAT,
    "depots.csv": "name,lat,lon,caution\nEast depot,55.5,20.5,\nWest depot,55.6,20.6,rounded\n",
}

KIND_OF = {
    "claims.csv": (
        "claims",
        '[options.control]\nA = { territory = "A", control = "A" }\n'
        '"A held" = { territory = "A", control = "B" }\nB = { territory = "B" }\n',
    ),
    "acts.csv": ("acts", ""),
    "classes.csv": ("classes", ""),
    "origins.csv": ("origins", ""),
    "regions.csv": ("regions", ""),
    "control.csv": ("control", ""),
    "statements.csv": ("statements", '[options]\nacts = ["announces"]\ntopics = ["start"]\n'),
    "fires.csv": ("heat", ""),
    "depots.csv": (
        "facilities_plain",
        '[options]\nterritory = "A"\nobject_class = "oil_storage"\n',
    ),
}


@dataclass
class CaseBuilder:
    """A case folder on disk.  Every method overwrites one of its files."""

    folder: Path

    def file(self, name: str, content: str | bytes) -> CaseBuilder:
        """Write any file of the folder, data files by their bare name."""
        path = self.folder / (f"data/{name}" if "/" not in name and name in FILES else name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return self

    def source(self, file: str, kind: str, options: str = "", extra: str = "") -> CaseBuilder:
        """Write the contract of a data file; ``extra`` stands before the options."""
        name = file.split(".")[0]
        text = SOURCE.format(id=name, kind=kind, file=file, extra=f"{EXTENT}\n{extra}\n{options}")
        return self.file(f"sources/{name}.toml", text)

    def extra(self, file: str, extra: str) -> CaseBuilder:
        """Add keys to the contract of one of the standard files."""
        kind, options = KIND_OF[file]
        return self.source(file, kind, options, extra)

    def claims(self, *changes: dict[str, str]) -> CaseBuilder:
        """Write the ledger, with an act coded for every claim."""
        acts = [f"C{n},hit,,was hit,stated,hit,hit" for n in range(1, len(changes) + 1)]
        head = FILES["acts.csv"].splitlines()[0]
        self.file("acts.csv", "\n".join([head, *acts]) + "\n")
        return self.file("claims.csv", claims_csv(*changes))

    def quarantine(self) -> CaseBuilder:
        """Set bad rows aside from now on."""
        return self.file("case.toml", CASE.replace('"stop"', '"quarantine"'))

    def read(self) -> Records:
        """Read all of it."""
        return read_records(read_case(self.folder))


@pytest.fixture
def case(tmp_path: Path) -> CaseBuilder:
    """A valid case in a folder of its own."""
    builder = CaseBuilder(tmp_path / "case")
    builder.file("case.toml", CASE).file("agreement.yaml", AGREEMENT)
    for name, content in FILES.items():
        builder.file(name, content)
        builder.extra(name, "")
    return builder
