"""What a request's body makes of a row: merged as PATCH merges, completed as Graph completes it."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from entra_emulator.graph import bodies, schema
from entra_emulator.graph.errors import ODataError
from entra_emulator.table import Row
from tests.unit.emulator.graph.certificates import certificate, key, pem
from tests.unit.emulator.graph.sending import World, refusal


def merged(kind: str, old: Row, body: Row, **more: Any) -> Row | str:
    """Return what of a row changes, or the refusal."""
    before = dict(old)
    entity = schema.entity_of(kind)
    assert entity is not None
    try:
        new = bodies.merge(entity, old, body, **more)
    except ODataError as error:
        return refusal(error)
    assert old == before
    return {name: value for name, value in new.items() if name not in old or value != old[name]}


NAMES = (
    "customKeyIdentifier",
    "displayName",
    "endDateTime",
    "key",
    "keyId",
    "startDateTime",
    "type",
    "usage",
)


def credential(**more: Any) -> Row:
    """Return a key credential with every property."""
    return dict.fromkeys(NAMES) | more


def completed(old: Row | None, *sent: Row) -> list[Row] | str:
    """Return what becomes of key credentials, or the refusal."""
    try:
        return bodies.certificates(World().call("PATCH", "/x"), old, list(sent))
    except ODataError as error:
        return refusal(error)


def test_a_certificate_names_itself() -> None:
    """Hold what of a key credential comes from its certificate, in DER and PEM."""
    der = certificate().public_bytes(Encoding.DER)
    shown = credential(
        customKeyIdentifier=hashlib.sha1(der, usedforsecurity=False).hexdigest().upper(),
        displayName="CN=app",
        endDateTime="2026-04-01T00:00:00Z",
        key=key(),
        keyId=World().directory.ids.guid(),
        startDateTime="2026-01-01T00:00:00Z",
        type="AsymmetricX509Cert",
        usage="Verify",
    )
    assert completed(None, credential(key=key())) == [shown]
    assert completed(None, credential(key=pem())) == [
        {**shown, "key": base64.b64encode(certificate().public_bytes(Encoding.PEM)).decode()}
    ]


HELD = credential(key="held", keyId="k", displayName="d", usage="Verify")


@pytest.mark.parametrize(
    ("old", "sent", "expected"),
    [
        ([HELD], [credential(keyId="k")], [HELD]),
        ([HELD], [credential(keyId="k", displayName="e")], [{**HELD, "displayName": "e"}]),
        (
            [HELD, {**HELD, "keyId": "l"}],
            [credential(keyId="k"), credential(keyId="l")],
            [HELD, {**HELD, "keyId": "l"}],
        ),
        ([HELD], [credential(keyId="l")], "invalid"),
        ([HELD], [credential(keyId="k"), credential(keyId="l")], "invalid"),
        (None, [credential(keyId="k")], "invalid"),
        ([HELD], [credential(keyId="k", key="AAAA")], "key"),
        ([HELD], [credential(keyId="k", key="no base64")], "key"),
        ([HELD], [credential(keyId="k", key=f"{key()[:8]}%{key()[8:]}")], "key"),
    ],
)
def test_keys_that_are_there(old: list[Row] | None, sent: list[Row], expected: list[Row] | str) -> None:
    """Hold that one sent without its key is the one that is held, and that a new one needs a certificate."""
    words = {
        "invalid": "400 Request_BadRequest: Invalid value specified for property 'keyCredentials' "
        "of resource "
        "'Application'.",
        "key": "400 KeyCredentialsInvalidValue: Key credential value is invalid: it is not a certificate.",
    }
    found = completed(None if old is None else {"keyCredentials": old}, *sent)
    assert found == (words[expected] if isinstance(expected, str) else expected)
