"""A short name that documents define is put for the long one where they use that more."""

from __future__ import annotations

from assistant.aliases import aliases, spelled_out

TEXTS = (
    "New Brunswick – Halden & Halden (NYSE: HNH) (“the Company”) said today.",
    "It is supervised by the National Pump Agency (NPA).",
    "Castor Motors (CASTOR) is listed.",
    "The result (loss) was small.",
)


def test_definitions_are_read_as_their_letters_stand_in_the_name() -> None:
    known = aliases(TEXTS)
    assert known["HNH"] == known["H&H"] == "Halden & Halden"
    assert known["NPA"] == "National Pump Agency"
    assert {"CASTOR", "LOSS"}.isdisjoint(known)


def test_short_name_is_written_out_where_documents_seldom_use_it() -> None:
    known = aliases(TEXTS)
    counts = {"HnH": 1, "Halden & Halden": 40, "NPA": 30, "National Pump Agency": 1}

    def mentions(name: str) -> int:
        return counts.get(name, 0)

    assert (
        spelled_out("What is HnH's stake?", known, mentions) == "What is Halden & Halden's stake?"
    )
    assert spelled_out("What does the NPA say?", known, mentions) == "What does the NPA say?"
    assert spelled_out("What is R&D?", known, mentions) == "What is R&D?"
