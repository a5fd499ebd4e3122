"""Codes of compared documents in plain words."""

from __future__ import annotations

from truceline.domain.compared import Shown, Slot, Why
from truceline.report.mark import N_

TOPICS = {
    "energy": N_("energy facilities"),
    "infrastructure": N_("other infrastructure"),
    "sea": N_("shipping and the sea"),
    "air": N_("attacks through the air"),
    "ground": N_("fighting on the ground"),
    "ceasefire": N_("full ceasefire"),
    "duration": N_("duration"),
    "start": N_("start"),
    "end": N_("end or extension"),
    "monitoring": N_("monitoring"),
    "exit": N_("ways out"),
    "conditions": N_("conditions"),
    "prisoners": N_("prisoners and the dead"),
    "arms": N_("arms deliveries and intelligence"),
    "mobilisation": N_("mobilisation"),
    "sanctions": N_("sanctions and market access"),
    "territory": N_("territory and withdrawal"),
    "nuclear_plant": N_("nuclear power plants"),
    "humanitarian": N_("humanitarian aid and access"),
    "children": N_("abducted children"),
    "talks": N_("talks to come"),
}

STATES = {
    Shown.MENTIONED: N_("mentioned"),
    Shown.NEGATED: N_("mentioned, negated"),
    Shown.OMITTED: N_("omitted"),
    Shown.NOT_ATTESTED: N_("not attested"),
    Shown.NO_DOCUMENT: N_("no document"),
    Shown.NO_STATEMENT: N_("no statement"),
}

WHYS = {
    Why.EXCERPT: N_("only a part of the document is held"),
    Why.NO_HASH: N_("the document is held without its hash"),
    Why.NOT_MEASURED: N_("the detector was not measured in this language"),
    Why.WEAK: N_("the detector may miss too much"),
}

SLOTS = {
    Slot.SCOPE: N_("what is covered"),
    Slot.ACTS: N_("acts"),
    Slot.MEANS: N_("means"),
    Slot.DURATION: N_("duration"),
    Slot.START: N_("start"),
    Slot.DEADLINE: N_("deadline"),
    Slot.CONDITION: N_("condition"),
    Slot.RECIPROCITY: N_("reciprocity"),
}
