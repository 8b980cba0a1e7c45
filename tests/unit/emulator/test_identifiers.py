"""Sequences of ids and secrets, what is a GUID, and ids that are derived of others."""

from __future__ import annotations

import base64
import hashlib
import uuid

import pytest

from entra_emulator import identifiers
from entra_emulator.identifiers import Identifiers

ONE, TWO = "0a1b2c3d-4e5f-4071-8293-a4b5c6d7e8f9", "00000000-0000-0000-0000-00000000000f"


def drawn(seed: str, number: int) -> bytes:
    """Return what the sequence of a seed has at a place."""
    return hashlib.sha256(f"{seed}:{number}".encode()).digest()


def test_a_seed_gives_the_same_sequence() -> None:
    """From the counter on, each place once; GUIDs are of version 4, secrets have 40 characters."""
    ids = Identifiers("s", 3)
    assert ids.bytes() == drawn("s", 4)
    assert ids.guid() == str(uuid.UUID(bytes=drawn("s", 5)[:16], version=4))
    assert ids.secret() == base64.urlsafe_b64encode(drawn("s", 6)).decode()[:40]
    assert ids.counter == 6
    short = Identifiers("", 0)
    assert (short.seed, short.guid()[14]) == ("", "4")
    assert len(Identifiers("x").secret()) == 40


def test_without_a_seed_each_sequence_is_its_own() -> None:
    """From 32 hexadecimal digits of chance."""
    one, two = Identifiers(), Identifiers()
    assert one.seed != two.seed
    assert len(bytes.fromhex(one.seed)) == 16
    assert (one.counter, two.counter) == (0, 0)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        (ONE, True),
        (ONE.upper(), True),
        (TWO, True),
        ("", False),
        (ONE.replace("-", ""), False),
        (f"{ONE}0", False),
        (ONE[:-1], False),
        (f"{{{ONE}}}", False),
        (f"g{ONE[1:]}", False),
        (f"0a1b2c3d0{ONE[9:]}", False),
        (f"{ONE[:13]}0{ONE[14:]}", False),
        (f"{ONE[:18]}0{ONE[19:]}", False),
        (f"{ONE[:23]}0{ONE[24:]}", False),
        (f"-{ONE[1:]}", False),
        (f"{ONE[:35]}-", False),
        (f" {ONE[1:]}", False),
        (f"{ONE[:2]}_{ONE[3:]}", False),
        (f"+{ONE[1:]}", False),
        (f"0x{ONE[2:]}", False),
    ],
)
def test_what_is_a_guid(text: str, *, is_one: bool) -> None:
    """Its hyphenated form, of hexadecimal digits alone."""
    assert identifiers.is_guid(text) is is_one


def test_ids_of_links_and_digests_of_secrets() -> None:
    """The GUIDs in little-endian order without padding; SHA-256 in hexadecimal digits."""
    assert identifiers.link_id(ONE) == base64.urlsafe_b64encode(uuid.UUID(ONE).bytes_le).decode()[:22]
    both = uuid.UUID(ONE).bytes_le + uuid.UUID(TWO).bytes_le
    assert base64.urlsafe_b64decode(identifiers.link_id(ONE, TWO) + "=") == both
    assert identifiers.secret_digest("x") == hashlib.sha256(b"x").hexdigest()
