"""Import writes YAML as people write it, and it is read back as what it was."""

from __future__ import annotations

import pytest

from entra_config.importing.yaml_writer import dump
from entra_config.manifest.reading import yaml
from entra_config.manifest.reading.node import Map, to_data

LONG = "A sentence. " * 500


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("plain text", " plain text"),
        ("it's", " it's"),
        ("a: b", " 'a: b'"),
        ("'a' 🙂", " \"'a' 🙂\""),
        ("two\nlines\t\x85", ' "two\\nlines\\t\\N"'),
        ("yes", ' "yes"'),
        ("2026-11-20", ' "2026-11-20"'),
        ("-1e5", " '-1e5'"),
        ("-.5e3", " '-.5e3'"),
        ("+.5E+3", " '+.5E+3'"),
        ("=", " '='"),
        (f"-{'1' * 5000}", f" '-{'1' * 5000}'"),
        ("a\u00a0b", ' "a\\_b"'),
        ("a\u200bb", ' "a\\u200Bb"'),
        ("a: \u200b", ' "a: \\u200B"'),
        ("a\x85b", ' "a\\Nb"'),
        ("a\u2028b", ' "a\\Lb"'),
        ("a\u2029b", ' "a\\Pb"'),
        ("a\U000e0041b", ' "a\\U000E0041b"'),
        ({"a\u200bb": "c", "no": "d"}, "\n  \"a\\u200Bb\": c\n  'no': d"),
        (f"{LONG}'x': y", f" \"{LONG}'x': y\""),
        (None, " null"),
        (True, " true"),
        (7, " 7"),
        ([], " []"),
        ({}, " {}"),
        (["a", {"b": 1, "c": ["d"]}], "\n  - a\n  - b: 1\n    c:\n      - d"),
    ],
)
def test_a_value_is_written_as_people_write_it(value: object, written: str) -> None:
    """Quotes are where a reader would take a text for something else."""
    text = dump({"key": value})

    assert text == f"key:{written}\n"
    assert to_data(yaml.read(text, "f") or Map()) == {"key": value}


def test_what_looks_like_a_placeholder_is_none() -> None:
    """A tenant's own `${` is escaped."""
    assert dump({"key": "${name}"}) == "key: $${name}\n"
