"""The page as PDF: A4, running heads, page numbers; the same bytes every time.

WeasyPrint is an extra.  It is handed one page that holds everything, and may fetch nothing.
The bytes also depend on the version of WeasyPrint and on the fonts of the machine, wherever the
page asks for one that it does not carry.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import logging
import os
from collections.abc import Iterator

from truceline.errors import BadInput, MissingExtra

EPOCH = "SOURCE_DATE_EPOCH"
"""The variable that stands for the time (s) where a program is to make the same bytes again."""


def tell_pdf(html: str) -> bytes:
    """The bytes of the PDF; what is missing to make one is a ``MissingExtra``.

    A page that asks for anything outside of itself is a ``BadInput``.
    """
    try:
        with contextlib.redirect_stdout(io.StringIO()):  # it prints what it misses
            from weasyprint import HTML
            from weasyprint.urls import FatalURLFetchingError, URLFetcher
    except (ImportError, OSError) as error:
        raise MissingExtra(
            f"a PDF cannot be made here: {error}",
            expected="WeasyPrint with Pango",
            remedy="in the checkout: pip install -e '.[pdf]'; on Debian and Ubuntu: "
            "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
        ) from error
    for name in ("weasyprint", "fontTools"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    inside = URLFetcher(allowed_protocols=("data",), fail_on_errors=True)
    document = HTML(string=html, url_fetcher=inside)
    identifier = hashlib.sha256(html.encode()).digest()[:16]
    try:
        with _still_clock():
            data: bytes = document.write_pdf(pdf_identifier=identifier, pdf_tags=True)
    except FatalURLFetchingError as error:
        raise BadInput(
            f"the page asks for something outside of itself: {error}",
            expected="a page that holds everything, in data: addresses",
        ) from error
    return data


@contextlib.contextmanager
def _still_clock() -> Iterator[None]:
    """Fonts that are cut without HarfBuzz bear the time at which they were: always the same one."""
    before = os.environ.get(EPOCH)
    os.environ[EPOCH] = "0"
    try:
        yield
    finally:
        os.environ.pop(EPOCH)
        if before is not None:
            os.environ[EPOCH] = before
