"""Graph's nested JSON and flat paths, and what tells one certificate from others."""

from __future__ import annotations

from typing import Any

import pytest

from entra_config.kinds.graph_values import thumbprint


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
