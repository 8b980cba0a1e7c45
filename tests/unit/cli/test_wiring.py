"""What the common options mean: which manifest, tenant and environment, who signs in, and times and words."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from entra_config.cli import wiring
from entra_config.cli.options import Common
from entra_config.errors import ManifestError, TenantError, UsageError
from entra_emulator import seed
from tests.unit.fleet.fleet_made import fleet

ROOT = """\
project: myapp
environments:
  dev: { tenantId: 11111111-1111-1111-1111-111111111111 }
  prod: { tenantId: 22222222-2222-2222-2222-222222222222 }
"""
IDENTITY = """\
applications:
  api:
    type: api
    displayName: API
    federatedCredentials:
      job: { managedIdentity: { objectId: 44444444-4444-4444-4444-444444444444 } }
"""
WHEN = "expected a time such as 2026-11-20 or 2026-11-20T08:30:00Z"


@pytest.fixture
def common(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Common:
    """Stand in a folder with a manifest of two environments."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ENTRA_CONFIG_CLIENT_ID", raising=False)
    (tmp_path / "manifests").mkdir()
    (tmp_path / "manifests/entra-config.yaml").write_text(ROOT)
    return Common("dev")


@pytest.fixture
def shard(tmp_path: Path, common: Common) -> Common:
    """Write a fleet beside it; return what names one of its tenants."""
    fleet(tmp_path)
    return Common(manifest=Path("myapp"), tenant="contoso")


def test_a_manifest_that_was_read_is_not_read_again(common: Common, shard: Common) -> None:
    """Unless other texts stand in for what the disk has; what it says of another cloud is an error."""
    from entra_config.manifest.tenants import reading, shards

    (one,) = [
        each
        for each in shards.every(reading.read(Path("fleet.yaml")))
        if each.placed.shard.name == "contoso/myapp"
    ]
    held = replace(shard, loaded=one.loaded, tenant=None)
    assert wiring.manifest(held) is one.manifest
    assert wiring.shard(held) is one.loaded.source.shard
    assert wiring.manifest(common).tenant_id == "11111111-1111-1111-1111-111111111111"
    path = Path("manifests/entra-config.yaml")
    assert wiring.manifest(common, {path: ROOT.replace("myapp", "other")}).project == "other"
    edited = {
        Path("myapp/entra-config.yaml"): Path("myapp/entra-config.yaml").read_text().replace("Reads.", "R.")
    }
    again = wiring.manifest(replace(held, tenant="contoso"), edited)
    assert again.applications["api"].app_roles["Reader"].description == "R."
    Path("manifests/entra-config.yaml").write_text(f"{ROOT}{IDENTITY}")
    assert wiring.manifest(common).applications.keys() == {"api"}
    with pytest.raises(ManifestError, match="makes an issuer of the public cloud"):
        wiring.manifest(replace(common, cloud="china"))


@pytest.mark.parametrize(
    ("credential", "cloud", "placed", "expected"),
    [
        (None, "global", False, None),
        ("cli", "global", False, "cli"),
        (None, "global", True, "workload-identity"),
        (None, "emulator", True, None),
        ("cli", "global", True, "cli"),
        ("cli", "emulator", True, "cli"),
    ],
)
def test_how_a_fleet_signs_in(
    shard: Common, credential: Any, cloud: str, placed: bool, expected: str | None
) -> None:
    """As was said, else as the fleet does; an emulator knows its own."""
    found = wiring.shard(shard) if placed else None
    assert wiring._credential(replace(shard, credential=credential, cloud=cloud), found) == expected


def test_the_client_is_the_fleets_or_this_run_s(shard: Common, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader of its own has its own id."""
    found = wiring.shard(shard)
    assert found is not None
    assert wiring._client(found) == seed.DEPLOYER_APP_ID
    monkeypatch.setenv("ENTRA_CONFIG_CLIENT_ID", "reader")
    assert wiring._client(found) == "reader"


def test_who_signs_in_and_where(shard: Common, monkeypatch: pytest.MonkeyPatch) -> None:
    """A session's own credential and transport; without one what the options and the fleet say."""
    calls: list[Any] = []

    async def connect(cloud: str, *, now: Callable[[], float], **settings: Any) -> Any:
        assert now() > 0
        calls.append((cloud, settings))
        raise TenantError("no further")

    monkeypatch.setattr("entra_config.graph.connect.connect", connect)
    its: Any = SimpleNamespace(credential="its", transport="wire")

    async def signed_in(common: Common) -> None:
        async with wiring.graph(common, "t"):
            pass

    for common in (
        shard,
        replace(shard, tenant=None, credential="cli"),
        replace(shard, tenant=None, session=its),
    ):
        with pytest.raises(TenantError, match=r"^no further$"):
            asyncio.run(signed_in(common))
    whole = {"tenant_id": "t", "transport": None, "emulator": None}
    assert calls == [
        ("global", {**whole, "credential": "workload-identity", "client_id": seed.DEPLOYER_APP_ID}),
        ("global", {**whole, "credential": "cli", "client_id": None}),
        ("global", {**whole, "credential": "its", "transport": "wire", "client_id": None}),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-20", datetime(2026, 11, 20, tzinfo=UTC)),
        ("2026-11-20T08:30", datetime(2026, 11, 20, 8, 30, tzinfo=UTC)),
        ("2026-11-20T08:30:00Z", datetime(2026, 11, 20, 8, 30, tzinfo=UTC)),
        ("2026-11-20T08:30:00+02:00", datetime(2026, 11, 20, 6, 30, tzinfo=UTC)),
        ("yesterday", None),
        ("0001-01-01T00:00:00+14:00", None),
    ],
)
def test_a_time_is_utc_unless_it_says_its_zone(text: str, expected: datetime | None) -> None:
    """What is none, or none that a calendar has, is an error that shows one."""
    if expected is not None:
        found = wiring.instant("--at", text)
        assert (found, found.tzinfo) == (expected, UTC)
        return
    with pytest.raises(UsageError) as refused:
        wiring.instant("--at", text)
    assert str(refused.value) == f"--at {text}: {WHEN}"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.99, ""), (1.0, "waiting 1 s: it is busy\n"), (61.4, "waiting 61 s: it is busy\n")],
)
def test_a_wait_that_a_person_notices_is_said(
    capsys: pytest.CaptureFixture[str], seconds: float, said: str
) -> None:
    """From a second on."""
    wiring._ProgressReporter(Common(), None).waiting("it is busy", seconds)
    assert capsys.readouterr().err == said
