"""What differs between a saved plan and the one of now, as a person reads it."""

from __future__ import annotations

from typing import Any

import pytest

from entra_config.plan import file


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
