"""Findings about change as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from truceline.report.plain import Item
from truceline.report.tongue import Tongue


def tell_rates(dossier: Item, language: str = "en") -> str:
    """Every finding with its sentences, what is not told and why, and the attempts made on it."""
    return "\n".join(_lines(dossier, Tongue(language, dossier)))


def _lines(dossier: Item, tongue: Tongue) -> Iterator[str]:
    at = tongue.gettext("As known at {at:moment}", at=dossier["as_of"])
    yield f"{tongue.told(dossier['title'])}. {at}."
    if not dossier["rates"]:
        yield tongue.gettext("The case declares no series; docs/ask-about-change.md says how.")
    for finding in dossier["rates"]:
        yield ""
        yield f"[{finding['id']}] {tongue.say('conclusion', finding['conclusion'])}"
        yield from (
            f"  {tongue.told(sentence)}"
            for sentence in (*finding["sentences"], *finding["details"])
        )
        for refusal in finding["refusals"]:
            yield "  " + tongue.gettext(
                "Not told ({code:refusal}): {text:told}. What would lift that: {remedy:told}.",
                **{key: refusal[key] for key in ("code", "text", "remedy")},
            )
        for attempt in finding["attacks"]:
            yield "  " + tongue.gettext(
                "Attempt ({name:attack}), {outcome:outcome}: {text:told}.",
                name=attempt["check"],
                outcome=_outcome(attempt["passed"]),
                text=attempt["text"],
            )


def _outcome(passed: bool | None) -> str:
    return {True: "passed", False: "failed", None: "open"}[passed]
