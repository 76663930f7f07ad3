"""Footnote: cited, checked answers from a folder of documents."""
