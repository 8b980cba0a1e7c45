"""One value of a manifest read as one type: what it is, and what is noted where it is none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from entra_config.errors import Position
from entra_config.manifest.reading import yaml
from entra_config.manifest.reading.node import Entry, Map, Scalar
from entra_config.manifest.reading.reader import Reader
from tests.unit.manifest.one_value import NO_LIST, URI, found, node

ZERO = "00000000-0000-0000-0000-000000000000"


NO_MAP = "f:1:4: `k`: expected a map, found"
NO_TEXT = "f:1:4: `k`: expected a string, found"
UNQUOTED = "f:1:4: `k`: expected a string (write it in quotes), found"


@pytest.mark.parametrize(
    ("text", "keys", "noted"),
    [
        ("{ a: 1 }", ["a"], []),
        ("", [], []),
        ("null", [], []),
        ("[a]", [], [f"{NO_MAP} a list"]),
        ("x", [], [f'{NO_MAP} "x"']),
        ("false", [], [f"{NO_MAP} false"]),
    ],
)
def test_a_map(text: str, keys: list[str], noted: list[str]) -> None:
    """Null and nothing are an empty map, and what is no map is noted and one too, at its place."""
    read, problems = found(lambda reader, it: reader.map(it, "k"), node(text))

    assert (list(read.entries), problems) == (keys, noted)
    assert read.position == (Position("f", 1, 4) if text else Position("", 1))


@pytest.mark.parametrize(
    ("text", "values", "noted"),
    [
        ("[a, 1]", ["a", 1], []),
        ("", [], []),
        ("null", [], []),
        ("{ a: 1 }", [], [f"{NO_LIST} a map"]),
        ("7", [], [f"{NO_LIST} the number 7"]),
    ],
)
def test_a_list(text: str, values: list[object], noted: list[str]) -> None:
    """Null and nothing are an empty list, and what is none is noted."""
    read, problems = found(lambda reader, it: reader.items(it, "k"), node(text))

    assert ([item.value for item in read], problems) == (values, noted)


def test_unknown_keys_are_noted_where_they_stand() -> None:
    """Each with what it may have meant."""
    fields = node("{ name: x, nmae: y, z: 1 }")
    assert isinstance(fields, Map)

    _, problems = found(lambda reader, _: reader.only(fields, ("name", "until"), "a thing"), None)

    assert problems == [
        "f:1:15: `nmae` is not a key of a thing. Did you mean `name`?",
        "f:1:24: `z` is not a key of a thing. Known: `name` and `until`.",
    ]


@pytest.mark.parametrize(
    ("text", "value", "noted"),
    [
        ("x", "x", []),
        ("'12'", "12", []),
        ("", None, []),
        ("null", None, []),
        ("''", None, ["f:1:4: `k` is empty: write null, or leave the key out"]),
        ("' '", None, ["f:1:4: `k` is empty: write null, or leave the key out"]),
        ("12", None, [f"{UNQUOTED} the number 12"]),
        ("true", None, [f"{UNQUOTED} true"]),
        ("[x]", None, [f"{NO_TEXT} a list"]),
        ("{ x: y }", None, [f"{NO_TEXT} a map"]),
        ('"\\na\\t"', "\na\t", []),
        ('"a\\bb"', None, ["f:1:4: `k` holds a control character"]),
        ('"a\\rb"', None, ["f:1:4: `k` holds a control character"]),
        ('"a\\x7fb"', None, ["f:1:4: `k` holds a control character"]),
        ("abcd", "abcd", []),
        ("abcde", "abcde", ["f:1:4: `k` is 5 characters long; Graph takes 4"]),
    ],
)
@pytest.mark.parametrize("method", [Reader.text, Reader.reference])
def test_a_text(method: Callable[..., Any], text: str, value: str | None, noted: list[str]) -> None:
    """A number is none, nor what is blank, and lengths are bounded."""
    assert found(lambda reader, it: method(reader, it, "k", longest=4), node(text)) == (value, noted)


@pytest.mark.parametrize("method", [Reader.text, Reader.reference])
def test_a_text_may_be_as_long_as_it_likes_and_be_empty_where_that_is_said(
    method: Callable[..., Any],
) -> None:
    """Without a bound there is none."""
    assert found(lambda reader, it: method(reader, it, "k"), node("x" * 5000)) == ("x" * 5000, [])
    assert found(lambda reader, it: method(reader, it, "k", empty=True), node("''")) == ("", [])


@pytest.mark.parametrize(
    ("longest", "noted"),
    [(0, []), (42, []), (41, ["f:1:4: `k` is 42 characters long; Graph takes 41"])],
)
def test_a_reference_is_as_long_as_an_app_id(longest: int, noted: list[str]) -> None:
    """`api://${appId}` is six characters and an id of 36, and stands where an appId may."""
    scalar = Scalar(URI, Position("f", 1, 4))

    assert found(lambda reader, it: reader.reference(it, "k", longest=longest), scalar) == (URI, noted)
    assert found(lambda reader, it: reader.text(it, "k"), scalar) == (
        None,
        ["f:1:4: `k`: an appId is not known yet and cannot stand here"],
    )


@pytest.mark.parametrize(
    ("text", "value", "noted"),
    [
        ("x", "x", []),
        ("null", "", ["f:1:1: `k` of a thing is missing: a string"]),
        ("12", "", [f"{UNQUOTED} the number 12"]),
        ("abcde", "abcde", ["f:1:4: `k` is 5 characters long; Graph takes 4"]),
    ],
)
def test_a_text_that_must_be_there(text: str, value: str, noted: list[str]) -> None:
    """What is missing is noted at the key, and an empty text stands for it."""
    owner = yaml.read(f"k: {text}", "f")
    assert isinstance(owner, Map)

    assert found(lambda reader, _: reader.required(owner, "k", "a thing", longest=4), None) == (value, noted)
    assert found(lambda reader, _: reader.required(owner, "l", "a thing"), None) == (
        "",
        ["f:1:1: `l` of a thing is missing: a string"],
    )


@pytest.mark.parametrize(
    ("text", "value", "noted"),
    [
        ("true", True, []),
        ("false", False, []),
        ("", None, []),
        ("null", None, []),
        ("yes", None, ['f:1:4: `k`: expected true or false, found "yes"']),
        ("1", None, ["f:1:4: `k`: expected true or false, found the number 1"]),
        ("[true]", None, ["f:1:4: `k`: expected true or false, found a list"]),
    ],
)
def test_a_flag(text: str, value: bool | None, noted: list[str]) -> None:
    """A boolean of YAML 1.2, and no word or number."""
    assert found(lambda reader, it: reader.flag(it, "k"), node(text)) == (value, noted)


BETWEEN = "f:1:4: `k`: expected a number from 2 to 4, found"
NO_NUMBER = "f:1:4: `k`: expected a whole number, found"


@pytest.mark.parametrize(
    ("text", "value", "noted"),
    [
        ("2", 2, []),
        ("4", 4, []),
        ("1", None, [f"{BETWEEN} 1"]),
        ("5", None, [f"{BETWEEN} 5"]),
        ("", None, []),
        ("null", None, []),
        ("true", None, [f"{NO_NUMBER} true"]),
        ("2.5", None, [f"{NO_NUMBER} the number 2.5"]),
        ("'3'", None, [f'{NO_NUMBER} "3"']),
        ("[3]", None, [f"{NO_NUMBER} a list"]),
    ],
)
def test_a_whole_number(text: str, value: int | None, noted: list[str]) -> None:
    """Both bounds belong to it; true is no number."""
    assert found(lambda reader, it: reader.whole(it, "k", least=2, most=4), node(text)) == (value, noted)


@pytest.mark.parametrize(("text", "value"), [("0", 0), ("10000", 10_000), ("-1", None), ("10001", None)])
def test_a_whole_number_has_bounds_anyway(text: str, value: int | None) -> None:
    """From nothing to ten thousand."""
    assert found(lambda reader, it: reader.whole(it, "k"), node(text))[0] == value


@pytest.mark.parametrize(
    ("text", "value", "noted"),
    [
        ("spa", "spa", []),
        ("", None, []),
        ("web1", None, ["f:1:4: `k`: `web1` is none of `web` or `spa`. Did you mean `web`?"]),
        ("7", None, [f"{UNQUOTED} the number 7"]),
    ],
)
def test_a_choice(text: str, value: str | None, noted: list[str]) -> None:
    """One of some words, in the order in which they are offered."""
    assert found(lambda reader, it: reader.choice(it, "k", ("web", "spa")), node(text)) == (value, noted)


@pytest.mark.parametrize(
    ("text", "value", "noted"),
    [
        ("2027-06-30", date(2027, 6, 30), []),
        ("", None, []),
        ("null", None, []),
        ("2027", None, ["f:1:4: `k`: expected a day such as 2027-06-30, found the number 2027"]),
        ("2027.5", None, ["f:1:4: `k`: expected a day such as 2027-06-30, found the number 2027.5"]),
        ("june", None, ['f:1:4: `k`: expected a day such as 2027-06-30, found "june"']),
        ("[june]", None, [f"{NO_TEXT} a list"]),
    ],
)
def test_a_day(text: str, value: date | None, noted: list[str]) -> None:
    """A day of the calendar; a number is none."""
    assert found(lambda reader, it: reader.day(it, "k"), node(text)) == (value, noted)


@pytest.mark.parametrize(
    ("text", "value", "noted"),
    [
        ("5C1B2F7E-0000-4000-8000-000000000ABC", "5c1b2f7e-0000-4000-8000-000000000abc", []),
        ("", None, []),
        ("x", None, [f'f:1:4: `k`: expected an id like {ZERO}, found "x"']),
    ],
)
def test_an_id(text: str, value: str | None, noted: list[str]) -> None:
    """In lower case, as Graph writes it."""
    assert found(lambda reader, it: reader.guid(it, "k"), node(text)) == (value, noted)


NO_KEY = "(k) is no key: a letter, then letters, digits and hyphens"


@pytest.mark.parametrize(
    ("text", "value", "noted"),
    [
        ("a-1", "a-1", []),
        ("a" * 64, "a" * 64, []),
        ("a" * 65, "a" * 65, [f"f:1:4: `{'a' * 65}` (k) is longer than 64 characters"]),
        ("1a", "1a", [f"f:1:4: `1a` {NO_KEY}"]),
        ("a.b", "a.b", [f"f:1:4: `a.b` {NO_KEY}"]),
        ("7", "", [f"{UNQUOTED} the number 7"]),
    ],
)
def test_a_key(text: str, value: str, noted: list[str]) -> None:
    """As a value, and as the key of an entry."""
    of = node(text)
    assert of is not None
    assert found(lambda reader, _: reader.key(of, "k"), None) == (value, noted)
    if value:
        entry = Entry(value, Position("f", 1, 4), Map())
        assert found(lambda reader, _: reader.name(entry, "k"), None) == (value, noted)


def test_names_that_differ_in_the_case_of_a_letter_are_noted() -> None:
    """The second one, with the first one's place; the same name elsewhere is no second one."""
    entries = [
        Entry(key, Position("f", line), Map()) for line, key in enumerate(("api", "Spa", "API", "api"), 1)
    ]

    _, (problem,) = found(lambda reader, _: reader.distinct(entries, "an application"), None)

    assert problem.startswith("f:3:1: `API` (an application) and `api` at f:1:1 differ only in the case of a")
