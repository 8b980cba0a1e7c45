"""An application with a secret that has a life, a tenant whose time passes when somebody waits, and the
command line.
"""

from __future__ import annotations

import asyncio
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml

from entra_config.cli import credentials, main, wiring
from entra_config.cli.demo.story import session
from entra_config.credentials.holding import Time
from entra_emulator import seed
from entra_emulator.clock import ManualClock
from entra_emulator.embedded import Embedded
from entra_emulator.faults import Faults
from entra_emulator.identifiers import secret_digest
from entra_emulator.signing_in import SigningIn
from entra_emulator.site import assemble
from tests.unit.cli.ran import Ran, without_variables

SECRET = {"sink": "web", "lifetime": "P90D", "overlap": "P14D"}


@dataclass
class World:
    """A folder with a manifest, a tenant in this process, a sink that is a file outside of the checkout."""

    folder: Path
    capture: Callable[[], tuple[str, str]]
    clock: ManualClock = field(default_factory=ManualClock)
    faults: Faults = field(default_factory=Faults)

    def __post_init__(self) -> None:
        self.tenant = Embedded.create(clock=self.clock, faults=self.faults)
        assemble(SigningIn.of(self.tenant.directory).service, self.tenant.app)
        self.kept = self.folder / "kept" / "web"
        self.kept.parent.mkdir()
        self.root = self.folder / "checkout/manifests/entra-config.yaml"
        self.root.parent.mkdir(parents=True)
        self.declare()

    def declare(
        self, *, secrets: Any = None, sinks: Any = None, environment: Any = None, **application: Any
    ) -> None:
        """Write the manifest."""
        web = {
            "type": "web",
            "displayName": "Web",
            "credentials": {"secrets": {"web": SECRET} if secrets is None else secrets},
            **application,
        }
        where = {
            "tenantId": seed.CONTOSO,
            "sinks": sinks or {"web": {"file": str(self.kept)}},
            **(environment or {}),
        }
        root = {"project": "myapp", "environments": {"prod": where}, "applications": {"web": web}}
        self.root.write_text(yaml.safe_dump(root, sort_keys=False), encoding="utf-8")

    def run(self, *words: str) -> Ran:
        """Run a command on it."""
        self.capture()
        code = main.main([*words, "-f", str(self.root)], session(self.tenant))
        out, err = self.capture()
        return Ran(code, out, err)

    def ok(self, *words: str) -> Ran:
        """Run a command that ends well."""
        ran = self.run(*words)
        assert ran.code == 0, ran
        return ran

    @property
    def time(self) -> Time:
        """Return the tenant's own time."""
        return Time(self.clock.now, self.clock.sleep)

    @property
    def tables(self) -> Any:
        """Return the tables of the tenant."""
        return self.tenant.directory.tenants[seed.CONTOSO]

    @property
    def application(self) -> dict[str, Any]:
        """Return the registration."""
        (found,) = [row for row in self.tables.applications if "entra-config:key=web" in row.get("tags", ())]
        return dict(found)

    @property
    def keys(self) -> list[str]:
        """Return the key ids of its secrets, the newest first."""
        return [row["keyId"] for row in self.application["passwordCredentials"]]

    @property
    def in_sink(self) -> str | None:
        """Return the key id of what the file holds; None where that opens nothing."""
        if not self.kept.exists():
            return None
        assert stat.S_IMODE(self.kept.stat().st_mode) == 0o600
        digest = secret_digest(self.kept.read_text())
        return next((key for key in self.keys if self.tables.secrets.get(key) == digest), None)

    def pass_days(self, days: float) -> None:
        """Let time pass."""
        self.clock.advance(timedelta(days=days).total_seconds())


def patched(monkeypatch: Any, world: World) -> None:
    """Give commands the tenant's time."""
    monkeypatch.setattr(wiring, "now", world.clock.now)
    monkeypatch.setattr(credentials, "time", lambda: world.time)
    without_variables(monkeypatch)
    monkeypatch.setenv("ENTRA_CONFIG_CLOUD", "emulator")


def by_hand(world: World, **more: str) -> str:
    """Make a secret as the portal does; return its key id."""

    async def make() -> str:
        async with world.tenant.client() as client:
            body = {"passwordCredential": {"displayName": "by hand", **more}}
            response = await client.post(f"/applications/{world.application['id']}/addPassword", json=body)
            return str(response.json()["keyId"])

    return asyncio.run(make())
