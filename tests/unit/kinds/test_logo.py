"""The logo of an application: planned by its digest, put, found by drift, imported; and what is refused."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from entra_config import reconcile
from entra_config.drift import check
from entra_config.errors import ManifestError
from entra_config.importing.tenant import WantedRegistrations
from entra_config.manifest import loader
from entra_config.plan import file as saved
from entra_config.plan.model import Plan
from entra_config.report import json, markdown, text
from entra_emulator import seed
from entra_emulator.embedded import Embedded
from tests.unit.importing.importer import Ground, assert_marks_only
from tests.world import NOW, signed_in

TENANT = "11111111-1111-1111-1111-111111111111"
PNG, GIF = b"\x89PNG\r\n\x1a\nred", b"GIF89a blue"
ROOT = "https://graph.microsoft.com/v1.0"


def write(folder: Path, content: bytes | None, says: str = "logos/app.png", more: str = "") -> Path:
    """Write a manifest with one application and its picture."""
    (folder / "logos").mkdir(parents=True, exist_ok=True)
    if content is not None:
        (folder / "logos/app.png").write_bytes(content)
    path = folder / "entra-config.yaml"
    path.write_text(
        f"project: p\nenvironments: {{ dev: {{ tenantId: {TENANT} }} }}\napplications:\n"
        f"  app:\n    type: web\n    displayName: App\n{f'    logo: {says}' if says else ''}\n{more}",
        encoding="utf-8",
    )
    return path


class Tenant:
    """A tenant in memory, a deployer, and somebody who puts pictures."""

    def __init__(self, folder: Path) -> None:
        self.embedded, self.folder = Embedded.create(), folder

    async def plan(self) -> Plan:
        """Plan the manifest."""
        async with await signed_in(self.embedded) as graph:
            return await reconcile.plan(loader.load(self.folder), graph, now=NOW)

    async def apply(self) -> Plan:
        """Apply it whole."""
        async with await signed_in(self.embedded) as graph:
            plan = await reconcile.plan(loader.load(self.folder), graph, now=NOW)
            outcome = await reconcile.apply(plan, graph)
        assert not outcome.failed, outcome.failed
        return plan

    async def put(self, content: bytes, path: str = "logo") -> None:
        """Put a picture as an administrator does."""
        token = self.embedded.token(self.embedded.app_caller(seed.ADMIN_APP_ID))
        (app,) = (row for row in self.embedded.directory.default.applications if row["displayName"] == "App")
        async with httpx.AsyncClient(transport=self.embedded.transport()) as client:
            response = await client.put(
                f"{ROOT}/applications/{app['id']}/{path}",
                content=content,
                headers={"Authorization": f"Bearer {token}", "Content-Type": "image/png"},
            )
        assert response.is_success, response.text

    @property
    def logo(self) -> bytes | None:
        """Return the picture that the tenant has."""
        (app,) = (row for row in self.embedded.directory.default.applications if row["displayName"] == "App")
        return base64.b64decode(app["_logo"]) if app.get("_logo") else None


def test_it_is_put_compared_and_put_back(tmp_path: Path) -> None:
    """With its application, later, in the place of another; no plan looks at it where none is declared."""
    write(tmp_path, PNG)
    tenant = Tenant(tmp_path)

    async def story() -> None:
        first = await tenant.apply()
        assert [str(change.after.address) for change in first.changes][-1] == "applicationLogo.app"  # type: ignore[union-attr]  # creations
        assert tenant.logo == PNG
        assert (await tenant.plan()).empty
        await tenant.put(GIF)
        again = await tenant.plan()
        sides = hashlib.sha256(GIF).hexdigest(), hashlib.sha256(PNG).hexdigest()
        assert all(side in text.render(again) for side in sides)
        assert f"({len(PNG)} bytes)" in json.render(again, show_requests=True)
        assert markdown.render(again)
        assert hashlib.sha256(PNG).hexdigest() in saved.text(again)
        assert saved.digest(again) == saved.digest(await tenant.plan())
        await tenant.apply()
        assert tenant.logo == PNG
        write(tmp_path, GIF)
        assert saved.digest(await tenant.plan()) != saved.digest(again)
        await tenant.apply()
        assert tenant.logo == GIF
        for without in ("", "null"):
            write(tmp_path, None, without)
            assert (await tenant.plan()).empty
        write(tmp_path, PNG, more="    ignoreChanges: [logo]\n")
        assert (await tenant.plan()).empty

    asyncio.run(story())


def test_who_put_another_is_told(tmp_path: Path) -> None:
    """The record of its address names who may have done it: it has no value."""
    write(tmp_path, PNG)
    tenant = Tenant(tmp_path)

    async def story() -> list[tuple[str, str, str]]:
        await tenant.apply()
        await tenant.put(GIF)
        async with await signed_in(tenant.embedded) as graph:
            manifest = loader.load(tmp_path)
            late = datetime.now(UTC) + timedelta(hours=1)
            drift = await check.run(manifest, manifest, graph, now=late, base="HEAD")
        return [
            (str(each.address), each.sign, f"{each.sentence}: {each.attribution.others[0].name}")
            for each in drift.findings
        ]

    assert asyncio.run(story()) == [("applicationLogo.app", "changed", "logo of app changed: Emulator admin")]


@pytest.mark.parametrize(
    ("content", "says", "wrong"),
    [
        (b"<svg/>", "logos/app.png", "is not a GIF, JPEG or PNG file"),
        (b"", "logos/app.png", "is not a GIF, JPEG or PNG file"),
        (PNG + b"x" * 102_400, "logos/app.png", "is larger than 100 KB"),
        (None, "logos/app.png", "cannot be read: no such file"),
        (PNG, "logos", "cannot be read: no such file"),
        (PNG, "../app.png", "pictures stand below the root file's folder"),
        (PNG, "/etc/hostname", "pictures stand below the root file's folder"),
        (PNG, "[logos/app.png]", "expected a string"),
        (PNG, '"logos/app.png\\0"', "`logo`"),
    ],
)
def test_what_is_no_logo_is_told_at_its_place(
    tmp_path: Path, content: bytes | None, says: str, wrong: str
) -> None:
    """By what its bytes are, not by its name; nothing outside of the folder is read."""
    path = write(tmp_path, content, says)
    with pytest.raises(ManifestError) as reported:
        loader.load(path)
    assert wrong in str(reported.value)
    assert ":7:11:" in str(reported.value)


def test_no_link_leads_out_of_the_folder(tmp_path: Path) -> None:
    """A checked-in link reads nothing of the machine that plans."""
    (tmp_path / "secret.png").write_bytes(PNG)
    folder = tmp_path / "manifests"
    path = write(folder, None)
    (folder / "logos/app.png").symlink_to(tmp_path / "secret.png")
    with pytest.raises(ManifestError, match="pictures stand below"):
        loader.load(path)


@pytest.mark.parametrize(("content", "name"), [(PNG, "app.png"), (GIF, "app.gif"), (b"BM bitmap", "")])
def test_an_import_writes_the_picture(tmp_path: Path, content: bytes, name: str) -> None:
    """As a file that the entry names; of what no manifest takes nothing is written, and the rest is."""
    ground = Ground(tmp_path)

    async def story() -> Any:
        app = await ground.register({"displayName": "App"})
        tenant = Tenant(tmp_path)
        tenant.embedded = ground.embedded
        await tenant.put(content)
        assert_marks_only(await ground.imported(WantedRegistrations(app_ids=(app["appId"],))))
        assert (await ground.applied()).empty

    asyncio.run(story())
    assert [path.name for path in tmp_path.glob("logos/*")] == ([name] if name else [])
    if name:
        assert (tmp_path / "logos" / name).read_bytes() == content
