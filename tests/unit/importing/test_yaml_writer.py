"""Import writes YAML as people write it, and it is read back as what it was."""

from __future__ import annotations

import pytest

from entra_config.importing.yaml_writer import Label, Placeholder, Word, dump
from entra_config.manifest.reading import yaml
from entra_config.manifest.reading.node import Map, to_data

LONG = "A sentence. " * 500


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("plain text", ' "plain text"'),
        ("it's", ' "it\'s"'),
        ('a "b" \\', ' "a \\"b\\" \\\\"'),
        ("two\nlines\t\r\x85", ' "two\\nlines\\t\\r\\u0085"'),
        ("yes", ' "yes"'),
        (Word("web"), " web"),
        (Word("no"), ' "no"'),
        (f"-{'1' * 5000}", f' "-{"1" * 5000}"'),
        ("a\u00a0b", ' "a\\u00A0b"'),
        ("a\u202eb", ' "a\\u202Eb"'),
        ("a\u200bb", ' "a\\u200Bb"'),
        ("a: \u200b", ' "a: \\u200B"'),
        ("a\x85b", ' "a\\u0085b"'),
        ("a\u2028b", ' "a\\u2028b"'),
        ("a\u2029b", ' "a\\u2029b"'),
        ("a\U000e0041b", ' "a\\U000E0041b"'),
        ({"a\u200bb": True, "no": True}, '\n  "a\\u200Bb": true\n  "no": true'),
        ({"key": 1, Label("role"): 2}, '\n  key: 1\n  "role": 2'),
        (f"{LONG}'x': y", f" \"{LONG}'x': y\""),
        (None, " null"),
        (True, " true"),
        (7, " 7"),
        ([], " []"),
        ({}, " {}"),
        (["a", {"b": 1, "c": ["d", 2]}], '\n  - "a"\n  - b: 1\n    c: ["d", 2]'),
        (["https://a"], ' ["https://a"]'),
        (["https://a", "b"], '\n  - "https://a"\n  - "b"'),
        (
            {"a": {"b": {"c": {"d": [Word("e")], "f": {}}}}},
            "\n  a:\n    b:\n      c: { d: [e], f: {} }",
        ),
        (
            {"a": {"b": {"c": {"d": ["https://a", "b"]}}}},
            '\n  a:\n    b:\n      c:\n        d:\n          - "https://a"\n          - "b"',
        ),
        ({"a": {"b": {"c": {"d": "x" * 70}}}}, f'\n  a:\n    b:\n      c:\n        d: "{"x" * 70}"'),
        (["a" * 40, "b" * 40], f'\n  - "{"a" * 40}"\n  - "{"b" * 40}"'),
    ],
)
def test_a_value_is_written_as_people_write_it(value: object, written: str) -> None:
    """Every text is in quotes, and what cannot be seen is escaped; short lists and deep maps are one line."""
    text = dump({"key": value})

    assert text == f"key:{written}\n"
    assert to_data(yaml.read(text, "f") or Map()) == {"key": value}


def test_what_looks_like_a_placeholder_is_none() -> None:
    """A tenant's own `${` is escaped."""
    assert dump({"key": "${name}"}) == 'key: "$${name}"\n'
    assert dump({"key": Placeholder("${name}")}) == 'key: "${name}"\n'
