"""PDF → text page by page (first cut)."""

from __future__ import annotations

import pypdfium2 as pdfium

from assistant.errors import ReadError
from assistant.read import Content


def content_from_pdf(data: bytes, source_id: str) -> Content:
    """Texts of all pages."""
    try:
        pdf = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise ReadError(f"{source_id} is not a readable PDF: {error}", "get it again") from error
    texts = tuple(page.get_textpage().get_text_range() for page in pdf)
    if not any(text.strip() for text in texts):
        raise ReadError(f"{source_id} has no text layer (scanned)", "run OCR on it first")
    return Content(texts, paged=True)
