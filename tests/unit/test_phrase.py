"""Sentences in which people are values: with everybody's name, and without."""

from __future__ import annotations

import pytest

from entra_config.phrase import Person, Phrase, pseudonym, quote_name, without_names

ANN = Person("ann@contoso.com", "0123456789abcdef")
SAID = Phrase.of(ANN, " gains ", "Reader")


def test_a_phrase_is_a_text_that_knows_who_is_in_it() -> None:
    """Hold the text with the name, and the text without it."""
    assert (SAID, SAID.unnamed) == ("ann@contoso.com gains Reader", "a user (01234567…) gains Reader")
    assert (str(ANN), ANN.unnamed) == ("ann@contoso.com", "a user (01234567…)")


def test_a_phrase_of_phrases_leaves_out_all_names() -> None:
    """Hold that texts beside them stay."""
    whole = Phrase.of("first ", SAID, ", then ", Person("bob"))
    assert whole.unnamed == "first a user (01234567…) gains Reader, then a user"


@pytest.mark.parametrize(
    ("parts", "text", "unnamed"),
    [
        ([], "", ""),
        ([ANN], "ann@contoso.com", "a user (01234567…)"),
        (["a", ANN, "b"], "a; ann@contoso.com; b", "a; a user (01234567…); b"),
    ],
)
def test_parts_are_joined_as_strings_are(parts: list[str | Person], text: str, unnamed: str) -> None:
    """Hold that the text between them stands between alone."""
    joined = Phrase.joined("; ", parts)
    assert (joined, joined.unnamed) == (text, unnamed)


def test_a_phrase_that_names_nobody_is_its_own_text() -> None:
    """Hold that nothing else is kept for it, and that what is worded otherwise is."""
    assert Phrase.of("a", "b").unnamed == "ab"
    assert Phrase.of("a")._unnamed is None
    assert Phrase.worded("with ann", "with somebody").unnamed == "with somebody"
    assert Phrase.worded("same", "same")._unnamed is None


def test_what_stands_for_a_person_tells_two_apart() -> None:
    """Hold that an id is shown by its first characters, and one that is not known by none."""
    assert [pseudonym(each) for each in ("0123456789", "x", "")] == [
        "a user (01234567…)",
        "a user (x…)",
        "a user",
    ]
    assert [quote_name(each) for each in ("it's", 5)] == ["'it's'", "'5'"]
    assert [without_names(each) for each in ("ann", SAID, ANN)] == ["ann", SAID.unnamed, ANN.unnamed]
