"""What rules ask of an address: its scheme, host, port and path, whether it is this machine's own."""

from __future__ import annotations

import pytest

from entra_config import uris

PARTS = [
    ("https://App.Example.com/callback", "https", "app.example.com", "", "/callback"),
    ("HTTPS://user:word@example.com:8443/a/b?c=d#e", "https", "example.com", "8443", "/a/b"),
    ("http://example.com?q", "http", "example.com", "", ""),
    ("https://example.com:/x", "https", "example.com", "", "/x"),
    ("https://[::1]:3000/", "https", "[::1]", "3000", "/"),
    ("com.example.app:/callback", "com.example.app", "", "", "/callback"),
    ("urn:ietf:wg:oauth:2.0:oob", "urn", "", "", "ietf:wg:oauth:2.0:oob"),
    ("api+x-1.0:", "api+x-1.0", "", "", ""),
    ("no address", "", "", "", ""),
    ("//example.com/a", "", "", "", ""),
    ("", "", "", "", ""),
]


@pytest.mark.parametrize(("uri", "scheme", "host", "port", "path"), PARTS, ids=lambda each: each or "nothing")
def test_an_address_has_its_parts(uri: str, scheme: str, host: str, port: str, path: str) -> None:
    """Hold that scheme and host are in lower case, without user and port, and what is no URI has none."""
    assert (uris.scheme(uri), uris.host(uri), uris.port(uri), uris.path(uri)) == (scheme, host, port, path)


@pytest.mark.parametrize(
    ("uri", "local"),
    [
        ("http://localhost", True),
        ("http://LOCALHOST:3000/a", True),
        ("http://127.0.0.1:5000", True),
        ("http://127.1.2.3/", True),
        ("http://[::1]:80/", True),
        ("http://localhost.example.com", False),
        ("http://my-localhost", False),
        ("http://127.0.0.1.example.com", False),
        ("http://128.0.0.1", False),
        ("localhost", False),
    ],
)
def test_an_address_is_of_the_machine_itself(uri: str, local: bool) -> None:
    """Hold that loopback addresses are, in any case and at any port, and names that begin so are not."""
    assert uris.is_local(uri) is local


@pytest.mark.parametrize(
    ("name", "domains", "below"),
    [
        ("example.com", ("example.com",), True),
        ("a.b.example.com", ("example.com",), True),
        ("a.other.net", ("example.com", "other.net"), True),
        ("notexample.com", ("example.com",), False),
        ("example.com.evil.net", ("example.com", "other.net"), False),
        ("example.com", (), False),
    ],
)
def test_a_host_is_below_a_domain(name: str, domains: tuple[str, ...], below: bool) -> None:
    """Hold that a domain is below itself, and that a longer name which ends alike is not."""
    assert uris.below(name, domains) is below
