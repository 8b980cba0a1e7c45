"""An imported estate is applied, the process dies at three places, and nothing is written twice."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

import pytest

from entra_config import reconcile
from entra_config.actual.later_questions import MANY_KEYS
from entra_config.cli.main import main
from entra_config.cli.wiring import now
from entra_config.files import write_source
from entra_config.graph.client import ResponseReceived
from entra_config.graph.connect import connect
from entra_config.graph.pacing import key_reads
from entra_config.graph.token import FixedToken, Identity
from entra_config.importing import manifest
from entra_config.manifest import loader
from entra_config.plan.model import Plan
from tests.unit.importing import estate
from tests.unit.importing.importer import EVERYTHING, Ground, assert_marks_only
from tests.unit.importing.legacy_registrations import CERTIFICATE, overwrite

SIZE = 30


async def _apply(ground: Ground, connection: estate.Connection) -> Plan:
    """Plan, apply and plan again, as one process would."""
    caller = ground.embedded.app_caller()
    token = FixedToken(ground.embedded.token(caller), Identity(caller.tid, caller.oid, caller.appid))
    loaded = loader.load(ground.folder, "prod")
    async with await connect("emulator", credential=token, transport=connection) as graph:
        await reconcile.apply(await reconcile.plan(loaded, graph, now=now()), graph)
        return await reconcile.plan(loaded, graph, now=now())


async def _import(ground: Ground) -> Plan:
    await estate.build(ground, SIZE, 20261202)
    return await ground.imported(EVERYTHING)


def test_an_import_that_dies_three_times_writes_nothing_twice(tmp_path: Path) -> None:
    """Each start writes what the ones before did not; in the end a plan is empty."""
    ground = Ground(tmp_path)
    first = asyncio.run(_import(ground))
    assert_marks_only(first)
    assert len(first.changes) >= SIZE // 2
    writes: Counter[str] = Counter()

    for _ in range(3):
        before = writes.total()
        with pytest.raises(estate.KilledError):
            asyncio.run(_apply(ground, estate.Connection(ground, writes, dies=True)))
        assert writes.total() > before
    killed = writes.total()
    last = asyncio.run(_apply(ground, estate.Connection(ground, writes)))

    assert last.empty
    assert writes.total() > max(killed, len(first.changes))
    assert [write for write, times in writes.items() if times > 1] == []


class KeyReads:
    """Counts the requests that ask for the certificates of applications."""

    def __init__(self) -> None:
        self.count = 0

    def responded(self, event: ResponseReceived) -> None:
        """Count one response."""
        self.count += key_reads(event.request)

    def waiting(self, reason: str, seconds: float) -> None:
        """Refuse to wait for a quota."""
        pytest.fail(f"waits {seconds} s for {reason}")

    def noted(self, text: str) -> None:
        """Take no notice."""


def test_a_plan_of_many_imported_applications_reads_certificates_by_lists(tmp_path: Path) -> None:
    """Graph answers 150 requests a minute that ask for them: a request for each would wait at each start."""
    ground, reads = Ground(tmp_path), KeyReads()

    async def story() -> Plan:
        for number in range(MANY_KEYS):
            app = await ground.post("/applications", {"displayName": f"Application {number}"})
            principal = await ground.post("/servicePrincipals", {"appId": app["appId"]})
        await ground.imported(EVERYTHING)
        # Added after the import, so that the lock file does not accept it.
        overwrite(ground, "applications", app, keyCredentials=[CERTIFICATE])
        overwrite(ground, "servicePrincipals", principal, keyCredentials=[CERTIFICATE])
        async with await ground.graph() as graph:
            with graph.observed_by(reads):
                return await reconcile.plan(loader.load(ground.folder, "prod"), graph, now=now())

    plan = asyncio.run(story())

    # Of applications and of service principals: those with the ownership tag, the deleted ones, and all.
    assert reads.count == 6
    [warning] = [notice.message for notice in plan.warnings if notice.watched]
    last = f"application-{MANY_KEYS - 1}"
    assert warning.startswith(f"{last} has undeclared items: certificate CN=saml signing")


@pytest.mark.parametrize("written", [1, 2])
def test_files_that_are_written_in_part_are_not_a_manifest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], written: int
) -> None:
    """The root file is written last, and the next import says what to do."""
    folder, count = tmp_path / "m", 0

    def write(path: Path, content: str | bytes) -> None:
        nonlocal count
        if count == written:
            raise estate.KilledError
        count += 1
        write_source(path, content)

    monkeypatch.setattr(manifest, "write_source", write)
    with pytest.raises(estate.KilledError):
        manifest.put(folder, {"entra-config.yaml": "", "access.yaml": "", "applications/a.yaml": ""})

    assert [*folder.rglob("entra-config.yaml")] == []
    assert main(["import", "--all", "--output", str(folder)]) == 1
    assert "an import may have been interrupted. Delete the folder" in capsys.readouterr().err
