"""How imported consents are written: `true` is exactly what is asked for, in whatever order."""

from __future__ import annotations

from typing import Any

import pytest

from entra_config.importing.links import _short


@pytest.mark.parametrize(
    ("requested", "granted", "written"),
    [
        ({"delegated": ["a", "b"]}, {"delegated": ["b", "a"]}, True),
        (
            {"delegated": ["b", "a"], "application": ["J"]},
            {"application": ["J"], "delegated": ["a", "b"]},
            True,
        ),
        ({"delegated": ["a", "b"]}, {"delegated": ["b"]}, {"delegated": ["b"]}),
        (
            {"delegated": ["b", "a"], "application": ["J"]},
            {"delegated": ["a", "b"], "application": ["K", "J"]},
            {"delegated": True, "application": ["J", "K"]},
        ),
        ({"delegated": ["a"], "application": ["J"]}, {"application": ["J"]}, {"application": True}),
        ({}, {"delegated": ["b", "a"]}, {"delegated": ["a", "b"]}),
    ],
)
def test_a_consent_is_true_only_where_it_is_what_is_asked_for(
    requested: dict[str, list[str]], granted: dict[str, list[str]], written: Any
) -> None:
    """What is more, less or of another type is listed by name, in order."""
    assert _short(requested, granted) == written
