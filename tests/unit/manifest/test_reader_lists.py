"""A list of a manifest read as names, some of which end: what it is, and what is noted where it is none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from entra_config.errors import Position
from entra_config.manifest.reading.node import Items, Scalar
from entra_config.manifest.reading.reader import Reader
from entra_config.manifest.until import Until
from tests.unit.manifest.one_value import NO_LIST, URI, found, node


@pytest.mark.parametrize(
    ("text", "value", "noted"),
    [
        ("[b, a]", ("b", "a"), []),
        ("", (), []),
        ("[]", (), []),
        ("[a, b, a]", ("a", "b"), ["f:1:11: `k`: duplicate `a`"]),
        ("[null, a]", ("a",), ["f:1:5: `k`: expected a string, found null"]),
        ("[1, a]", ("a",), ["f:1:5: `k`: expected a string (write it in quotes), found the number 1"]),
        ("[abcde]", ("abcde",), ["f:1:5: `k` is 5 characters long; Graph takes 4"]),
        ("a", (), [f'{NO_LIST} "a"']),
    ],
)
@pytest.mark.parametrize("method", [Reader.texts, Reader.references])
def test_a_list_of_texts(
    method: Callable[..., Any], text: str, value: tuple[str, ...], noted: list[str]
) -> None:
    """In the order of the file; a double is noted, and so is what is no text."""
    assert found(lambda reader, it: method(reader, it, "k", longest=4), node(text)) == (value, noted)


def test_a_list_of_references_holds_both() -> None:
    """Where an appId may stand, and where it may not."""
    where = Position("f", 1, 5)
    items = Items((Scalar("x" * 300, where), Scalar(URI, where)), where)

    assert found(lambda reader, it: reader.references(it, "k"), items) == (("x" * 300, URI), [])
    assert found(lambda reader, it: reader.texts(it, "k"), items) == (
        ("x" * 300,),
        ["f:1:5: `k`: an appId is not known yet and cannot stand here"],
    )


DAY = date(2027, 6, 30)


@pytest.mark.parametrize(
    ("text", "names", "until", "noted"),
    [
        pytest.param("[a, b]", ["a", "b"], {}, [], id="names alone"),
        pytest.param("[a, a]", ["a", "a"], {}, [], id="a double is for who reads the names"),
        pytest.param(
            "[a, { name: b, until: 2027-06-30 }]",
            ["a", "b"],
            {"b": Until(DAY, Position("f", 1, 8))},
            [],
            id="one that ends",
        ),
        pytest.param("[{ name: a }]", ["a"], {}, [], id="a map without an end"),
        pytest.param("[{ name: a, until: null }]", ["a"], {}, [], id="a map that ends at null"),
        pytest.param(
            "[{ until: 2027-06-30 }, a]",
            ["a"],
            {},
            ["f:1:5: `k`: an entry that is a map needs its `name`"],
            id="no name",
        ),
        pytest.param(
            "[{ name: null }, a]",
            ["a"],
            {},
            ["f:1:5: `k`: an entry that is a map needs its `name`"],
            id="null",
        ),
        pytest.param(
            "[{ name: 1, until: 2027-06-30 }, { name: [b], until: 2027-06-30 }]",
            [1, [Scalar("b", Position("f", 1, 46))]],
            {},
            [],
            id="names that are no texts are for who reads the names",
        ),
        pytest.param(
            "[{ name: a, until: june, id: x }]",
            ["a"],
            {},
            [
                "f:1:29: `id` is not a key of an entry of `k`. Known: `name` and `until`.",
                'f:1:23: `until`: expected a day such as 2027-06-30, found "june"',
            ],
            id="another key, and no day",
        ),
        pytest.param(
            "[b, { name: a, until: 2027-06-30 }, b, a]",
            ["b", "a", "b", "a"],
            {"a": Until(DAY, Position("f", 1, 8))},
            ["f:1:43: `k`: duplicate `a`"],
            id="once for good and once for a time",
        ),
    ],
)
def test_a_list_of_what_may_end(
    text: str, names: list[object], until: dict[str, Until], noted: list[str]
) -> None:
    """The names stand where they stood, and the days beside them."""
    (read, days), problems = found(lambda reader, it: reader.lasting(it, "k"), node(text))

    assert isinstance(read, Items)
    assert read.position == Position("f", 1, 4)
    assert [item.value if isinstance(item, Scalar) else list(item.items) for item in read.items] == names  # type: ignore[union-attr]  # no item is a map
    assert (days, problems) == (until, noted)


def test_what_is_no_list_is_left_to_who_reads_it() -> None:
    """True stays true, and nothing stays nothing."""
    assert found(lambda reader, it: reader.lasting(it, "k"), node("true")) == ((node("true"), {}), [])
    assert found(lambda reader, it: reader.lasting(it, "k"), None) == ((None, {}), [])
