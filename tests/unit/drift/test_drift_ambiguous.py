"""Drift where the log tells less: several editors, own applies between, people who left, late records."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from entra_config.drift.model import Attribution, Drift
from entra_emulator import seed
from tests.unit.drift.edited import Tenant
from tests.unit.drift.stories import HOUR, rename, reported, uris


def one(drift: Drift) -> Attribution:
    """Return the attribution of the only finding."""
    (finding,) = drift.findings
    return finding.attribution


def test_of_two_editors_the_last_one_made_the_value_that_is_there() -> None:
    """Both wrote the property between two reports; the present value is the second one's."""

    async def story(tenant: Tenant) -> None:
        await rename(tenant, "alice", "First")
        await rename(tenant, "grace", "Second")

    found = one(reported(story))

    assert (found.grade, found.actor.name) == ("exact", "grace@contoso.com")


def test_a_change_that_was_taken_back_is_no_drift() -> None:
    """Added by one, removed by another: the tenant is as it was deployed."""

    async def story(tenant: Tenant) -> None:
        await uris(tenant, "alice", add="https://x.example/")
        await uris(tenant, "grace", remove="https://x.example/")

    assert not reported(story).drifted


def test_a_change_that_came_back_after_our_repair_is_the_second_editors() -> None:
    """Alice's was repaired by an apply; what is there now is Grace's."""

    async def story(tenant: Tenant) -> None:
        await uris(tenant, "alice", add="https://x.example/")
        await tenant.deploy()
        await uris(tenant, "grace", add="https://x.example/")

    found = one(reported(story))

    assert (found.grade, found.actor.name) == ("exact", "grace@contoso.com")


def test_an_apply_between_two_edits_accuses_nobody_wrongly() -> None:
    """Our own write lies between two strangers' on one object: each finding keeps its own editor, the
    repaired one is gone.
    """

    async def story(tenant: Tenant) -> None:
        good_at = tenant.good_at
        await uris(tenant, "alice", add="https://repaired.example/")
        await tenant.deploy()
        tenant.good_at = good_at
        await uris(tenant, "grace", add="https://left.example/")
        await rename(tenant, "alice", "Alice's")

    drift = reported(story)

    assert {finding.path: finding.attribution.actor.name for finding in drift.findings} == {
        "spa.redirectUris": "grace@contoso.com",
        "displayName": "alice@contoso.com",
    }


def test_who_left_since_is_named_by_the_record() -> None:
    """A person who is deleted, and purged, after the edit can be looked up nowhere but in the record."""

    async def story(tenant: Tenant) -> None:
        await rename(tenant, "alice", "Last words")
        alice = seed.fixed_id(seed.CONTOSO, "user", "alice@contoso.com")
        tenant.embedded.directory.default.users.remove(alice)

    drift = reported(story)

    named = {finding.path: finding.attribution.actor.name for finding in drift.findings}
    assert named["displayName"] == "alice@contoso.com"


def test_a_record_that_comes_late_is_waited_for() -> None:
    """With nothing of the edit in the log yet, nobody is named; half an hour later its editor is."""

    async def tell() -> tuple[Drift, Drift]:
        tenant = Tenant()
        await tenant.deploy()
        tenant.good_at = tenant.clock.now()
        tenant.late(1_200)
        await rename(tenant, "alice", "Late")
        early = await tenant.check()
        tenant.clock.advance(HOUR)
        return early, await tenant.check()

    early, settled = asyncio.run(tell())

    assert (one(early).grade, one(early).reason) == ("none", "too_recent")
    assert (one(settled).grade, one(settled).actor.name) == ("exact", "alice@contoso.com")


def test_an_earlier_editor_is_not_accused_of_a_later_value() -> None:
    """The record of the last write is late: the one before it left another value, so whoever wrote that
    did not do this.
    """

    async def tell() -> tuple[Drift, Drift]:
        tenant = Tenant()
        await tenant.deploy()
        await rename(tenant, "grace", "Earlier")
        tenant.clock.advance(HOUR)
        tenant.late(1_200)
        await rename(tenant, "alice", "Later")
        early = await tenant.check()
        tenant.clock.advance(HOUR)
        return early, await tenant.check()

    early, settled = asyncio.run(tell())

    assert (one(early).grade, one(early).reason) == ("none", "too_recent")
    assert one(settled).actor.name == "alice@contoso.com"


@pytest.mark.parametrize("purged", [False, True])
def test_a_deleted_registration_is_its_deleters_though_it_is_purged(*, purged: bool) -> None:
    """While it is among the deleted its id leads to who deleted it; after the purge the record of its
    creation has the id.
    """

    async def story(tenant: Tenant) -> None:
        nightly, _ = await tenant.named("Nightly")
        await tenant.send("alice", "DELETE", f"/applications/{nightly['id']}")
        if purged:
            await tenant.send("Emulator admin", "DELETE", f"/directory/deletedItems/{nightly['id']}")

    drift = reported(story)

    gone = next(finding for finding in drift.findings if finding.address.kind == "application")
    assert gone.sign == "removed"
    assert (gone.attribution.grade, gone.attribution.actor.name) == ("exact", "alice@contoso.com")


def test_equal_names_are_told_apart_by_id() -> None:
    """Deleted and made anew under one display name: the new one bears nobody's marks, the old one is what
    is missing.
    """

    async def story(tenant: Tenant) -> None:
        nightly, _ = await tenant.named("Nightly")
        await tenant.send("alice", "DELETE", f"/applications/{nightly['id']}")
        await tenant.send("grace", "POST", "/applications", {"displayName": nightly["displayName"]})

    drift = reported(story, unmanaged=True)

    assert any(name.startswith("MyApp Nightly (dev)") for name in drift.unmanaged)
    gone = [
        finding
        for finding in drift.findings
        if finding.address == replace(finding.address, kind="application")
    ]
    assert [finding.attribution.actor.name for finding in gone] == ["alice@contoso.com"]
