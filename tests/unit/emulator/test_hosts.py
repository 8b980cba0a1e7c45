"""Which names of a request's `Host` are the emulator's own."""

from __future__ import annotations

import pytest

from entra_emulator import hosts


@pytest.mark.parametrize(
    ("host", "only_here"),
    [
        ("localhost", True),
        ("login.localhost", True),
        ("127.0.0.1", True),
        ("127.1.2.3", True),
        ("::1", True),
        ("[::1]", True),
        ("0.0.0.0", False),
        ("192.168.1.2", False),
        ("[2001:db8::1]", False),
        ("xlocalhost", False),
        ("localhost.example", False),
        ("", False),
    ],
)
def test_hosts_that_only_this_machine_reaches(host: str, *, only_here: bool) -> None:
    """By address, by name, or by a name below it."""
    assert hosts.is_loopback(host) is only_here


@pytest.mark.parametrize(
    ("host", "listening", "ours"),
    [
        (b"localhost:8443", "127.0.0.1", True),
        (b"LOCALHOST", "127.0.0.1", True),
        (b"graph.localhost:1", "127.0.0.1", True),
        (b"127.0.0.1", "127.0.0.1", True),
        (b"[::1]:8443", "127.0.0.1", True),
        (b"[::1]", "::1", True),
        (b"[::1", "::1", False),
        (b"[2001:db8::1]:8443", "2001:DB8::1", True),
        (b"[2001:db8::1]:8443", "[2001:db8::1]", True),
        (b"[2001:db8::2]:8443", "2001:db8::1", False),
        (b"Emulator.Test:8443", "emulator.TEST", True),
        (b"evil.example", "emulator.test", False),
        (b"emulator.test.evil.example", "emulator.test", False),
        (b"x]localhost", "127.0.0.1", False),
        (b"\xff", "127.0.0.1", False),
        (b"localhost:8443.evil.example", "127.0.0.1", False),
        (b"localhost:evil.example", "127.0.0.1", False),
        (b"localhost:", "127.0.0.1", False),
        (b"[::1]evil.example", "::1", False),
        (b"[::1]:x", "::1", False),
        (b"evil.example@localhost", "127.0.0.1", False),
        (b"localhost/evil.example", "127.0.0.1", False),
        (b"localhost evil.example", "127.0.0.1", False),
        (b"", "", False),
        (b":8443", "", False),
    ],
)
def test_a_request_names_what_is_listened_on(host: bytes, listening: str, *, ours: bool) -> None:
    """A loopback name or the address that was given, whatever the case and the port."""
    headers = [(b"accept", b"localhost"), (b"host", host)]
    assert hosts.names_us(headers, listening) is ours


def test_a_request_without_host_is_for_nobody() -> None:
    """Nor is one for an emulator that listens on no name."""
    assert not hosts.names_us([(b"x-host", b"localhost")], "")
