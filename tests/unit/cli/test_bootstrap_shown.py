"""`bootstrap github`, `gh` on a stand-in: what is shown before the first write, and what a no leaves."""

from __future__ import annotations

import asyncio

import pytest

from entra_emulator import seed
from entra_emulator.embedded import Embedded
from entra_emulator.fault_plan import FaultPlan
from tests.unit.cli.desk import Desk

NAMES = ("MyApp Reader", "MyApp Writer (prod)")


def live(tenant: Embedded) -> set[str]:
    """Return those names of the pipeline's identities that an application has."""
    return {name for name in NAMES if tenant.directory.default.one("applications", "displayName", name)}


def send(tenant: Embedded, method: str, path: str) -> None:
    """Send one request as an administrator."""

    async def sent() -> None:
        async with tenant.client(tenant.app_caller(seed.ADMIN_APP_ID)) as client:
            (await client.request(method, f"https://graph.microsoft.com/v1.0{path}")).raise_for_status()

    asyncio.run(sent())


@pytest.mark.parametrize("words", [(), ("--apply", "--allow", "dangerous")])
def test_the_plan_is_shown_before_anything_is_written_and_a_no_writes_nothing(
    desk: Desk, tenant: Embedded, words: tuple[str, ...]
) -> None:
    """On the first run too, where the manifest of the identities is not there yet."""
    before, applications = desk.files(), live(tenant)
    desk.responses = ["no"]

    done = desk.bootstrap(*words)

    assert done.code == 1
    assert "+ application writer-prod" in done.out
    assert "pipeline/identities.yaml:" in done.out
    (question,) = desk.requested
    assert question.startswith("Write these files, set this in GitHub" if words else "Write these files and")
    assert ("apply this to contoso" in question) == bool(words)
    assert desk.files() == before
    assert not desk.settings.writes
    assert live(tenant) == applications
    assert "Nothing was changed." in done.err


def test_the_plan_that_was_shown_is_the_one_that_is_applied(desk: Desk, tenant: Embedded) -> None:
    """One yes for files, settings and plan; it is shown once, and nothing is left."""
    desk.responses = ["yes", "yes"]

    done = desk.bootstrap("--apply", "--allow", "dangerous")

    assert done.code == 0, done.err
    assert done.out.count("+ application writer-prod") == 1
    assert "MyApp Writer (prod)" in live(tenant)
    assert desk.bootstrap("--check").code == 0


def test_a_refused_plan_writes_nothing(desk: Desk, tenant: Embedded) -> None:
    """Its limit is named, before any file is written, and nobody is asked."""
    desk.responses = ["yes", "yes"]
    assert desk.bootstrap("--apply", "--allow", "dangerous").code == 0
    reader = tenant.directory.default.one("applications", "displayName", "MyApp Reader")
    assert reader is not None
    send(tenant, "DELETE", f"/applications/{reader['id']}")
    (desk.folder / ".github/workflows/entra-drift.yml").unlink()
    before, requested = desk.files(), list(desk.requested)

    done = desk.bootstrap("--apply", "--allow", "dangerous")

    assert done.code == 3
    assert "--allow restore" in done.out
    assert "nothing was written: the plan of the identities is refused" in done.err
    assert desk.files() == before
    assert desk.requested == requested


def test_of_an_apply_that_failed_nothing_follows(desk: Desk, tenant: Embedded) -> None:
    """Its exit code is the command's, and nobody is asked again."""
    rule = {"action": "respond", "method": "POST", "path": "/applications", "times": None, "status": 403}
    tenant.app.faults.set(FaultPlan.from_data({"rules": [rule]}))
    desk.responses = ["yes"]
    assert desk.bootstrap("--apply", "--allow", "dangerous").code == 1
    assert len(desk.requested) == 1


def test_what_is_known_after_the_apply_is_asked_for_beside_what_it_replaces(desk: Desk) -> None:
    """Variables and lock lines: a no leaves them as they are, and the old values were told."""
    desk.settings.variables["ENTRA_READER_CLIENT_ID"] = "old-reader"
    desk.settings.environment_variables["prod"] = {"ENTRA_WRITER_CLIENT_ID": "old-writer"}
    lock = desk.folder / "manifests/entra-config.prod.lock.yaml"
    text = lock.read_text(encoding="utf-8")
    assert "servicePrincipals:" in text
    desk.responses = ["yes", "no"]

    done = desk.bootstrap("--apply", "--allow", "dangerous")

    assert done.code == 1
    assert "variable ENTRA_READER_CLIENT_ID: " in done.out
    assert "; so far it is old-reader" in done.out
    assert "; so far it is old-writer" in done.out
    assert any(line.startswith("-") and "MyApp Writer (prod)" in line for line in done.out.splitlines())
    assert desk.requested[1].startswith("Write these files and set this in GitHub?")
    assert desk.files() == desk.seen[1]
    assert lock.read_text(encoding="utf-8") == text
    assert desk.settings.variables["ENTRA_READER_CLIENT_ID"] == "old-reader"
    assert desk.settings.environment_variables["prod"] == {"ENTRA_WRITER_CLIENT_ID": "old-writer"}
    assert "the identities are applied; this command again writes and sets the rest" in done.err

    desk.responses = ["yes"]
    assert desk.bootstrap().code == 0
    assert desk.settings.variables["ENTRA_READER_CLIENT_ID"] != "old-reader"
    assert desk.bootstrap("--check").code == 0
