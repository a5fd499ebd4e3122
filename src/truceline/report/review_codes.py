"""Codes of statements in plain words, the same for every party."""

from __future__ import annotations

from collections.abc import Mapping

from truceline.report.mark import N_

KINDS = {
    "commitment": N_("commitment"),
    "acceptance": N_("acceptance"),
    "refusal": N_("refusal"),
    "intention": N_("intention"),
    "threat": N_("threat"),
    "agreement": N_("agreement reported"),
    "proposal": N_("proposal"),
    "demand": N_("demand"),
    "condition": N_("condition"),
    "meta_conditions": N_("says that there are conditions"),
    "order": N_("order"),
    "claim": N_("claim"),
    "accusation": N_("accusation"),
    "denial": N_("denial"),
    "retraction": N_("retraction"),
    "fear": N_("fear"),
    "evaluation_by_party": N_("evaluation by a party"),
    "non_response": N_("no response"),
    "omission": N_("omission"),
    "non_event": N_("did not happen, as told"),
    "open_question": N_("open question"),
    "fact_report": N_("fact, as the text tells it"),
    "evaluation": N_("evaluation by the text"),
    "asymmetry": N_("asymmetry"),
    "assessment_fulfilment": N_("assessment of what was kept"),
}

ATTRIBUTIONS = {
    "explicit": N_("speaker named"),
    "anaphoric": N_("speaker by pronoun or description"),
    "continued": N_("reported speech goes on"),
    "unattributed": N_("speaker not told"),
    "narrator": N_("the text itself"),
    "narrator_inference": N_("the text itself concludes"),
}

POLARITIES = {"affirmed": N_("affirmed"), "negated": N_("negated")}

MODALITIES = {
    "asserted": N_("asserted"),
    "willed": N_("willed"),
    "owed": N_("owed"),
    "possible": N_("possible"),
    "allowed": N_("allowed"),
    "hearsay": N_("hearsay"),
}

MOODS = {
    "indicative": N_("indicative"),
    "konjunktiv_1": N_("Konjunktiv I"),
    "konjunktiv_2": N_("Konjunktiv II"),
    "subjunctive": N_("subjunctive"),
    "imperative": N_("imperative"),
    "interrogative": N_("interrogative"),
    "nonfinite": N_("no finite verb"),
}

CONDITIONS = {
    "none": N_("unconditional"),
    "if": N_("if"),
    "unless": N_("unless"),
    "only_if": N_("only if"),
    "provided": N_("provided that"),
    "until": N_("until"),
    "as_long_as": N_("as long as"),
}

RECIPROCITIES = {
    "mutual": N_("mutual"),
    "one_sided": N_("one-sided"),
    "if_other": N_("if the other side does the same"),
    "unstated": N_("not stated"),
}

STATES = {
    "draft": N_("draft"),
    "to_review": N_("to be reviewed"),
    "accepted": N_("accepted"),
    "rejected": N_("rejected"),
    "edited": N_("edited"),
}

STATUSES = {
    "not_checked": N_("not checked"),
    "not_verifiable": N_("not verifiable, as told"),
    "not_confirmed": N_("not confirmed, as told"),
    "confirmed": N_("confirmed, as told"),
    "disputed": N_("disputed, as told"),
}

ROLE_NAMES = {
    "content": N_("content"),
    "speaker": N_("speaker"),
    "cue": N_("cue"),
    "condition": N_("condition"),
    "hedge": N_("hedge"),
}

TABLES: Mapping[str, Mapping[str, str]] = {
    "kind": KINDS,
    "attribution": ATTRIBUTIONS,
    "polarity": POLARITIES,
    "modality": MODALITIES,
    "mood": MOODS,
    "condition": CONDITIONS,
    "reciprocity": RECIPROCITIES,
    "state": STATES,
    "status": STATUSES,
    "role": ROLE_NAMES,
}
"""All tables by the name that the template of the page gives."""
