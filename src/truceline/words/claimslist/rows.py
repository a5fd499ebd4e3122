"""Rows that a list of alleged attacks gives, and the stretches that gave none."""

from __future__ import annotations

from dataclasses import dataclass, field

from truceline.domain.words import Span, Spans

COLUMNS = (
    "claim_id",
    "event_date",
    "event_time_local",
    "accused_side",
    "claimant",
    "claimant_side",
    "object_name",
    "object_type",
    "object_type_std",
    "on_kremlin_list",
    "event_group",
    "place",
    "admin_region",
    "country_or_control",
    "lat",
    "lon",
    "location_precision",
    "weapon",
    "claimed_effect",
    "other_side_response",
    "response_scope",
    "other_side_response_note",
    "other_side_response_url",
    "independent_corroboration",
    "corroboration_class",
    "corroboration_url",
    "source_url",
    "source_outlet",
    "source_date",
    "date_precision",
    "window",
    "inferred_notes",
)
"""Columns of the ledger of claims, in its order."""

NOT_STATED = "not stated"
"""What stands where the ledger wants a word and the text has none."""

UNPLACED = "other"
"""Object type where the words name no class of the tree."""


@dataclass(frozen=True)
class ClaimRow:
    """One alleged act on one object, as a draft for the ledger; columns first, in its words.

    ``accused_side`` and ``claimant_side`` are states (``RUS``), a group or ``UNKNOWN``;
    ``country_or_control`` is the state of the region where the registry knows just one. There
    are no coordinates: nothing is added to the words. ``spans`` gives by column where the words
    stand, ``said`` the sentences that the row was read from. ``act`` is a code of the case
    (``hit``, ``attempt_intercepted`` ... or ``unstated``), ``act_basis`` its words; ``count``
    is more than one for a total that the text does not itemise.
    """

    claim_id: str
    event_date: str
    event_time_local: str
    accused_side: str
    claimant: str
    claimant_side: str
    object_name: str
    object_type: str
    place: str
    admin_region: str
    country_or_control: str
    location_precision: str
    weapon: str
    claimed_effect: str
    source_date: str
    date_precision: str
    inferred_notes: str
    object_type_std: str = ""
    on_kremlin_list: str = ""
    event_group: str = ""
    lat: str = ""
    lon: str = ""
    other_side_response: str = "unknown"
    response_scope: str = "none"
    other_side_response_note: str = ""
    other_side_response_url: str = ""
    independent_corroboration: str = "not searched"
    corroboration_class: str = "none_found"
    corroboration_url: str = ""
    source_url: str = ""
    source_outlet: str = ""
    window: str = ""
    act: str = "unstated"
    also_act: str = ""
    act_basis: str = ""
    act_certainty: str = "ambiguous"
    count: int = 1
    said: Spans = ()
    spans: dict[str, Span] = field(default_factory=dict)

    @property
    def object_class(self) -> str:
        """Class of the tree of objects; blank where the words allow none."""
        return "" if self.object_type == UNPLACED else self.object_type

    @property
    def is_total(self) -> bool:
        """Whether it counts attacks without telling them one by one."""
        return self.count > 1 and not self.object_name


@dataclass(frozen=True)
class Kept:
    """A stretch of an entry that gave no row, or that added nothing to one, and why."""

    span: Span
    reason: str


@dataclass(frozen=True)
class ClaimsRead:
    """What a list gave: every code point of an entry is in ``said`` of a row or in ``kept``."""

    rows: tuple[ClaimRow, ...] = ()
    kept: tuple[Kept, ...] = ()
