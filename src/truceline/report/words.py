"""Codes, times and numbers as English text, for the terminal.

Pages and briefs are told by `truceline.report.tongue`, in the language of the reader.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from truceline.domain.trees import ITSELF
from truceline.domain.verdict import GroundCode
from truceline.report.codes import EXIT_STATES, RESPONSE_SCOPES, RESPONSES
from truceline.report.plain import Item


def say(code: str | None, words: Mapping[str, str] | None = None) -> str:
    """A code in words; a code of a case or tree without an entry loses its underscores.

    >>> from truceline.report.codes import VERDICTS
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
