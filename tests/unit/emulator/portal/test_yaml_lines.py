"""Lines of YAML for a manifest: in a text nothing is read but what was meant."""

from typing import Any

import pytest
import yaml

from entra_config.emulator.portal.yaml_lines import yaml_of


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("plain", "plain"),
        ("two words", "two words"),
        ("a@b.example/x_y-z", "a@b.example/x_y-z"),
        ("Yes", '"Yes"'),
        ("null", '"null"'),
        ("y", '"y"'),
        ("", '""'),
        ("two  spaces", '"two  spaces"'),
        ("1e3", '"1e3"'),
        ("a: b", '"a: b"'),
        ("a #b", '"a #b"'),
        ("ü", '"ü"'),
        ("a\u2028b", '"a\\u2028b"'),
        ("two\nlines", '"two\\nlines"'),
        ("${x}", '"$${x}"'),
        ("api://${appId}", '"api://${appId}"'),
        (True, "true"),
        (None, "null"),
        (2, "2"),
    ],
)
def test_a_value_is_read_as_it_was_meant(value: Any, written: str) -> None:
    """Without quotes where nothing else could be read."""
    line = yaml_of({"key": value})
    assert line == f"key: {written}"
    read = yaml.safe_load(line)["key"]
    assert read == (value.replace("${x}", "$${x}") if isinstance(value, str) else value)


def test_maps_are_indented_and_lists_stand_in_a_line() -> None:
    """Names are written as values are."""
    said = {"a": {"on": {"list": ["x", "no", 1]}}, "b": {}}
    assert yaml_of(said) == 'a:\n  "on":\n    list: [x, "no", 1]\nb:'
