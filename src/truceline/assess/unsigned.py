"""What stands where the terms are a machine's draft that nobody has signed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from truceline.domain.agreement import Agreement
from truceline.domain.incident import Incident
from truceline.domain.said import said
from truceline.domain.verdict import (
    Assessment,
    ExitState,
    Ground,
    GroundCode,
    Reason,
    Verdict,
)

ENGINE = "engine"
"""Author of every draft; people sign in rows of their own."""

WHY = said("the terms are a machine’s draft that nobody has signed: nothing is judged by them")


def unsigned(agreement: Agreement, incidents: Sequence[Incident], at: datetime) -> list[Assessment]:
    """Every incident under every reading for every accused party: undetermined, whatever was seen.

    In order of incidents, readings, parties.  No step is taken (the ground has step 0), so that
    no party can be the better or the worse for what a machine has read.
    """
    return [
        Assessment(
            incident=incident.id,
            reading=reading.id,
            party=party,
            clause=reading.clauses[0].id,
            verdict=Verdict.UNDETERMINED,
            because=Reason.DISPUTED_TERMS,
            also=(),
            exit_state=ExitState.UNTRIGGERED,
            grounds=(Ground(0, GroundCode.TERMS_UNSIGNED, WHY, reading.source),),
            author=ENGINE,
            at=at,
        )
        for incident in incidents
        for reading in agreement.readings
        for party in incident.accused
    ]
