"""The agreement of a world: one reading without an open edge, one that is narrow and disputed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from truceline.simulate.land import NAMES, ZONES
from truceline.simulate.sky import TRUCE_DAYS, TRUCE_FROM

PLAIN, NARROW = "plain", "narrow"
"""Ids of the two readings."""

MEDIATOR = "M"
MEDIATOR_ZONE = "Etc/UTC"

_UNTIL = TRUCE_FROM + timedelta(days=TRUCE_DAYS)
_SETTLED = TRUCE_FROM + timedelta(days=3)
_INVOKED = TRUCE_FROM + timedelta(days=20)

_AGREEMENT = """\
schema: truceline-agreement/1
id: simulated
title: A halt of strikes on energy (simulated)

parties:
  {first}:
    name: {first_name}
    zone: {first_zone}
  {second}:
    name: {second_name}
    zone: {second_zone}

third_parties:
  {mediator}:
    name: The mediator
    role: mediator
    zone: {mediator_zone}

readings:

  - id: {plain}
    title: All energy, from a stated midnight to a stated midnight
    stated_by: {mediator}
    source: [S01]
    clock:
      zone: {mediator_zone}
      from: {start}
      until: {until}
      source: [S01]
    clauses:
      - id: energy
        obliges: [{first}, {second}]
        must_not:
          acts: [strike]
          against: [energy]
          source: [S01]
        where:
          territory_of: [{first}, {second}]
          including_held: true
          source: [S01]

  - id: {narrow}
    title: Oil and substations alone, from a day that is disputed
    stated_by: {first}
    source: [S02]
    clock:
      zone: {first_zone}
      from: {start}
      until: {until}
      source: [S02]
      disputed:
        - from: {start}
          until: {settled}
          why: Three days were asked for until orders reach everybody; nobody answered
          source: [S03]
    clauses:
      - id: listed
        obliges: [{first}, {second}]
        must_not:
          acts: [strike]
          against: [oil, substation]
          source: [S02]
        silent_on:
          acts: [attempt_intercepted]
          against: [gas]
          why: The list does not name gas, nor attacks that were shot down
          source: [S02]
        where:
          territory_of: [{first}, {second}]
          including_held: false
          source: [S02]
    exit_rule:
      "on": non_observance_by_other_party
      effect: may_consider_itself_released
      source: [S02]

exit_events:
  - by: {first}
    "on": {invoked}
    kind: invocation
    readings: [{narrow}]
    source: [S04]
"""

STATEMENT_COLUMNS = (
    "id", "date", "speaker", "institution", "side", "act", "about", "clause_topic",
    "source_url", "source_outlet", "source_date", "language", "notes",
)  # fmt: skip


def tell_agreement(codes: Sequence[str]) -> str:
    """The text of ``agreement.yaml`` with the codes of the first and the second role."""
    return _AGREEMENT.format(
        first=codes[0],
        second=codes[1],
        first_name=NAMES[0],
        second_name=NAMES[1],
        first_zone=ZONES[0],
        second_zone=ZONES[1],
        mediator=MEDIATOR,
        mediator_zone=MEDIATOR_ZONE,
        plain=PLAIN,
        narrow=NARROW,
        start=TRUCE_FROM,
        until=_UNTIL,
        settled=_SETTLED,
        invoked=_INVOKED,
    )


def statement_rows(codes: Sequence[str]) -> list[dict[str, object]]:
    """The statements that the terms cite."""
    before = TRUCE_FROM - timedelta(days=1)
    told = (
        ("S01", before, MEDIATOR, "announces", "objects", "Both sides halt strikes on energy"),
        ("S02", before, codes[0], "announces", "objects", "Oil and substations are spared"),
        ("S03", before, codes[0], "demands", "start_date", "Three days until it holds"),
        ("S04", _INVOKED, codes[0], "announces", "way_out", "Considers itself released"),
    )
    return [
        {
            "id": key,
            "date": day,
            "speaker": "Spokesperson",
            "institution": "Presidency",
            "side": side,
            "act": act,
            "about": about,
            "clause_topic": topic,
            "source_url": f"https://gazette.example/{key.lower()}",
            "source_outlet": "Gazette",
            "source_date": day,
            "language": "en",
            "notes": "",
        }
        for key, day, side, act, topic, about in told
    ]
