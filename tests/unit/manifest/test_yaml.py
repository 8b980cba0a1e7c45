"""The one reading of YAML."""

from __future__ import annotations

import math

import pytest

from entra_config.errors import ManifestError
from entra_config.manifest.reading import yaml
from entra_config.manifest.reading.node import Map, Scalar, to_data

NUMBERS = [
    ("012", 12),
    ("0o14", 12),
    ("0xC", 12),
    ("-7", -7),
    ("+7", 7),
    ("1e3", 1000.0),
    (".5", 0.5),
    ("5.", 5.0),
    ("1.5E-2", 0.015),
]
INFINITE = [(".inf", math.inf), ("-.INF", -math.inf)]
WORDS = [
    ("true", True),
    ("False", False),
    ("TRUE", True),
    ("null", None),
    ("~", None),
    ("Null", None),
    ("", None),
]
TEXTS = [
    (word, word)
    for word in ("on", "off", "no", "yes", "y", "tRue", "nULL", "1_000", "0b11", "1:30", "2026-11-25", "=")
]
QUOTED = [("'012'", "012"), ('"null"', "null"), ("!!str 012", "012")]
CORE = [*NUMBERS, *INFINITE, *WORDS, *TEXTS, *QUOTED]


@pytest.mark.parametrize(("text", "value"), CORE)
def test_scalars_mean_what_the_core_schema_says(text: str, value: object) -> None:
    """A plain scalar is read by YAML 1.2, a quoted one is a text."""
    root = yaml.read(f"a: {text}", "f")
    assert root is not None
    read = to_data(root)["a"]
    assert read == value
    assert type(read) is type(value)


def test_nan_is_a_number() -> None:
    """`.nan` is the number that equals nothing."""
    assert math.isnan(to_data(yaml.read("a: .NaN", "f") or Map())["a"])


def test_every_key_and_value_knows_its_place() -> None:
    """Lines and columns count from one, in characters."""
    root = yaml.read("é: x\nb:\n  - ü: [ 1, zwei ]\n", "dir/f.yaml")
    assert isinstance(root, Map)
    assert str(root.where("b")) == "dir/f.yaml:2:1"
    inner = root.node("b").items[0]
    assert str(inner.where("ü")) == "dir/f.yaml:3:5"
    assert str(inner.node("ü").items[1].position) == "dir/f.yaml:3:13"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\nb: 2\na: 3\n", "f:3:1: duplicate `a`: first defined at f:1:1"),
        ("a: 1\n---\nb: 2\n", "f:2:1: a second document: one file is one document, without `---` in it"),
        (
            "a: &x { b: 1 }\nc: { <<: *x }\n",
            "f:2:6: the merge key `<<` is not YAML 1.2: write the keys out, or alias whole values",
        ),
        ("a: !!seq [x]\nb: !!list [x]", "f:2:4: the tag `!!list`: a manifest may not use YAML tags"),
        ("{ null: x }", 'f:1:3: a key is a string: write "null" in quotes'),
        ("a: &x [1]\n*x : 2", "f:2:1: a key is a string, not a list or a map"),
        ("a: 1\n  b: 2", "f:2:4: not YAML: "),
        ("a: 1\nb: \ud800", "f:1:1: not YAML: "),
        ("a: !!set {}", "f:1:4: the tag `!!set`: a manifest may not use YAML tags"),
        ("a: !!int '3'", "f:1:4: the tag `!!int`: only `!!str` is known, and quotes do the same"),
        ("a: *b", "f:1:4: `*b` refers to no anchor before it in this file"),
        ("404: x", 'f:1:1: a key is a string: write "404" in quotes'),
        ("[a]: x", "f:1:1: a key is a string, not a list or a map"),
        ("a: [", "f:2:1: not YAML:"),
        ("a: 1\nb: \x07", "f:2:4: U+0007 is a control character: it stands nowhere in a manifest"),
    ],
)
def test_what_is_refused_says_where(text: str, message: str) -> None:
    """What YAML allows and manifests do not is an error with its place."""
    with pytest.raises(ManifestError) as caught:
        yaml.read(text, "f")
    assert str(caught.value).startswith(message)


def test_a_key_that_looks_like_a_word_is_a_text() -> None:
    """`on`, `no` and `y` are keys like any other."""
    assert to_data(yaml.read("on: 1\nno: 2\ny: 3\n", "f") or Map()) == {"on": 1, "no": 2, "y": 3}


def test_an_alias_is_a_copy() -> None:
    """An alias stands for the value of its anchor."""
    assert to_data(yaml.read("a: &x [1]\nb: *x\n", "f") or Map()) == {"a": [1], "b": [1]}


def test_an_alias_bomb_is_refused_before_it_is_expanded() -> None:
    """Aliases of aliases count with all that they stand for."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    with pytest.raises(ManifestError, match="more than 200,000 values once aliases are expanded"):
        yaml.read("\n".join(lines), "f")


@pytest.mark.parametrize("opened", ["[", "{ a: ", "[{ a: ["])
def test_deep_nesting_is_refused(opened: str) -> None:
    """A file of brackets ends in an error and not in the end of the stack."""
    with pytest.raises(ManifestError, match="nested deeper than 50 levels"):
        yaml.read("a: " + opened * 900, "f")


@pytest.mark.parametrize(("begins", "ends"), [("[", "]"), ("{ a: ", "}")])
def test_fifty_levels_are_read_and_no_more(begins: str, ends: str) -> None:
    """The value of a file stands at no level, what it holds at the first."""
    deepest = begins * yaml.MAX_DEPTH + "x" + ends * yaml.MAX_DEPTH
    assert yaml.read(deepest, "f") is not None
    with pytest.raises(ManifestError, match="nested deeper than 50 levels"):
        yaml.read(begins + deepest + ends, "f")


def test_a_huge_file_is_refused() -> None:
    """There is a bound to what is read at all."""
    assert yaml.read("a" * yaml.MAX_BYTES, "f") is not None
    with pytest.raises(ManifestError, match=r"^f:1:1: the file is larger than 2,000,000 characters"):
        yaml.read("a" * (yaml.MAX_BYTES + 1), "f")


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (3, "[x, y]"),
        (3, "a: x"),
        (3, "&a a: x"),
        (7, "[&a [x, y], *a]"),  # the list, and two times the list of two
        (12, "[x, &a [x, &b [x]], *a, *b]"),  # what stands before an anchor is no part of it
    ],
)
def test_keys_values_and_what_aliases_stand_for_are_counted(
    size: int, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bound is on all values once aliases are expanded."""
    monkeypatch.setattr(yaml, "MAX_NODES", size)
    assert yaml.read(text, "f") is not None
    monkeypatch.setattr(yaml, "MAX_NODES", size - 1)
    with pytest.raises(ManifestError, match="values once aliases are expanded"):
        yaml.read(text, "f")


def test_an_anchor_of_a_key_is_known_afterwards() -> None:
    """A key is a value like others: it may have an anchor, and may be an alias."""
    root = yaml.read("&a key: x\nb: *a\nc: { *a : y }\n", "f")
    assert to_data(root or Map()) == {"key": "x", "b": "key", "c": {"key": "y"}}
    assert isinstance(root, Map)
    inner = root.node("c")
    assert isinstance(inner, Map)
    assert str(inner.where("key")) == "f:3:6"  # where it is used, not where the anchor stands


def test_comments_know_their_place() -> None:
    """What only looks like a comment, in a value, is none."""
    text = "# one\r\na: 'x # y'  # two\nb: x#y\n  # three \nc: |\n  # text\n"
    found = [(str(position), comment) for position, comment in yaml.comments(text, "f")]
    assert found == [("f:1:1", "# one"), ("f:2:13", "# two"), ("f:4:3", "# three ")]


def test_an_empty_file_holds_nothing() -> None:
    """Comments alone are no document."""
    assert yaml.read("# nothing\n", "f") is None


@pytest.mark.parametrize("sign", ["", "-"])
def test_a_number_too_long_for_a_number_is_a_text(sign: str) -> None:
    """Python refuses to read very long numbers; here they stay texts."""
    longest = sign + "9" * (40 - len(sign))
    for text, value in ((longest, int(longest)), (longest + "9", longest + "9"), (sign + "9" * 10_000,) * 2):
        root = yaml.read(f"a: {text}", "f")
        assert isinstance(root, Map)
        node = root.node("a")
        assert isinstance(node, Scalar)
        assert node.value == value
