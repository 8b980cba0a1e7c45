"""What of an address stays when the part that filled it is taken out."""

from __future__ import annotations

import pytest

from entra_fleet.groups import classes


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://a.own.example/x", "https://:None"),
        ("https://own.example", "https://:None"),
        ("https://A.OWN.example:8443/x", "https://:8443"),
        ("http://a.second.example", "http://:None"),
        ("https://notown.example/x", "https://notown.example"),
        ("https://other.net:8443/x?y", "https://other.net:8443"),
        ("https://user@a.own.example", "https://user@a.own.example"),
        ("https://evil.net\\.own.example", "https://evil.net\\.own.example"),
        ("urn:x", None),
        ("https:///path", None),
        ("https://a.own.example:port", None),
        ("https://[::1", None),
    ],
)
def test_a_host_of_the_tenant_s_own_domains_is_taken_out(address: str, kept: str | None) -> None:
    """Hold that scheme and port stay, and that another host stays whole."""
    assert classes.outside_host(address, ["own.example", "second.example"]) == kept


@pytest.mark.parametrize("address", ["https://a.own.example"])
def test_without_domains_every_host_stays(address: str) -> None:
    """Hold that nothing is taken out."""
    assert classes.outside_host(address, []) == address
