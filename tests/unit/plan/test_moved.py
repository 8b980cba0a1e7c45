"""What differs between a saved plan and the one of now, as a person reads it."""

from __future__ import annotations

from typing import Any

import pytest

from entra_config.plan import file


@pytest.mark.parametrize(
    ("was", "now", "shown"),
    [
        ("a", "b", ('"a"', '"b"')),
        (None, True, ("null", "true")),
        # Of objects the keys that differ; of one that holds an object or a list, what differs in it.
        ({"a": 1, "b": 2}, {"a": 1, "b": 3}, ('{"b":2}', '{"b":3}')),
        ({"b": 2, "a": 1}, {"c": 1}, ('{"a":1,"b":2}', '{"c":1}')),
        ({"a": {"x": 1, "y": 1}, "b": 0}, {"a": {"x": 2, "y": 1}, "b": 0}, ('{"x":1}', '{"x":2}')),
        ({"a": ["x", "y"]}, {"a": ["x", "z"]}, ('"y"', '"z"')),
        ({"a": ["x"]}, {"a": None}, ('{"a":["x"]}', '{"a":null}')),
        ({"a": {"x": 1}, "b": {"x": 1}}, {"a": {"x": 2}, "b": {"x": 2}},
         ('{"a":{"x":1},"b":{"x":1}}', '{"a":{"x":2},"b":{"x":2}}')),
        # Of lists the entries; of one entry each, what differs in it.
        (["x", "y", "z"], ["y"], ('["x","z"]', "[]")),
        ([{"id": 1, "n": "a"}], [{"id": 1, "n": "b"}], ('{"n":"a"}', '{"n":"b"}')),
        (["x", "y"], ["x", "z", "w"], ('["y"]', '["z","w"]')),
    ],
)  # fmt: skip
def test_what_differs_of_two_values(was: Any, now: Any, shown: tuple[str, str]) -> None:
    """No more than that."""
    assert file._apart(was, now) == shown


STEP = {"request": {"": {"method": "PATCH"}}}


@pytest.mark.parametrize(
    ("was", "now", "lines"),
    [
        ({"application.a": {"": "create"}}, {"application.a": {"": "create"}}, []),
        (
            {"application.b": {"": "create"}, "application.c": {"": "x"}},
            {"application.a": {"": "create"}, "application.c": {"": "y"}},
            [
                "  application.a: is new",
                "  application.b: is no longer to be done",
                '  application.c: what is done: was "x", is "y"',
            ],
        ),
        (
            {"application.a": {"tags": 1, "displayName": "A", "notes": None, "x": 0}},
            {"application.a": {"tags": 2, "displayName": "B", "logo": 1, "x": 0}},
            [
                '  application.a: displayName: was "A", is "B"',
                "  application.a: logo: was null, is 1",
                "  application.a: tags: was 1, is 2",
            ],
        ),
        # The requests behind it only where nothing else differs.
        (
            {"step a": {"request": 1}, "zebra": {"": "x"}},
            {"step a": {"request": 2}, "zebra": {"": "y"}},
            ['  zebra: what is done: was "x", is "y"'],
        ),
        (
            {"step a": {"request": 1}, "step b": {"request": 1}},
            {"step a": {"request": 2}},
            ["  step a: request: was 1, is 2"],
        ),
        ({"step a": {}, "zebra": {}}, {"step a": {}}, ["  zebra: is no longer to be done"]),
        ({"step b": {}}, {"step a": {}}, ["  step a: is new"]),
    ],
)
def test_what_moved(was: dict[str, Any], now: dict[str, Any], lines: list[str]) -> None:
    """Object by object and field by field, in order."""
    assert list(file._moved(was, now)) == lines
