"""Whom a remark is about stands before it once."""

from __future__ import annotations

import pytest

from entra_config.report.headed import headed
from entra_config.resource import Address


@pytest.mark.parametrize(
    ("address", "message", "expected"),
    [
        (None, "it is late", "it is late"),
        (Address("application", "api"), "it has no owner", "api: it has no owner"),
        (Address("application", "api"), "api has no owner", "api has no owner"),
        (Address("application", "api"), "apis have no owner", "api: apis have no owner"),
        (Address("application", "api"), "api", "api: api"),
    ],
)
def test_a_remark_says_once_whom_it_is_about(address: Address | None, message: str, expected: str) -> None:
    """The key stands before a message that does not begin with it as a word."""
    assert headed(address, message) == expected
