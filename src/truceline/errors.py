"""Every error of Truceline: what happened, where, what was expected, what to do.

One tree, so that a caller can catch all of it and a reader can find all of it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Where:
    """A place in an input: file, line (from 1) and field, as far as they are known.

    >>> str(Where("claims.csv", 7, "lat"))
    'claims.csv, line 7, field lat'
    >>> str(Where("claims.csv"))
    'claims.csv'
    """

    file: str
    line: int | None = None
    field: str | None = None

    def __str__(self) -> str:
        line = f", line {self.line}" if self.line is not None else ""
        field = f", field {self.field}" if self.field else ""
        return f"{self.file}{line}{field}"


class TruceError(Exception):
    """Something that a user can act on.

    >>> print(BadInput("latitude is 'north'", Where("claims.csv", 7, "lat"),
    ...                expected="degrees between -90 and 90", remedy="correct the cell"))
    claims.csv, line 7, field lat: latitude is 'north'
      expected: degrees between -90 and 90
      what to do: correct the cell
    """

    def __init__(
        self,
        what: str,
        where: Where | None = None,
        *,
        expected: str = "",
        remedy: str = "",
    ) -> None:
        self.what, self.where, self.expected, self.remedy = what, where, expected, remedy
        super().__init__(what)

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}" if self.where else self.what
        if self.expected:
            text += f"\n  expected: {self.expected}"
        if self.remedy:
            text += f"\n  what to do: {self.remedy}"
        return text


class BadInput(TruceError, ValueError):
    """Bytes or values that break the contract of their source.

    Do NOT raise this for a value that is merely unknown: blank is a value.
    """


class BadFile(BadInput):
    """A whole file that cannot be read: no row of it can be kept, not even in quarantine."""


class MissingFile(TruceError, FileNotFoundError):
    """A file that a case names and that is not there."""


class BadTerms(BadInput):
    """An agreement that cannot be judged against as it is written."""


class NoGrounds(TruceError, ValueError):
    """A verdict without a reason.  There is no default verdict; this is our own mistake."""


class NotADossier(TruceError, ValueError):
    """A folder that no run has written; it is neither read nor overwritten."""


class EngineRefused(TruceError, RuntimeError):
    """The engine could not run a query; the text of the query is part of the message."""


class Unreadable(EngineRefused):
    """The engine could not read the text of a table: a row is not as the others are."""


class NoForecast(TruceError, ValueError):
    """Passes of days that are not long enough over: when satellites will look is not told."""


class NoSuchLanguage(TruceError, ValueError):
    """A language in which nothing can be told: it has no catalogue."""


class Untranslated(TruceError, LookupError):
    """A sentence that the catalogue of a language does not have; this is our own mistake."""


class MissingExtra(TruceError, ImportError):
    """Something that an extra installs is needed and not there."""
