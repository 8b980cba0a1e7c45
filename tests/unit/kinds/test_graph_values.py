"""Graph's nested JSON and flat paths, and what tells one certificate from others."""

from __future__ import annotations

from typing import Any

import pytest

from entra_config.kinds.graph_values import at, nest, pick, thumbprint

BODY = {"a": {"b": {"c": 1}, "n": None}, "z": 0}


@pytest.mark.parametrize(
    ("body", "path", "value"),
    [
        (BODY, "a.b.c", 1),
        (BODY, "a.b", {"c": 1}),
        (BODY, "z", 0),
        (BODY, "a.n", None),
        (BODY, "a.n.c", None),
        (BODY, "z.c", None),
        (BODY, "x", None),
        (None, "x", None),
    ],
)
def test_a_value_at_a_path(body: Any, path: str, value: Any) -> None:
    """Nothing where any part of it is absent."""
    assert at(body, path) == value
    assert pick(body, [path]) == {path: value}


def test_values_at_their_paths() -> None:
    """Those below one object stand in one."""
    assert nest({"a.b.c": 1, "z": 2, "a.n": 3, "a.b.d": 4}) == {"a": {"b": {"c": 1, "d": 4}, "n": 3}, "z": 2}


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (
            {"key": "YQ==", "keyId": "k", "customKeyIdentifier": "x"},
            "86F7E437FAA5A7FCE15D1DDCB9EAEAEA377667B8",
        ),
        ({"key": "abc", "keyId": "k1", "customKeyIdentifier": "x"}, "K1"),
        ({"key": "", "keyId": "k", "customKeyIdentifier": "ab"}, "AB"),
        ({"key": None, "keyId": "k", "customKeyIdentifier": "ab"}, "AB"),
        ({"keyId": "k", "customKeyIdentifier": None}, "K"),
    ],
)
def test_what_tells_a_certificate(entry: dict[str, Any], expected: str) -> None:
    """Its key, for anybody may write the name; else that, else its id."""
    assert thumbprint(entry) == expected
