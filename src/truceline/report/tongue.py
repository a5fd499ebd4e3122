"""Telling in a language: catalogues, dates, numbers, and names for codes.

A template is English text with placeholders.  ``{name}`` is put in as it is; what follows a
colon says how a value is told:

- ``told``     a sentence of ours or of the case, in the language if there is one
- ``clauses``  a list of such sentences, with semicolons between
- ``words``    words of a source: they stay as they are, marked as English
- ``party``    the name of a party or third party; ``holder`` also what is contested
- ``span``, ``moment``, ``day``   times, always in UTC
- ``number``, ``share``           a number with three digits that count, a share in per cent
- any name in `truceline.report.codes.TABLES`: a code of that table in words

A list is told as a phrase, item by item.

English is what the templates are written in.  In another language a template that the
catalogue does not have is an error: nothing is told half in one language.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache, cached_property
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from markupsafe import Markup, escape

from truceline.clock import Interval, midnight
from truceline.domain.said import KIND, Said
from truceline.domain.trees import ITSELF
from truceline.errors import NoSuchLanguage, Untranslated
from truceline.report.codes import TABLES
from truceline.report.plain import Item, ends, names_in

LANGUAGES = {"en": "English", "de": "Deutsch"}
"""Languages in which a dossier can be told, each by its own name."""

LOCALES = {"en": "en_GB"}
"""Where the locale of dates and numbers is not called like the language."""

MARKS = re.compile(r"[|<\[\]`\\]")
"""What would make a cell, an element, a link or code out of words in Markdown."""


def in_language(name: str, language: str) -> str:
    """Name of a file in a language; English has the plain name.

    >>> in_language("brief.md", "en"), in_language("brief.md", "de")
    ('brief.md', 'brief.de.md')
    """
    stem, dot, ending = name.rpartition(".")
    return name if language == "en" else f"{stem}.{language}{dot}{ending}"


def others_of(dossier: Item, name: str, language: str) -> list[tuple[str, str, str]]:
    """The same file in the other languages of a dossier: code, own name of it, and file."""
    others = (code for code in dossier["languages"] if code != language)
    return [(code, LANGUAGES[code], in_language(name, code)) for code in others]


@cache
def catalogue(language: str) -> Catalog:
    """The catalogue of a language as Babel reads it; an unknown one is a ``NoSuchLanguage``."""
    path = files("truceline").joinpath("locale", f"{language}.po")
    if not path.is_file():
        raise NoSuchLanguage(
            f"there is no catalogue for {language!r}",
            expected=f"one of {', '.join(LANGUAGES)}",
            remedy="name one of these in `languages` of case.toml",
        )
    return read_po(io.BytesIO(path.read_bytes()), locale=language)


@cache
def _translations(language: str) -> NullTranslations:
    if language == "en":
        return NullTranslations()
    compiled = io.BytesIO()
    write_mo(compiled, catalogue(language))
    translations = GNUTranslations(io.BytesIO(compiled.getvalue()))
    translations.add_fallback(_Nothing())
    return translations


class _Nothing(NullTranslations):
    """The end of the line: a message that no catalogue has."""

    def gettext(self, message: str) -> str:
        raise Untranslated(f"no translation of {message!r}")

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        raise Untranslated(f"no translation of {msgid1!r}")


class Tongue:
    """One language for one dossier; ``html`` escapes what is put in and marks foreign words."""

    def __init__(self, language: str, dossier: Item, html: bool = False) -> None:
        self.language = language
        self.locale = Locale.parse(LOCALES.get(language, language))
        self.html = html
        self._catalogue = _translations(language)
        self._said: Mapping[str, Item] = dossier.get("said", {})
        self._texts: Mapping[str, str] = dossier.get("texts", {}).get(language, {})
        self._names = names_in(dossier)
        self._cache: dict[str, str] = {}

    # --- sentences ----------------------------------------------------------------------------

    def gettext(self, template: str, /, **values: object) -> str:
        """A message of the interface with its values."""
        return self._fill(self._catalogue.gettext(template), values)

    def ngettext(self, one: str, many: str, n: int, /, **values: object) -> str:
        """A message about ``n`` of something, by the plural rules of the language."""
        return self._fill(self._catalogue.ngettext(one, many, n), {"n": n, **values})

    def told(self, text: str | None) -> str:
        """A text of the dossier: ours and the case's in the language, others' as they are."""
        if not text:
            return self.gettext("not stated")
        if text not in self._cache:
            self._cache[text] = self._tell(text)
        return self._cache[text]

    def _tell(self, text: str) -> str:
        parts = self._said.get(text)
        if parts is None and isinstance(text, Said):
            parts = {"id": text.template, "values": text.values}
            parts |= {"many": text.many} if text.many else {}
        if parts is not None:
            one, many, values = parts["id"], parts.get("many"), parts["values"]
            if many is None:
                return self._fill(self._catalogue.gettext(one), values)
            return self._fill(self._catalogue.ngettext(one, many, values["n"]), values)
        if text in self._texts:
            return self._safe(self._texts[text])
        return self._safe(self._catalogue.gettext(text)) if self._knows(text) else self.words(text)

    def _knows(self, text: str) -> bool:
        """Whether a fixed sentence of ours is in the catalogue."""
        return self.language != "en" and text in catalogue(self.language)

    def plain(self, text: str) -> str:
        """A text of the case without marks, for where HTML allows no elements."""
        return self._texts.get(text, text)

    def words(self, text: object) -> str:
        """Words of a source, which stay in the language of the ledger."""
        if self.html and self.language != "en":
            return Markup('<i lang="en">{}</i>').format(text)
        return self._safe(str(text))

    def _fill(self, template: str, values: Mapping[str, object]) -> str:
        pieces, end = [], 0
        for found in KIND.finditer(template):
            pieces.append(self._safe(template[end : found.start()]))
            pieces.append(self._value(values[found[1]], found[2]))
            end = found.end()
        pieces.append(self._safe(template[end:]))
        return Markup("").join(pieces) if self.html else "".join(pieces)

    def _safe(self, text: str) -> str:
        return escape(text) if self.html else text

    def _value(self, value: object, kind: str | None) -> str:
        if kind is None:
            if isinstance(value, bool | int | float):
                return self._safe(format_decimal(value, locale=self.locale))
            return escape(value) if self.html else str(value)
        if kind in TABLES:
            return self._each(value, lambda code: self.say(kind, code))
        if kind == "clauses":
            told = [self.told(item) for item in _items(value)]
            return Markup("; ").join(told) if self.html else "; ".join(told)
        return self._each(value, getattr(self, f"_{kind}"))

    def _each(self, value: object, tell: Callable[..., str]) -> str:
        if isinstance(value, frozenset | set):
            value = sorted(value)
        if isinstance(value, list | tuple):
            return self.listed([tell(item) for item in value])
        return tell(value)

    # --- kinds of values ----------------------------------------------------------------------

    def say(self, table: str, code: str | None) -> str:
        """A code in words; one that its table does not have is a word of the source."""
        if code is None or code == "":
            return self.gettext("not stated")
        bare, alone, _ = code.partition(ITSELF)
        word = TABLES[table].get(bare)
        told = self.gettext(word) if word else self.words(bare.replace("_", " "))
        return self.gettext("{word}, not named more closely", word=told) if alone else told

    def party(self, code: str | None) -> str:
        """Name of a party or third party; other sides are neither."""
        if code is None:
            return self.gettext("not known")
        return self.told(self._names[code]) if code in self._names else self.other_side

    @cached_property
    def other_side(self) -> str:
        """Whoever is neither a party nor a third party."""
        return self.gettext("others, neither party")

    def holder(self, code: str | None) -> str:
        """Who is said to hold a place: a party, or that it is contested or not stated."""
        return self.party(code) if code in self._names else self.say("control", code)

    def day(self, text: str | date | None) -> str:
        """A date as people write it."""
        if not text:
            return self.gettext("not stated")
        day = text if isinstance(text, date) else date.fromisoformat(text[:10])
        return self._safe(format_date(day, "long", self.locale))

    def short_day(self, text: str) -> str:
        """A date without its year, for the axis of a drawing."""
        start = midnight(date.fromisoformat(text))
        return self._safe(format_skeleton("MMMd", start, locale=self.locale))

    def moment(self, text: str | None) -> str:
        """A stamp as people write it, in UTC."""
        if not text:
            return self.gettext("not stated")
        return self.gettext("{day:day}, {clock} UTC", day=text, clock=text[11:16])

    def span(self, span: Item | Interval) -> str:
        """From one moment to another, or that an end is open."""
        told = ends(span) if isinstance(span, Interval) else span
        start, until = told["from"], told["until"]
        if start is None and until is None:
            return self.gettext("time not known")
        if start is None:
            return self.gettext("until {until:moment}", until=until)
        if until is None:
            return self.gettext("from {start:moment}, no end stated", start=start)
        if start[:10] == until[:10]:
            return self.gettext(
                "{day:day}, {start} to {end} UTC", day=start, start=start[11:16], end=until[11:16]
            )
        return self.gettext(
            "{day:day}, {start} to {last:day}, {end} UTC",
            day=start,
            start=start[11:16],
            last=until,
            end=until[11:16],
        )

    def number(self, value: float | None) -> str:
        """A ratio or distance with three digits that count, without an exponent."""
        if value is None:
            return self.gettext("not known")
        short = float(f"{value:.3g}")
        return self._safe(format_decimal(short, format="#,##0.############", locale=self.locale))

    def share(self, value: float | None) -> str:
        """A share in per cent, without decimals."""
        if value is None:
            return self.gettext("not known")
        return self.gettext("{percent} %", percent=round(value * 100))

    def listed(self, items: Iterable[str]) -> str:
        """Items as a phrase."""
        told = list(items)
        if self.html:  # names are put in after the list was made, so that they are escaped once
            marks = [f"\x00{i}\x00" for i in range(len(told))]
            phrase: str = escape(format_list(marks, locale=self.locale)) if marks else Markup("")
            for mark, item in zip(marks, told, strict=True):
                phrase = phrase.replace(Markup(mark), escape(item))
            return phrase
        return format_list(told, locale=self.locale) if told else ""

    _told, _words, _party, _holder, _day = told, words, party, holder, day
    _moment, _span, _number, _share = moment, span, number, share


class MarkdownTongue(Tongue):
    """Words of a source as Markdown holds them: on one line, in one cell, and no link."""

    def words(self, text: object) -> str:
        """Words of a source, which steer nothing."""
        return MARKS.sub(r"\\\g<0>", " ".join(super().words(text).split()))

    _words = words


def _items(value: object) -> Iterable[str]:
    if not isinstance(value, list | tuple):
        raise TypeError(f"a list of sentences is needed, not {type(value).__name__}")
    return value
