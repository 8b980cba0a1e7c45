"""`lock` as it is typed: what is accepted and rejected, and what becomes of the file that it finds."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from entra_config.cli import lock as locking
from entra_config.cli import wiring
from entra_config.cli.main import main
from entra_config.cli.options import Common
from entra_config.manifest import loader
from entra_config.manifest.environments import lock
from entra_config.manifest.environments.pins import Lock, Pin, PinnedApplication
from entra_config.manifest.model import Manifest
from entra_config.manifest.reading.problems import Problems
from entra_config.pinning import live
from tests.unit.cli.ran import without_variables
from tests.unit.pinning.pinned_ids import ROOT, TENANT, A, B, C

PATH = Path("manifests/entra-config.dev.lock.yaml")
OWNERS = PinnedApplication(A, owners=(C,))
BEFORE = Lock(TENANT, users={"ann@a.org": Pin(C)}, applications={"api": OWNERS}, rejected=(B,))
Given = dict[str, Any]


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Given:
    """Write a manifest with a lock file; let the tenant give back what it is given, and collect that."""
    monkeypatch.chdir(tmp_path)
    without_variables(monkeypatch)
    Path("manifests").mkdir()
    Path("manifests/entra-config.yaml").write_text(ROOT)
    lock.save(PATH, BEFORE, "dev")
    found: Given = {"left": []}

    @asynccontextmanager
    async def graph(_: Common, tenant_id: str) -> AsyncIterator[str]:
        yield f"graph of {tenant_id}"

    async def pins(manifest: Manifest, graph: str, old: Lock, accepted: dict[str, str]) -> Any:
        found.update(pinned=dict(manifest.pinned), graph=graph, old=old, accepted=accepted)
        return live.Pinned(found.get("new", old), tuple(found["left"]), ())

    async def lines(*_: Any) -> list[str]:
        return []

    monkeypatch.setattr(live, "accepting", lines)
    monkeypatch.setattr(live, "rejecting", lines)
    monkeypatch.setattr(wiring, "graph", graph)
    monkeypatch.setattr(live, "pins", pins)
    return found


def run(*words: str) -> int:
    """Run the command."""
    return main(["lock", "-e", "dev", *words])


def held() -> Lock:
    """Return what the lock file holds."""
    return lock.read(PATH, Problems())


def test_what_no_line_tells_is_written_too(given: Given, capsys: pytest.CaptureFixture[str]) -> None:
    """A lock file of before the tenant was named; a check takes it for nothing to pin."""
    given["new"] = Lock(B, BEFORE.users, applications=BEFORE.applications, rejected=BEFORE.rejected)
    assert run("--check") == 0
    assert held() == BEFORE
    assert run() == 0
    assert held() == given["new"]
    said = capsys.readouterr().err.splitlines()
    assert said == [f"{PATH}: nothing to pin", f"wrote {PATH}: review it like code"]


def accepted(app_id: str, replaced: str = "") -> PinnedApplication:
    """Return the pin of an application that somebody accepted."""
    return PinnedApplication(app_id, note=f"accepted{replaced}")


@pytest.mark.parametrize(
    ("words", "applications", "rejected", "keys"),
    [
        (f"--accept api={A}", {"api": replace(OWNERS, note="accepted")}, (B,), {"api": A}),
        (f"--accept api={C}", {"api": accepted(C, f" in place of {A}")}, (B,), {"api": C}),
        (f"--accept web={C}", {"api": OWNERS, "web": accepted(C)}, (B,), {"web": C}),
        (f"--accept web={B}", {"api": OWNERS, "web": accepted(B)}, (), {"web": B}),
        (f"--accept web={C.upper()}", {"api": OWNERS, "web": accepted(C)}, (B,), {"web": C}),
        (f"--reject {A}", {}, (A, B), {}),
        (f"--reject {C} --reject {B}", {"api": OWNERS}, (B, C), {}),
    ],
)
def test_what_somebody_looked_at(
    given: Given, words: str, applications: Any, rejected: tuple[str, ...], keys: dict[str, str]
) -> None:
    """Of the same application what was accepted stays; of another one it lapses; no one is both."""
    assert run(*words.split()) == 0
    assert given["old"] == Lock(TENANT, BEFORE.users, applications=applications, rejected=rejected)
    assert given["accepted"] == keys


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--accept api", "--accept api: say KEY=APPID, the very application that you looked at"),
        ("--accept api=x", "--accept: `x` is not an appId"),
        (
            f"--accept web={A} --accept web={C}",
            "--accept names `web` twice. A key is one application: name the right one",
        ),
        (
            f"--accept web={C} --accept api={C}",
            f"--accept names appId {C} for two keys. An application has one key",
        ),
        ("--reject x", "--reject: `x` is not an appId"),
        (f"--accept api={A} --reject {A}", f"{A} is accepted and rejected at once"),
        (f"--accept gone={C}", "--accept gone: no such application; there are api, web"),
        (f"--pins p --accept api={A}", "--pins stands alone: it takes what one apply made, and nothing else"),
        (f"--pins p --reject {A}", "--pins stands alone: it takes what one apply made, and nothing else"),
        ("--pins p --renew", "--pins stands alone: it takes what one apply made, and nothing else"),
    ],
)
def test_what_makes_no_sense_is_refused(
    given: Given, capsys: pytest.CaptureFixture[str], words: str, said: str
) -> None:
    """Before anybody signs in."""
    assert run(*words.split()) == 1
    assert capsys.readouterr().err == f"error: {said}\n"
    assert "graph" not in given
    assert held() == BEFORE


def test_what_cannot_be_written_is_an_error(given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the system's words; a lock file that is none is refused before."""
    manifest = loader.load(Path("manifests"), "dev")

    def full(*_: object) -> None:
        raise OSError(28, "No space left")

    monkeypatch.setattr(lock, "save", full)
    with pytest.raises(locking.UsageError, match=r"^a: cannot be written: No space left$"):  # type: ignore[attr-defined]  # its own import
        locking._written(Common(), Path("a"), Lock(), BEFORE, manifest, check=False)
    PATH.write_text("tenantId: [")
    assert run() == 1
    assert "graph" not in given
