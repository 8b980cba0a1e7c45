"""Trees of maps, lists and scalars by key path, and what a mistyped word may have meant."""

from __future__ import annotations

from typing import Any

import pytest

from entra_config.errors import ManifestError, Position, Problem
from entra_config.manifest.editing import trees
from entra_config.manifest.reading.problems import Problems, listing, near, nearest
from entra_config.manifest.targets import App, Targets

TREE: dict[str, Any] = {"a": {"b": [1], "c": None}, "d": "text"}


@pytest.mark.parametrize(
    ("path", "value", "there"),
    [
        ((), TREE, True),
        (("a", "b"), [1], True),
        (("a", "c"), None, True),
        (("a", "e"), None, False),
        (("d",), "text", True),
        (("d", "t"), None, False),
        (("a", "b", "1"), None, False),
        (("e", "f"), None, False),
    ],
)
def test_a_path_leads_through_maps(path: tuple[str, ...], value: Any, there: bool) -> None:
    """Its last key may have no value; a text that holds the key is no map."""
    assert (trees.at(TREE, path), trees.has(TREE, path)) == (value, there)


@pytest.mark.parametrize(
    ("tree", "path", "expected"),
    [
        ({}, ("a",), {"a": [1]}),
        ({}, ("a", "b"), {"a": {"b": [1]}}),
        ({"a": None}, ("a", "b"), {"a": {"b": [1]}}),
        ({"a": {"c": 2}, "d": 3}, ("a", "b"), {"a": {"c": 2, "b": [1]}, "d": 3}),
    ],
)
def test_a_value_is_set(tree: dict[str, Any], path: tuple[str, ...], expected: dict[str, Any]) -> None:
    """With the maps above it, and as a copy of its own."""
    value = [1]
    trees.put(tree, path, value)
    value.append(2)

    assert tree == expected


def test_a_key_or_a_text_gets_another_name_where_it_is() -> None:
    """A key keeps its place in the map, and its name in the text is known."""
    tree: dict[str, Any] = {"a": [1, {"b": "c"}], "d": 2}
    trees.write_text(tree, ("a", 1, "b"), "e", is_key=False)
    trees.write_text(tree, ("a",), "f", is_key=True)
    trees.rename(tree, ("f",), "g")

    assert list(tree.items()) == [("g", [1, {"b": "e"}]), ("d", 2)]
    assert [trees.name_in_text(key) for key in tree] == ["a", "d"]


def test_a_key_or_an_item_is_removed() -> None:
    """At the end of a path of keys and indexes."""
    tree: dict[str, Any] = {"a": [1, {"b": "c", "d": 2}]}
    trees.remove(tree, ("a", 1, "b"))
    trees.remove(tree, ("a", 0))

    assert tree == {"a": [{"d": 2}]}


@pytest.mark.parametrize(
    ("entry", "says", "saying"),
    [
        ("x", True, "z"),
        ("y", False, "y"),
        ({"name": "x", "until": "x"}, True, {"name": "z", "until": "x"}),
        ({"name": "y", "id": "x"}, True, {"name": "y", "id": "z"}),
        ({"until": "x"}, False, {"until": "x"}),
    ],
)
def test_an_entry_says_a_name(entry: Any, says: bool, saying: Any) -> None:
    """Itself, or by its name or id where it is a map."""
    assert (trees.says(entry, "x"), trees.saying(entry, "x", "z")) == (says, saying)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({}, "{}"),
        ([], "[]"),
        ({"a": 1, "b c": [True, False, "x, y"]}, '{ a: 1, b c: [true, false, "x, y"] }'),
        ({"12": {"a": []}}, '{ "12": { a: [] } }'),
        ("true", '"true"'),
        (7, "7"),
    ],
)
def test_a_value_is_written_on_one_line(value: Any, text: str) -> None:
    """In flow style, with quotes where they must be."""
    assert trees.flow(value) == text


MANY = [f"word-{letter}" for letter in "abcdefghijklm"]


@pytest.mark.parametrize(
    ("word", "known", "expected"),
    [
        ("reed", ["write", "read"], " Did you mean `read`?"),
        ("READ", ["Read", "write"], " Did you mean `Read`?"),
        ("word-x", MANY[:3], " Did you mean `word-c`, `word-b` or `word-a`?"),
        ("zzz", ["b", "a", "b"], " Known: `a` and `b`."),
        ("zzz", MANY[:12], f" Known: {listing(MANY[:12])}."),
        ("zzz", MANY, ""),
        ("zzz", [], ""),
    ],
)
def test_what_a_word_may_have_meant(word: str, known: list[str], expected: str) -> None:
    """What is most like it, else all that there is where that is little."""
    assert near(word, known) == expected


def test_what_is_less_like_a_word_is_not_offered() -> None:
    """Beside what is much more like it."""
    assert nearest("delegated", ["delegate", "legate"]) == ["delegate"]
    assert nearest("zzz", ["delegated"]) == []


@pytest.mark.parametrize(
    ("words", "expected"),
    [([], "nothing"), (["a"], "`a`"), (["a", "b"], "`a` or `b`"), (["a", "b", "c"], "`a`, `b` or `c`")],
)
def test_words_are_joined_as_prose(words: list[str], expected: str) -> None:
    """The last one with its word."""
    assert listing(words, "or") == expected
    assert listing(words) == expected.replace(" or ", " and ")


def test_all_problems_are_said_at_once() -> None:
    """Nothing is raised where there is none; each is said once, in the order of the file."""
    problems = Problems()
    problems.finish()
    assert not problems
    problems.add(Position("f", 2), "b")
    problems.extend(ManifestError([Problem(Position("f", 1), "a"), Problem(None, "c")]))
    problems.add(Position("f", 2), "b")

    assert problems
    assert [each.message for each in problems.found] == ["b", "c", "a", "b"]
    with pytest.raises(ManifestError, match=r"^c\nf:1:1: a\nf:2:1: b$"):
        problems.finish()


def test_the_settings_of_an_api_are_found_by_its_key() -> None:
    """A page of that key is none, nor another API."""
    page = App("api", "spas", "https://a.example", ())
    other, api = (App(key, "apis", "https://a.example", ()) for key in ("other", "api"))

    assert Targets("", (page, other, api)).api("api") is api
