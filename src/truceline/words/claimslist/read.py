"""Daily lists of alleged attacks, read into draft rows of the ledger of claims."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from truceline.domain.words import UNKNOWN, Document, Span, state_of
from truceline.words.actors import Registry, issuer_of, mentions
from truceline.words.claimslist.entries import Cut, cut
from truceline.words.claimslist.events import events_of
from truceline.words.claimslist.fields import Context, Drafted, draft
from truceline.words.claimslist.lexicon import words_of
from truceline.words.claimslist.rows import ClaimRow, ClaimsRead, Kept
from truceline.words.claimslist.things import Sight, accused_of
from truceline.words.claimslist.times import read_named
from truceline.words.found import Stretch
from truceline.words.slots.passage import passage_of

LEAST_ENTRIES = 2
"""Entries that tell an attack, from which a document may be a list of them."""
LEAST_SHARE = 0.5
"""Share of all entries that tell an attack; of running text nearly all paragraphs have to."""
LEAST_SHARE_UNMARKED = 0.6
LEAST_UNMARKED = 3
LONGEST_ENTRY = 5_000
"""Code points of the longest entry that is read; a longer one is running text, and is kept."""
FIRST_LINES = 2
"""Lines in which a letterhead stands."""
ARTICLE = 5
"""Code points before its name: an article."""


def is_claims_list(document: Document) -> bool:
    """Whether a document lists attacks one by one, under marks or paragraph by paragraph.

    >>> text = ("Bericht\\n- Um 3 Uhr brannte ein Öllager nach\\n"
    ...         "einem Angriff.\\n- Um 4 Uhr traf eine Drohne ein Umspannwerk.")
    >>> is_claims_list(Document("a", text, "0" * 64, "de"))
    True
    """
    cutting = cut(document.text)
    n_told = sum(_tells(document, entry, cutting.marked) for entry in cutting.entries)
    share = n_told / max(1, len(cutting.entries))
    if cutting.marked:
        alone = n_told == len(cutting.entries) == 1 and _has_hour(document, cutting.entries[0])
        return alone or (n_told >= LEAST_ENTRIES and share >= LEAST_SHARE)
    return n_told >= LEAST_UNMARKED and share >= LEAST_SHARE_UNMARKED


def _tells(document: Document, entry: Stretch, marked: bool) -> bool:
    """Whether an entry tells an attack; in running text with an hour and an object as well."""
    if entry[1] - entry[0] > LONGEST_ENTRY:
        return False
    row = passage_of(document.text, [entry], document.language)
    words = words_of(document.language)
    sight = Sight(row, words)
    if not sight.strikes:
        return False
    things = bool(sight.objects or sight.plain or sight.weapons)
    return things and (marked or _has_hour(document, entry))


def _has_hour(document: Document, entry: Stretch) -> bool:
    row = passage_of(document.text, [entry], document.language)
    return bool(read_named(row, words_of(document.language), _day(document.dated)).clocks)


def read_claims(
    document: Document, registry: Registry | None = None, claimant: str | None = None
) -> ClaimsRead:
    """Draft rows of a list, and everything of its entries that gave none.

    ``claimant`` is the actor that issued it; without one the text's own first lines tell.

    >>> text = ("Das Verteidigungsministerium der Russischen Föderation teilt mit:\\n"
    ...         "- Am 26. März um 17.00 Uhr traf eine ukrainische Drohne das Umspannwerk in Au.\\n"
    ...         "- Es folgen Einzelheiten.")
    >>> read = read_claims(Document("a", text, "0" * 64, "de", dated="2025-03-27"))
    >>> row = read.rows[0]
    >>> row.event_date, row.event_time_local, row.object_type, row.place, row.accused_side, row.act
    ('2025-03-26', '17:00', 'substation', 'Au', 'UKR', 'hit')
    >>> [kept.reason for kept in read.kept]
    ['no attack is told']
    """
    registry = registry or Registry.known()
    cutting = cut(document.text)
    claimant = claimant or _issuer(document, registry, cutting)
    context = _context(document, registry, claimant, cutting)
    rows: list[ClaimRow] = []
    kept: list[Kept] = []
    totals = [(line, None) for line in _head_totals(document, cutting)]
    entries = zip(cutting.entries, cutting.over or [None] * len(cutting.entries), strict=True)
    for entry, over in (*totals, *entries):
        if entry[1] - entry[0] > LONGEST_ENTRY:
            kept.append(Kept(Span.cut(document.text, *entry), "too long for an entry"))
            continue
        context = _under(over, context)
        drafts: list[Drafted] = []
        for event in events_of(document, entry, over):
            drafted = draft(event, context)
            context = drafted.context
            drafts.append(drafted)
        rows += [row for one in drafts for row in one.rows]
        kept += [one for d in drafts for one in d.kept]
    return ClaimsRead(_numbered(rows, document), tuple(kept))


def _issuer(document: Document, registry: Registry, cutting: Cut) -> str:
    """The institution that a first line names, as letterheads do; else what the text tells."""
    for line in cutting.head[:FIRST_LINES] if cutting.marked else ():
        named = mentions(document.text, *line, document.language, registry, document.dated)
        if not named or named[0].start - line[0] > ARTICLE or not named[0].institution:
            continue
        if ":" in named[0].actor:
            return named[0].actor
        states = [m.actor for m in named[1:] if m.sort == "state"]
        if states:
            return registry.institution(named[0].institution, states[0])
    return issuer_of(document.text, document.language, registry) or UNKNOWN


def _numbered(rows: Iterable[ClaimRow], document: Document) -> tuple[ClaimRow, ...]:
    """Rows with ids that depend on the document and their place in it."""
    short = document.sha256[:8]
    return tuple(replace(row, claim_id=f"D{short}-{n:02}") for n, row in enumerate(rows, 1))


def _short(lines: Iterable[Stretch]) -> list[Stretch]:
    return [line for line in lines if line[1] - line[0] <= LONGEST_ENTRY]


def _head_totals(document: Document, cutting: Cut) -> list[Stretch]:
    """Lines before the marks that count attacks: they are entries as well."""
    if not cutting.marked:
        return []
    words = words_of(document.language)
    found = []
    for line in _short(cutting.head):
        sight = Sight(passage_of(document.text, [line], document.language), words)
        if sight.count is not None and sight.cue("strike"):
            found.append(line)
    return found


def _context(document: Document, registry: Registry, claimant: str, cutting: Cut) -> Context:
    """What the lines before the entries set: a day, and whom the list accuses."""
    words, language = words_of(document.language), document.language
    dated = _day(document.dated)
    side = state_of(claimant)
    context = Context(document, registry, words, dated, claimant, _other(document, registry, side))
    for line in _short(cutting.head) if cutting.marked else ():
        sight = Sight(passage_of(document.text, [line], language), words)
        if not sight.cue("strike", "hitting"):
            continue
        named = mentions(document.text, *line, language, registry, document.dated)
        accused, where = accused_of(sight, named, side, context.other)
        day = read_named(sight.row, words, dated).day
        if where is not None and accused != side:
            context = replace(context, other=accused)
        if day is not None and context.day is None:
            context = replace(context, day=day, set_day=day)
    return context


def _under(over: Stretch | None, context: Context) -> Context:
    """The context below a heading, which may set the day."""
    if over is None:
        return context
    row = passage_of(context.document.text, [over], context.document.language)
    day = read_named(row, context.words, context.dated).day
    if day is None or day == context.set_day:
        return context
    return replace(context, day=day, set_day=day)


def _other(document: Document, registry: Registry, side: str) -> str:
    """The one state that a list names beside its claimant's; UNKNOWN where there are several.

    Where it names none ("the enemy"), the other party of the one war that the registry has.
    """
    found = mentions(
        document.text, 0, len(document.text), document.language, registry, document.dated
    )
    states = {state_of(m.actor if m.actor != UNKNOWN else m.of or UNKNOWN) for m in found}
    row = passage_of(document.text, [(0, len(document.text))], document.language)
    states |= {hit.value for hit in Sight(row, words_of(document.language)).sides}
    others = {s for s in states if len(s) == 3 and s.isupper()} - {side}
    if not others:
        wars = [c.parties for c in registry.facts.conflicts if side in c.parties]
        others = {party for parties in wars for party in parties} - {side}
    return others.pop() if len(others) == 1 else UNKNOWN


def _day(dated: str | None) -> date | None:
    return date.fromisoformat(dated) if dated else None
