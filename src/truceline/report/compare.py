"""Readings compared in pairs, proposals set against readings, conditions by attachment."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from truceline.domain.agreement import Agreement, AttachesTo, Clause, Clock, ExitRule, Reading
from truceline.domain.scope import Scope, compare_scopes
from truceline.report.codes import ATTACHES, RELATIONS
from truceline.report.plain import Item, ends, plain
from truceline.report.words import moment, place_token, plural, say


def compare_readings_data(agreement: Agreement) -> list[Item]:
    """Rows of ``kind`` readings, proposal and conditions, in the order of the agreement.

    Scopes are compared at any hour; the clocks stand beside them, because a proposal has
    none and two readings may differ in their clocks alone.
    """
    return [
        *(_pair(agreement, a, b) for a, b in combinations(agreement.readings, 2)),
        *_proposals(agreement),
        *_conditions(agreement),
    ]


def clock_item(clock: Clock) -> Item:
    """A clock as it was stated, with its zone, and what that is in UTC."""
    return {
        "zone": clock.zone,
        "from": plain(clock.start),
        "until": plain(clock.until),
        "for": clock.length,
        "extendable": clock.extendable,
        "utc": ends(clock.span),
        "source": list(clock.source),
        "note": clock.note,
    }


def _pair(agreement: Agreement, first: Reading, second: Reading) -> Item:
    both_run = first.clock.span.meet(second.clock.span)
    return {
        "kind": "readings",
        "first": first.id,
        "second": second.id,
        "clauses": [_clauses(agreement, a, b) for a in first.clauses for b in second.clauses],
        "clocks": {
            "first": _clock(first),
            "second": _clock(second),
            "both_run": ends(both_run) if both_run else None,
        },
        "exit_rules": {"first": _exit(first.exit_rule), "second": _exit(second.exit_rule)},
    }


def _clauses(agreement: Agreement, first: Clause, second: Clause) -> Item:
    a, b = agreement.content(first), agreement.content(second)
    return {
        "first": first.id,
        "second": second.id,
        "obliges": {"first": list(first.obliges), "second": list(second.obliges)},
        "relation": _relation(a, b),
        "scope": [
            {
                "dimension": row.dimension,
                "both": list(row.both),
                "only_first": list(row.only_first),
                "only_second": list(row.only_second),
            }
            for row in compare_scopes(a, b)
        ],
        "silence": {"first": _silence(first), "second": _silence(second)},
    }


def _relation(a: Scope, b: Scope) -> str:
    if a >= b and b >= a:
        return "equal"
    if a >= b:
        return "first_contains_second"
    if b >= a:
        return "second_contains_first"
    return "disjoint" if (a & b).empty else "overlap"


def _silence(clause: Clause) -> Item | None:
    if clause.silent_on is None:
        return None
    return {"acts": list(clause.silent_on.acts), "against": list(clause.silent_on.against)}


def _clock(reading: Reading) -> Item:
    disputed = [{**ends(span), "why": piece.why} for span, piece in reading.clock.open_spans]
    return {**clock_item(reading.clock), "disputed": disputed}


def _exit(rule: ExitRule | None) -> Item | None:
    return {"on": rule.on, "effect": rule.effect} if rule else None


def _proposals(agreement: Agreement) -> Iterator[Item]:
    for proposal in agreement.proposals:
        for reading in agreement.readings:
            for clause in reading.clauses:
                yield {
                    "kind": "proposal",
                    "proposal": proposal.id,
                    "status": proposal.status,
                    "reading": reading.id,
                    "clause": clause.id,
                    "relation": _relation(agreement.content(proposal), agreement.content(clause)),
                }


def _conditions(agreement: Agreement) -> Iterator[Item]:
    for attached in AttachesTo:
        ids = [c.id for c in agreement.conditions if c.attaches_to is attached]
        if ids:
            yield {"kind": "conditions", "attaches_to": attached.value, "conditions": ids}


# --- as text ----------------------------------------------------------------------------------


def relation_text(relation: str, first: str, second: str) -> str:
    """A relation of two scopes in words.

    >>> relation_text("equal", "a", "b")
    'a and b forbid the same'
    """
    return RELATIONS[relation].format(first=first, second=second)


def compare_readings(agreement: Agreement) -> str:
    """The same rows as text for a terminal."""
    n_readings = plural(len(agreement.readings), "reading")
    lines = [f"{agreement.title}: {n_readings}, none of them the main one"]
    rows = compare_readings_data(agreement)
    for row in rows:
        if row["kind"] == "readings":
            lines += ["", *_tell_pair(row)]
    proposals = [row for row in rows if row["kind"] == "proposal"]
    if proposals:
        lines += ["", "Proposals against readings, hours left aside (nothing is judged by them)"]
        lines += [
            "  "
            + relation_text(row["relation"], row["proposal"], f"{row['reading']}/{row['clause']}")
            for row in proposals
        ]
    conditions = [row for row in rows if row["kind"] == "conditions"]
    if conditions:
        lines += ["", "Conditions by what they attach to"]
        lines += [
            f"  {say(row['attaches_to'], ATTACHES)}: {', '.join(row['conditions'])}"
            for row in conditions
        ]
    return "\n".join(lines)


def _tell_pair(row: Item) -> Iterator[str]:
    first, second = row["first"], row["second"]
    yield f"{first} and {second}"
    for pair in row["clauses"]:
        a, b = f"{first}/{pair['first']}", f"{second}/{pair['second']}"
        yield f"  clauses, hours left aside: {relation_text(pair['relation'], a, b)}"
        for scope in pair["scope"]:
            yield f"    {scope['dimension']}"
            for key, who in (("both", "both"), ("only_first", first), ("only_second", second)):
                only = "" if key == "both" else "only "
                yield f"      {only}{who}: {tell_names(scope['dimension'], scope[key])}"
        for key, who in (("first", first), ("second", second)):
            silence = pair["silence"][key] or {"acts": [], "against": []}
            names = silence["acts"] + silence["against"]
            yield f"    {who} is silent on: {tell_names('', names)}"
    for key, who in (("first", first), ("second", second)):
        yield f"  clock of {who}: {tell_clock(row['clocks'][key])}"
        for piece in row["clocks"][key]["disputed"]:
            yield (
                f"    left open {moment(piece['from'])} to {moment(piece['until'])}: {piece['why']}"
            )
    both = row["clocks"]["both_run"]
    told = f"{moment(both['from'])} to {moment(both['until'])}" if both else "never"
    yield f"  both clocks run, open stretches included: {told}"
    for key, who in (("first", first), ("second", second)):
        yield f"  exit rule of {who}: {tell_exit(row['exit_rules'][key])}"


def tell_clock(clock: Item) -> str:
    """A clock in words: as stated, in its zone, and in UTC."""
    start, until = clock["from"] or "not stated", clock["until"] or "not stated"
    if clock["until"] and "T" not in until:
        until = f"the start of {until}"
    length = f", for {clock['for']}" if clock["for"] else ""
    extend = f", extendable {say(clock['extendable'])}" if clock["extendable"] else ""
    span = clock["utc"]
    return (
        f"from {start}, until {until} ({clock['zone']}{length}{extend}); "
        f"in UTC {moment(span['from'])} to {moment(span['until'])}"
    )


def tell_exit(rule: Item | None) -> str:
    """An exit rule in words.

    >>> tell_exit(None)
    'none stated'
    """
    if rule is None:
        return "none stated"
    return f"on {say(rule['on'])}; effect: {say(rule['effect'])}"


def tell_names(dimension: str, names: list[str]) -> str:
    """Names of one dimension of a scope in words.

    >>> tell_names("objects", ["oil", "power_line"]), tell_names("acts", [])
    ('oil, power line', 'nothing')
    """
    told = place_token if dimension == "places" else say
    return ", ".join(told(name) for name in names) or "nothing"
