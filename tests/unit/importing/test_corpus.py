"""Applications and service principals as Graph was recorded to answer them are imported without loss."""

from __future__ import annotations

import asyncio

import pytest

from entra_config.importing import application
from tests.unit.importing import dumped
from tests.unit.importing.importer import Ground
from tests.unit.importing.recorded import bodies, put_application, put_principal


def test_the_corpus_is_imported_without_a_silent_loss(ground: Ground) -> None:
    """Every distinct one is created anew, and all that differs is listed with the reason."""
    applications, principals = bodies("application"), bodies("servicePrincipal")
    for number, body in enumerate(applications):
        put_application(ground, number, body)
    for number, body in enumerate(principals):
        put_principal(ground, number, body)

    silent, listed, same = asyncio.run(dumped.compare(ground))

    assert silent == []
    assert same > len(applications) + len(principals)
    # What is listed has a reason.
    assert listed["passwordCredentials: secrets are made by Entra and never written in a manifest"]


def test_a_value_that_is_dropped_is_a_silent_loss(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison notices it."""
    monkeypatch.setattr(application, "_properties", lambda *_: {})
    put_application(ground, 1, {"isDeviceOnlyAuthSupported": True})

    silent, _, _ = asyncio.run(dumped.compare(ground))

    assert silent == ["application-1: isDeviceOnlyAuthSupported: True became None"]
