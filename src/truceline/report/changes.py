"""What changed between two dossiers of one case, and why."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from truceline.domain.said import Said, said
from truceline.errors import BadInput, NoSuchLanguage
from truceline.report.codes import N_
from truceline.report.environment import environment
from truceline.report.plain import Item
from truceline.report.tongue import LANGUAGES, MarkdownTongue

PARTS = {
    "title": N_("title"),
    "stated_by": N_("who states it"),
    "clock": N_("clock"),
    "disputed": N_("what the clock leaves open"),
    "clauses": N_("clauses"),
    "exit_rule": N_("way out"),
    "note": N_("note"),
    "source": N_("sources"),
    "added": N_("it had not been stated before"),
    "removed": N_("it is no longer there"),
    "parties": N_("parties"),
    "third_parties": N_("third parties"),
    "conditions": N_("conditions"),
    "proposals": N_("proposals"),
    "exit_events": N_("what was said about leaving"),
    "open_questions": N_("open questions"),
}
"""Parts of terms in words."""

TERMS = ("title", "stated_by", "clock", "disputed", "clauses", "exit_rule", "note", "source")
"""Parts of a reading that are compared."""

UNDATED = ("response", "response_scope", "corroboration")
"""Fields of a claim that have no date of their own and stand in latest editions only."""

AGREEMENT = ("parties", "third_parties", "conditions", "proposals", "exit_events", "open_questions")
"""Parts of an agreement beside its readings that are compared."""

UNEXPLAINED = said("none of its own grounds, terms, numbers and files differs")
"""Stands where the cause lies in none of what is compared."""

WHOLE = frozenset({"added", "removed"})
"""What happened to a reading that only one of two dossiers has."""

OUTCOME = ("verdict", "because", "also", "exit_state", "clause")
"""What makes two assessments differ."""


def changes(before: Item, after: Item) -> Item:
    """Everything that differs, in fixed order; empty lists where nothing does.

    Incidents are matched by the claims that they hold, because the id of an incident follows
    from them; one whose claims were regrouped is set against each that held any of them.
    Statements and field reports are told by id.  Dossiers of different cases are a
    ``BadInput``.
    """
    if before["case"] != after["case"]:
        raise BadInput(
            f"these are dossiers of two cases: {before['case']} and {after['case']}",
            expected="two dossiers of one case",
            remedy="name two folders that runs of the same case wrote",
        )
    found = {
        "case": after["case"],
        "before": _edition(before),
        "after": _edition(after),
        "inputs": _inputs(before, after),
        "parameters": _parameters(before, after),
        "terms": _terms(before, after),
        "claims": _claims(before, after),
        "incidents": _incidents(before, after),
        "statements": _by_id(before["statements"], after["statements"]),
        "reports": _by_id(before["reports"], after["reports"]),
        "counts": _counts(before, after),
    }
    return {**found, "assessments": list(_assessments(before, after, found))}


def nothing_differs(found: Item) -> bool:
    """Whether two dossiers hold the same."""
    lists = [found[key] for key in ("parameters", "terms", "counts", "assessments")]
    maps = [found[key] for key in ("inputs", "claims", "incidents", "statements", "reports")]
    told = [part for each in maps for key, part in each.items() if key != "not_compared"]
    return not any(lists) and not any(told)


def together(assessments: Iterable[Item]) -> list[Item]:
    """Changes of assessments that one line can tell: same reading, party, outcomes and why.

    ``close`` says that verdict and first reason stayed, so that the rest has to be told.

    >>> one = {"id": "i-1", "claims": ["C1"], "reading": "r", "party": "A", "before": None,
    ...        "after": None, "why": []}
    >>> [row["claims"] for row in together([one, {**one, "id": "i-2", "claims": ["C2"]}])]
    [['C1', 'C2']]
    """
    rows: dict[str, Item] = {}
    for a in assessments:
        before, after = a["before"], a["after"]
        close = all(before and after and before[key] == after[key] for key in OUTCOME[:2])
        kept = OUTCOME if close else OUTCOME[:2]
        told = {
            "reading": a["reading"],
            "party": a["party"],
            "before": before and {key: before[key] for key in kept},
            "after": after and {key: after[key] for key in kept},
            "why": a["why"],
            "close": close,
        }
        row = rows.setdefault(json.dumps(told, sort_keys=True), {**told, "ids": [], "claims": []})
        row["ids"].append(a["id"])
        row["claims"] += a["claims"]
    return list(rows.values())


def tell_changes(before: Item, after: Item, language: str = "en") -> str:
    """The changes as Markdown in a language; names and sentences are those of both dossiers.

    A language without a catalogue is a ``NoSuchLanguage``.
    """
    if language not in LANGUAGES:
        raise NoSuchLanguage(
            f"there is no catalogue for {language!r}",
            expected=f"one of {', '.join(LANGUAGES)}",
            remedy="name one of these with --lang",
        )
    both = {**after, "said": {**before["said"], **after["said"]}}
    tongue = MarkdownTongue(language, both)
    found = changes(before, after)
    template = environment(tongue).get_template("diff.md.j2")
    return template.render(
        d=after,
        c=found,
        parts=PARTS,
        changed=together(found["assessments"]),
        same=nothing_differs(found),
    )


# --- parts ------------------------------------------------------------------------------------


def _edition(dossier: Item) -> Item:
    return {
        "as_of": dossier["as_of"],
        "latest": dossier["latest"],
        "version": dossier["generated_by"]["version"],
    }


def _sorted_out(before: Mapping[str, object], after: Mapping[str, object]) -> Item:
    """Keys that came, went, or stand for something else."""
    return {
        "added": sorted(after.keys() - before.keys()),
        "removed": sorted(before.keys() - after.keys()),
        "changed": sorted(k for k in before.keys() & after.keys() if before[k] != after[k]),
    }


def _by_id(before: Iterable[Item], after: Iterable[Item]) -> Item:
    return _sorted_out({item["id"]: item for item in before}, {item["id"]: item for item in after})


def _inputs(before: Item, after: Item) -> Item:
    return _sorted_out(
        {source["path"]: source["sha256"] for source in before["inputs"]},
        {source["path"]: source["sha256"] for source in after["inputs"]},
    )


def _parameters(before: Item, after: Item) -> list[Item]:
    old, new = before["generated_by"]["parameters"], after["generated_by"]["parameters"]
    names = sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))
    return [
        {"name": name, "before": _value(old.get(name)), "after": _value(new.get(name))}
        for name in names
    ]


def _value(parameter: Item | None) -> object:
    return parameter.get("value", parameter.get("sha256")) if parameter else None


def _terms(before: Item, after: Item) -> list[Item]:
    old = {reading["id"]: reading for reading in before["agreement"]["readings"]}
    new = {reading["id"]: reading for reading in after["agreement"]["readings"]}
    rows = []
    for name in sorted(old.keys() | new.keys()):
        if name not in old or name not in new:
            rows.append({"reading": name, "what": "added" if name in new else "removed"})
            continue
        parts = [part for part in TERMS if old[name][part] != new[name][part]]
        rows += [{"reading": name, "what": part} for part in parts]
    whole = [part for part in AGREEMENT if before["agreement"][part] != after["agreement"][part]]
    return rows + [{"reading": None, "what": part} for part in whole]


def _accounts(dossier: Item) -> dict[str, Item]:
    return {a["claim"]: a for incident in dossier["incidents"] for a in incident["accounts"]}


def _claims(before: Item, after: Item) -> Item:
    """Claims that came, went or say something else.

    An earlier edition does not tell what carries no date (`UNDATED`); against a latest one that
    is not compared, since it would read as if it had been said between the two.
    """
    skipped = [] if before["latest"] == after["latest"] else list(UNDATED)
    old, new = (
        {
            claim: {key: value for key, value in account.items() if key not in skipped}
            for claim, account in _accounts(dossier).items()
        }
        for dossier in (before, after)
    )
    found = _sorted_out(old, new)
    found["changed"] = [
        {
            "claim": claim,
            "fields": [
                {"field": name, "before": old[claim][name], "after": new[claim][name]}
                for name in new[claim]
                if old[claim].get(name) != new[claim][name]
            ],
        }
        for claim in found["changed"]
    ]
    return {**found, "not_compared": skipped}


def _members(dossier: Item) -> dict[tuple[str, ...], Item]:
    """Incidents by the claims that they hold."""
    return {
        tuple(sorted(a["claim"] for a in incident["accounts"])): incident
        for incident in dossier["incidents"]
    }


def _incidents(before: Item, after: Item) -> Item:
    old, new = _members(before), _members(after)
    claims_before = {claim for members in old for claim in members}
    claims_after = {claim for members in new for claim in members}
    came = sorted(new.keys() - old.keys())
    went = sorted(old.keys() - new.keys())
    return {
        "added": [_named(new[m]) for m in came if claims_before.isdisjoint(m)],
        "removed": [_named(old[m]) for m in went if claims_after.isdisjoint(m)],
        "regrouped": [
            {
                "after": _named(new[m]),
                "before": [_named(old[w]) for w in went if not set(w).isdisjoint(m)],
            }
            for m in came
            if not claims_before.isdisjoint(m)
        ],
    }


def _named(incident: Item) -> Item:
    return {"id": incident["id"], "claims": sorted(a["claim"] for a in incident["accounts"])}


def _counts(before: Item, after: Item) -> list[Item]:
    """Numbers of incidents by reading, party and verdict that differ, each with its denominator.

    They are never added up by party.
    """
    old, new = _tally(before), _tally(after)
    return [
        {
            "reading": key[0],
            "party": key[1],
            "verdict": key[2],
            "unit": "incident",
            "before": old.get(key, 0),
            "of_before": _accused(before, key[1]),
            "after": new.get(key, 0),
            "of_after": _accused(after, key[1]),
        }
        for key in sorted(old.keys() | new.keys())
        if old.get(key, 0) != new.get(key, 0)
    ]


def _tally(dossier: Item) -> dict[tuple[str, str, str], int]:
    found: dict[tuple[str, str, str], int] = {}
    for count in dossier["counts"]:
        key = (count["reading"], count["party"], count["verdict"])
        found[key] = found.get(key, 0) + count["n"]
    return found


def _accused(dossier: Item, party: str) -> int:
    """Incidents in which a party is accused: what its numbers are a part of."""
    return sum(party in incident["accused"] for incident in dossier["incidents"])


# --- assessments ------------------------------------------------------------------------------


def _assessments(before: Item, after: Item, found: Item) -> Iterator[Item]:
    """Assessments of incidents that share a claim in both, where the outcome differs."""
    old, new = _members(before), _members(after)
    for members in sorted(new):
        shared = [was for was in sorted(old) if not set(was).isdisjoint(members)]
        same = [members] if members in old else shared
        for was in same:
            yield from _between(old[was], new[members], found)


def _between(was: Item, now: Item, found: Item) -> Iterator[Item]:
    earlier = {(a["reading"], a["party"]): a for a in was["assessments"]}
    later = {(a["reading"], a["party"]): a for a in now["assessments"]}
    for key in sorted(earlier.keys() | later.keys()):
        old, new = earlier.get(key), later.get(key)
        if old is None or new is None or any(old[part] != new[part] for part in OUTCOME):
            yield _changed(was, now, old, new, found)


def _changed(first: Item, second: Item, was: Item | None, now: Item | None, found: Item) -> Item:
    either = now or was or {}
    return {
        **_named(second),
        "id_before": first["id"],
        "claims_before": _named(first)["claims"],
        "reading": either["reading"],
        "party": either["party"],
        "before": _outcome(was),
        "after": _outcome(now),
        "why": [*_moved(first, second), *_why(was, now, found)] or [_reason("none", UNEXPLAINED)],
    }


def _moved(first: Item, second: Item) -> Iterator[Item]:
    """That claims moved between incidents, which then have other ids."""
    old, new = _named(first), _named(second)
    if old["claims"] != new["claims"]:
        text = said(
            "{id} now holds {claims}; before: {before}",
            id=new["id"],
            claims=", ".join(new["claims"]),
            before=f"{old['id']} ({', '.join(old['claims'])})",
        )
        yield _reason("regrouped", text)


def _outcome(assessment: Item | None) -> Item | None:
    return {key: assessment[key] for key in OUTCOME} if assessment else None


def _why(was: Item | None, now: Item | None, found: Item) -> Iterator[Item]:
    """Grounds that came and went, and what changed in rows, terms, numbers and files.

    Under a reading that came or went as a whole, that is the reason; no ground is listed.
    """
    reading = (now or was or {})["reading"]
    terms = [row["what"] for row in found["terms"] if row["reading"] == reading]
    if not WHOLE.intersection(terms):
        yield from _grounds(was, now)
    if terms:
        parts = [said(PARTS[part]) for part in terms]
        text = said("the reading itself changed: {parts:clauses}", parts=parts)
        yield _reason("terms", text)
    if found["parameters"]:
        names = ", ".join(row["name"] for row in found["parameters"])
        yield _reason("parameters", said("numbers of judgement changed: {names}", names=names))
    files = [*found["inputs"]["added"], *found["inputs"]["changed"], *found["inputs"]["removed"]]
    if files:
        text = said("files of the case changed: {files}", files=", ".join(files))
        yield _reason("inputs", text)


def _grounds(was: Item | None, now: Item | None) -> Iterator[Item]:
    """Grounds that came and went, in the order of the steps, and rows that came with them."""
    old = {(g["step"], g["text"]): g for g in was["grounds"]} if was else {}
    new = {(g["step"], g["text"]): g for g in now["grounds"]} if now else {}
    for key in sorted(new.keys() - old.keys()):
        yield _reason("ground_added", said("new ground: {text:told}", text=key[1]), new[key])
    for key in sorted(old.keys() - new.keys()):
        yield _reason("ground_dropped", said("ground dropped: {text:told}", text=key[1]), old[key])
    cited = {row for g in new.values() for row in g["rows"]}
    rows = sorted(cited - {row for g in old.values() for row in g["rows"]})
    if rows:
        yield _reason("rows", said("rows that were not cited before: {rows}", rows=", ".join(rows)))


def _reason(code: str, text: Said, ground: Item | None = None) -> Item:
    return {"code": code, "text": text, "rows": ground["rows"] if ground else []}
