"""What an emulator is told of a manifest: all that it names is made, and where each part is declared."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from entra_config.cli import emulator_running, handed_over
from entra_config.cli.options import Common, Session
from entra_config.cli.output import Output
from entra_config.emulator import seed
from entra_config.errors import Position
from entra_config.graph import handing_over
from entra_config.kinds import declared_places
from entra_config.testing import populating
from tests.unit.cli.ran import Run

MANIFEST: Any = SimpleNamespace(tenant_id="t", owner="myapp/dev")
LOUD = Output(verbose=True, no_color=True)
SESSION: Any = Session(None, None)  # type: ignore[arg-type]  # nobody signs in


@pytest.fixture
def announced(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Any]:
    """Let an emulator run; collect what it is told."""
    monkeypatch.chdir(tmp_path)
    calls: list[Any] = []
    here = Position(str(tmp_path / "manifests/a.yaml"), 3)

    def places(manifest: Any, declared: Any = None) -> dict[str, Position]:
        assert manifest is MANIFEST
        return {"api": here, "other": Position("/elsewhere/b.yaml", 7), f"{declared}": Position("c.yaml", 1)}

    def announce(running: Any, body: Any) -> str:
        calls.append((running, body))
        return "" if len(calls) == 1 else "it is of another version"

    monkeypatch.setattr(declared_places, "places", places)
    monkeypatch.setattr(declared_places, "labels", lambda _: ["label"])
    monkeypatch.setattr(emulator_running, "find_endpoint", lambda: "the running emulator")
    monkeypatch.setattr(handing_over, "announce", announce)
    return calls


def body(by: str, declared: Any) -> dict[str, Any]:
    """Return what it is told."""
    places = {"api": "manifests/a.yaml:3", "other": "b.yaml:7", f"{declared}": "c.yaml:1"}
    return {"tenant": "t", "owner": "myapp/dev", "by": by, "places": places, "labels": ["label"]}


def test_what_was_applied_is_told_and_what_was_read(
    announced: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    """That it does not know of it is a detail."""
    plan: Any = SimpleNamespace(declared="declared")
    handed_over.applied(Common(cloud="emulator", output=LOUD), MANIFEST, plan)
    assert capsys.readouterr().err == ""
    handed_over.read(Common(cloud="emulator", output=LOUD), MANIFEST)
    words = "the emulator was not told what is declared where: it is of another version"
    assert " ".join(capsys.readouterr().err.split()) == words
    assert announced == [
        ("the running emulator", body("apply", "declared")),
        ("the running emulator", body("settings", None)),
    ]


@pytest.mark.parametrize(
    "common", [Common(), Common(cloud="china"), Common(cloud="emulator", session=SESSION)]
)
def test_nobody_else_is_told(announced: list[Any], common: Common) -> None:
    """No other cloud, and none that stands in for one."""
    handed_over.read(common, MANIFEST)
    assert announced == []


def test_an_emulator_for_a_manifest_has_all_that_it_names(run: Run, folder: Path) -> None:
    """Tenant, users, groups and pinned ids of any manifest are made, so that it plans without a warning."""
    for path in Path("manifests").glob("*.yaml"):
        text = path.read_text().replace(seed.CONTOSO, "99999999-9999-9999-9999-999999999999")
        path.write_text(text.replace("contoso.com", "fabrikam.example").replace("All Staff", "Everybody"))
    directory = seed.contoso()
    populating.prepare([Path("manifests")])(directory)
    tenant = directory.tenants["99999999-9999-9999-9999-999999999999"]

    assert tenant.user_by_name("alice@fabrikam.example")
    group = tenant.one("groups", "displayName", "Everybody")
    assert group
    assert group["id"] in Path("manifests/entra-config.dev.lock.yaml").read_text()
