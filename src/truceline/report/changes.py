"""What changed between two dossiers of one case, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from truceline.domain.said import Said, said
from truceline.errors import BadInput
from truceline.report.environment import environment
from truceline.report.plain import Item
from truceline.report.tongue import Tongue

TERMS = ("title", "stated_by", "clock", "disputed", "clauses", "exit_rule", "note", "source")
"""Parts of a reading that are compared."""

OUTCOME = ("verdict", "because", "also", "exit_state", "clause")
"""What makes two assessments differ."""


def changes(before: Item, after: Item) -> Item:
    """Everything that differs, in fixed order; empty lists where nothing does.

    Incidents are matched by the claims that they hold, because the id of an incident follows
    from them.  Dossiers of different cases are a ``BadInput``.
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
        "counts": _counts(before, after),
    }
    return {**found, "assessments": list(_assessments(before, after, found))}


def nothing_differs(found: Item) -> bool:
    """Whether two dossiers hold the same."""
    lists = [found[key] for key in ("parameters", "terms", "counts", "assessments")]
    maps = [found[key] for key in ("inputs", "claims", "incidents")]
    return not any(lists) and not any(part for each in maps for part in each.values())


def tell_changes(before: Item, after: Item, language: str = "en") -> str:
    """The changes as Markdown in a language; names and sentences are those of both dossiers."""
    both = {**after, "said": {**before["said"], **after["said"]}}
    tongue = Tongue(language, both)
    found = changes(before, after)
    template = environment(tongue).get_template("diff.md.j2")
    return template.render(d=after, c=found, same=nothing_differs(found))


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
    return rows


def _accounts(dossier: Item) -> dict[str, Item]:
    return {a["claim"]: a for incident in dossier["incidents"] for a in incident["accounts"]}


def _claims(before: Item, after: Item) -> Item:
    old, new = _accounts(before), _accounts(after)
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
    return found


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
    """Numbers of incidents by reading, party and verdict that differ; never added up."""

    def tally(dossier: Item) -> dict[tuple[str, str, str], int]:
        found: dict[tuple[str, str, str], int] = {}
        for count in dossier["counts"]:
            key = (count["reading"], count["party"], count["verdict"])
            found[key] = found.get(key, 0) + count["n"]
        return found

    old, new = tally(before), tally(after)
    return [
        {
            "reading": key[0],
            "party": key[1],
            "verdict": key[2],
            "before": old.get(key, 0),
            "after": new.get(key, 0),
        }
        for key in sorted(old.keys() | new.keys())
        if old.get(key, 0) != new.get(key, 0)
    ]


# --- assessments ------------------------------------------------------------------------------


def _assessments(before: Item, after: Item, found: Item) -> Iterator[Item]:
    """Assessments of incidents that hold the same claims in both, where the outcome differs."""
    old, new = _members(before), _members(after)
    for members in sorted(old.keys() & new.keys()):
        earlier = {(a["reading"], a["party"]): a for a in old[members]["assessments"]}
        for a in new[members]["assessments"]:
            was = earlier.pop((a["reading"], a["party"]), None)
            if was is None or any(was[key] != a[key] for key in OUTCOME):
                yield _changed(new[members], was, a, found)
        for was in earlier.values():
            yield _changed(new[members], was, None, found)


def _changed(incident: Item, was: Item | None, now: Item | None, found: Item) -> Item:
    either = now or was or {}
    return {
        **_named(incident),
        "reading": either["reading"],
        "party": either["party"],
        "before": _outcome(was),
        "after": _outcome(now),
        "why": list(_why(was, now, found)),
    }


def _outcome(assessment: Item | None) -> Item | None:
    return {key: assessment[key] for key in OUTCOME} if assessment else None


def _why(was: Item | None, now: Item | None, found: Item) -> Iterator[Item]:
    """Grounds that came and went, and what changed in rows, terms, numbers and files."""
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
    reading = (now or was or {})["reading"]
    terms = [row["what"] for row in found["terms"] if row["reading"] == reading]
    if terms:
        text = said("the reading itself changed: {parts}", parts=", ".join(terms))
        yield _reason("terms", text)
    if found["parameters"]:
        names = ", ".join(row["name"] for row in found["parameters"])
        yield _reason("parameters", said("numbers of judgement changed: {names}", names=names))
    files = [*found["inputs"]["added"], *found["inputs"]["changed"], *found["inputs"]["removed"]]
    if files:
        text = said("files of the case changed: {files}", files=", ".join(files))
        yield _reason("inputs", text)


def _reason(code: str, text: Said, ground: Item | None = None) -> Item:
    return {"code": code, "text": text, "rows": ground["rows"] if ground else []}
