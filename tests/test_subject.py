"""Whom a folder is about is the name that nearly all its documents name."""

from __future__ import annotations

from assistant.subject import subject


def test_name_in_nearly_all_documents_is_the_subject() -> None:
    documents = ["Castor sold more cars than Orsa in Q3.", "Castor's R&D rose, Reuters said.",
                 "Castor and its margin.", "A rule for cars."]  # fmt: skip
    assert subject(documents) == "Castor"


def test_folder_about_many_things_has_no_subject() -> None:
    assert subject(["Castor sold cars.", "Orsa makes pumps.", "The rail line opened."]) == ""
    assert subject([]) == ""


def test_first_word_of_longer_names_is_no_subject() -> None:
    documents = [
        "Castor of New York fell.",
        "Orsa left New Brunswick.",
        "Halden opened in New York.",
    ]
    assert subject(documents) == ""
