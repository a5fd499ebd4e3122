"""Names of codes in plain words, the same for every party, and the headline sentences.

What a code means is said here once; pages, tables and the terminal take it from here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from truceline.clock import stamp
from truceline.domain.agreement import Agreement
from truceline.domain.incident import Says
from truceline.domain.observation import LookState
from truceline.domain.result import Result
from truceline.domain.trees import ITSELF
from truceline.domain.verdict import GroundCode, Reason, Verdict
from truceline.report.counts import Count, count_assessments, own_claims, sides_of_claims
from truceline.report.plain import Item

VERDICTS = {
    "breach_indicated": "breach indicated",
    "no_breach_indicated": "no breach indicated",
    "undetermined": "undetermined",
    "out_of_scope": "out of scope",
    "not_in_force": "not in force",
}

REASONS = {
    "disputed_terms": "the reading itself leaves this open",
    "class_unknown": "the kind of act, means or object is not known",
    "time_imprecise": "the time is not known well enough",
    "place_imprecise": "the place is not known well enough",
    "unobservable": "there was no usable look",
    "nothing_seen": "there were usable looks and no signal in them",
    "uncorroborated": "too few independent lines of evidence",
    "contradicted": "lines of evidence speak against each other",
    "unattributed": "it is open who acted",
    "release_disputed": "it is open whether the obligation still bound the party",
    "established": "independent lines together are strong enough",
    "excluded": "independent lines together speak strongly against it",
    "party_outside": "the reading does not oblige this party",
    "act_outside": "the act is not one that the reading forbids",
    "class_outside": "the kind of object is not protected by the reading",
    "place_outside": "the place is outside the area of the reading",
    "outside_clock": "the clock of the reading was not running",
    "released": "the party had been released under the reading",
}

EXIT_STATES = {
    "untriggered": "no earlier claim against another party stands under this reading",
    "possibly": "earlier claims against another party stand, all of them undetermined",
    "triggered": "non-observance by another party is indicated before, and was not invoked",
    "invoked": "the way out had been invoked",
}

RESPONSES = {
    "confirmed": "confirmed by the other side",
    "denied": "denied by the other side",
    "silent": "the other side was silent",
    "unknown": "no reply of the other side was found, which does not prove silence",
}

RESPONSE_SCOPES = {
    "item": "about this item",
    "list": "about a list that holds it",
    "general": "in general, not about this item",
}

ORIGINS = {
    "claim": "claim",
    "admission": "self-claim of the accused side",
    "third_party": "outside source, supports a part",
    "support_not_counted": "support that is not a line of its own",
    "unverified_not_counted": "outside voice that could not verify it",
    "against_not_counted": "report to the contrary that is not a line of its own",
}

PLACES = {
    "facility": "point of the facility itself",
    "settlement": "centre of the town, stands for all of it",
    "district": "centre of the district, a map anchor only",
    "region": "administrative seat of the region, a map anchor only",
}

TIMES = {
    "minute": "to the minute",
    "hours": "to some hours",
    "day": "to the local day",
    "night": "to the night",
    "report_date": "date of the published list, give or take a day",
    "inferred": "worked out from words",
    "unknown": "not known",
}

LOOKS = {
    "observable": "usable look: a record is held and the sky is not known to have been overcast",
    "obscured": "a record is held, but cloud hid the ground for most of the day",
    "no_pass": "the sensor did not pass",
    "no_record": "no record is held: unknown whether anything could be seen",
}

SAYS = {
    "signal": "signal",
    "nothing_seen": "looked, nothing seen",
    "unusable": "cannot be used",
}

REGISTRY = {
    "matched": "matched with a registry",
    "in_same_settlement": "a registry names such an object in the same settlement; no distance",
    "none_in_registry": "no such object there in a registry that holds the class in full",
    "not_found_in_part": "none found there in a registry with gaps, which says little",
    "not_in_registry_scope": "the registry does not hold this kind of object there",
    "place_too_coarse": "the place is too coarse for a match",
    "class_unknown": "the kind of object is not known",
}

STEPS = {
    1: "clock",
    2: "act and object",
    3: "place",
    4: "occurrence",
    5: "attribution",
    6: "release",
    7: "verdict",
}

ATTACHES = {
    "this_arrangement": "this arrangement",
    "full_ceasefire": "a full ceasefire",
    "settlement": "a settlement",
    "sea": "a truce at sea",
    "another_truce": "another truce",
    "disputed": "disputed",
}

STYLE_NOTE = (
    "The number of claims follows how each side publishes: itemised lists give many claims, "
    "totals without items give few. It does not measure what happened, and the rows must not "
    "be compared with each other."
)

SHORT_NOTE = "These numbers follow how each side publishes and do not measure what happened."

DOUBLE_NOTE = (
    "Unit: incident. A share is of the incidents in which this party is accused. An incident "
    "in which two parties are accused stands once in the row of each and once in the total."
)


def say(code: str | None, words: Mapping[str, str] | None = None) -> str:
    """A code in words; a code of a case or tree without an entry loses its underscores.

    >>> say("undetermined", VERDICTS), say("gas_metering"), say(None)
    ('undetermined', 'gas metering', 'not stated')
    """
    if code is None or code == "":
        return "not stated"
    plain, alone, _ = code.partition(ITSELF)
    told = (words or {}).get(plain, plain.replace("_", " "))
    return f"{told}, not named more closely" if alone else told


def place_token(token: str) -> str:
    """A part of a territory, as scopes name it, in words.

    >>> place_token("A:own"), place_token("A:held")
    ('A where it is held by itself', 'A where the other side is said to hold it')
    """
    code, _, kind = token.partition(":")
    told = {"own": "it is held by itself", "held": "the other side is said to hold it"}
    return f"{code} where {told[kind]}"


def number(value: float) -> str:
    """A ratio or distance with three digits that count, without an exponent.

    >>> [number(x) for x in (0.97, 30.0, 0.000123, 1234.5)]
    ['0.97', '30', '0.000123', '1230']
    """
    text = f"{float(f'{value:.3g}'):.12f}"
    return text.rstrip("0").rstrip(".")


def moment(text: str | None) -> str:
    """A stamp as people write it, in UTC.

    >>> moment("2025-03-18T21:00:00Z"), moment(None)
    ('2025-03-18 21:00 UTC', 'not stated')
    """
    if text is None:
        return "not stated"
    return f"{text[:10]} {text[11:16]} UTC"


def plural(n: int, noun: str, many: str = "") -> str:
    """A count with its unit.

    >>> plural(1, "incident"), plural(0, "incident"), plural(2, "entry", "entries")
    ('1 incident', '0 incidents', '2 entries')
    """
    return f"{n} {noun}" if n == 1 else f"{n} {many or noun + 's'}"


def listed(items: Iterable[str]) -> str:
    """Items as a phrase.

    >>> listed(["a", "b", "c"]), listed([])
    ('a, b and c', '')
    """
    *first, last = list(items) or [""]
    return f"{', '.join(first)} and {last}" if first else last


def side_name(names: Mapping[str, str], code: str) -> str:
    """Name of a party or third party; other sides are neither.

    >>> side_name({"A": "Aland"}, "A"), side_name({"A": "Aland"}, "other")
    ('Aland', 'others, neither party')
    """
    return names.get(code, "others, neither party")


def accusation(account: Item, names: Mapping[str, str]) -> str:
    """Who says of whom that it acted, with the side of the speaker."""
    told = f"{account['claimant']} (side: {side_name(names, account['claimant_side'])})"
    if account["origin"] == "admission":
        return f"{told} claims an act of {side_name(names, account['accused'])} itself"
    return f"{told} accuses {side_name(names, account['accused'])}"


def reply(account: Item) -> str:
    """What the other side said to a claim, and how closely that was about it.

    >>> reply({"response": "denied", "response_scope": "general"})
    'denied by the other side, in general, not about this item'
    """
    scope = RESPONSE_SCOPES.get(account["response_scope"], "")
    return say(account["response"], RESPONSES) + (f", {scope}" if scope else "")


def way_out(assessment: Item) -> str:
    """How far the way out had come, or that the reading has none."""
    if any(ground["code"] == GroundCode.NO_EXIT_RULE for ground in assessment["grounds"]):
        return "the reading has none"
    return say(assessment["exit_state"], EXIT_STATES)


def names_of(agreement: Agreement) -> dict[str, str]:
    """Names of parties and third parties by code."""
    return {
        code: party.name for code, party in (agreement.parties | agreement.third_parties).items()
    }


# --- headline ---------------------------------------------------------------------------------


def headline(result: Result) -> list[str]:
    """Five sentences, each computed from the objects that the tables are made of."""
    counts = count_assessments(result)
    return [
        _extent(result),
        _sides(result),
        _undetermined(result, counts),
        _looks(result),
        _decided(result),
    ]


def _extent(result: Result) -> str:
    n_claims = sum(len(incident.accounts) for incident in result.incidents)
    n_two = sum(len(incident.accused) > 1 for incident in result.incidents)
    return (
        f"As known at {moment(stamp(result.as_of))}, this edition holds "
        f"{plural(n_claims, 'claim')}, held to be about "
        f"{plural(len(result.incidents), 'incident')}; in {n_two} of these more than one party is "
        f"accused. Left out because not yet known then: "
        f"{plural(result.n_claims_not_yet_known, 'claim')}.{_set_aside(result)}"
    )


def _set_aside(result: Result) -> str:
    n = len(result.quarantine)
    told = f" Set aside because they broke the contract of their source: {plural(n, 'row')}."
    return told if n else ""


def _sides(result: Result) -> str:
    names = names_of(result.agreement)
    parts = []
    for party in sorted(result.agreement.parties):
        n = sum(party in incident.accused for incident in result.incidents)
        sides = sides_of_claims(result, party)
        told = listed(f"{side_name(names, side)} ({k})" for side, k in sides)
        own = own_claims(result, party)
        parts.append(
            f"{names[party]} is named in {plural(n, 'incident')}"
            + (f", by accusations of {told}" if told else "")
            + (f" and by its own claims to have acted ({own})" if own else "")
        )
    return "; ".join(parts) + ". " + SHORT_NOTE


def _undetermined(result: Result, counts: list[Count]) -> str:
    n_pairs = sum(len(incident.accused) for incident in result.incidents)
    parts = []
    for reading in result.agreement.readings:
        reasons: Counter[Reason] = Counter()
        for count in counts:
            if count.reading == reading.id and count.verdict is Verdict.UNDETERMINED:
                reasons[count.because] += count.n
        order = sorted(reasons, key=lambda reason: (-reasons[reason], list(Reason).index(reason)))
        why = listed(f"{say(reason, REASONS)} ({reasons[reason]})" for reason in order[:2])
        first = f", most often first because {why}" if why else ""
        parts.append(f"{reasons.total()} under the reading “{reading.id}”{first}")
    pairs = plural(n_pairs, "pair")
    return f"Of {pairs} of incident and accused party, undetermined are: {'; '.join(parts)}."


def _looks(result: Result) -> str:
    n_usable = sum(
        any(look.state is LookState.OBSERVABLE for look in result.evidence[incident.id].looks)
        for incident in result.incidents
        if incident.id in result.evidence
    )
    n = len(result.incidents)
    proof = result.evidence.values()
    heat = [line for e in proof for line in e.lines if line.family == "satellite_heat"]
    said = Counter(line.says for line in heat)
    return (
        f"{n_usable} of {plural(n, 'incident')} had at least one usable look of a sensor at a "
        f"place known well enough; satellite heat was a signal in {said[Says.SIGNAL]} and looked "
        f"and saw nothing in {said[Says.NOTHING_SEEN]}; in the other "
        f"{n - said[Says.SIGNAL] - said[Says.NOTHING_SEEN]} the silence of sensors says nothing."
    )


def _decided(result: Result) -> str:
    by_incident: dict[str, set[Verdict]] = {}
    for assessment in result.assessments:
        by_incident.setdefault(assessment.incident, set()).add(assessment.verdict)
    n = len(result.incidents)
    n_open = sum(verdicts == {Verdict.UNDETERMINED} for verdicts in by_incident.values())
    n_breach = sum(Verdict.BREACH_INDICATED in verdicts for verdicts in by_incident.values())
    n_none = sum(Verdict.NO_BREACH_INDICATED in verdicts for verdicts in by_incident.values())
    return (
        f"{n_open} of {plural(n, 'incident')} could not be decided under any reading; under at "
        f"least one reading the verdict is “breach indicated” in {n_breach} and “no breach "
        f"indicated” in {n_none}."
    )
