"""The page as PDF: A4, running heads, page numbers; the same bytes every time.

WeasyPrint is an extra.  It is handed one page that holds everything, and may fetch nothing.
"""

from __future__ import annotations

import hashlib
import logging

from truceline.errors import MissingExtra


def tell_pdf(html: str) -> bytes:
    """The bytes of the PDF; what is missing to make one is a ``MissingExtra``."""
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    except (ImportError, OSError) as error:
        raise MissingExtra(
            f"a PDF cannot be made here: {error}",
            expected="WeasyPrint with Pango",
            remedy="pip install 'truceline[pdf]'; on Debian and Ubuntu: apt-get install "
            "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
        ) from error
    for name in ("weasyprint", "fontTools"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    inside = URLFetcher(allowed_protocols=("data",), fail_on_errors=True)
    document = HTML(string=html, url_fetcher=inside)
    identifier = hashlib.sha256(html.encode()).digest()[:16]
    data: bytes = document.write_pdf(pdf_identifier=identifier, pdf_tags=True)
    return data
