"""The key ids of a rotation, in the lock file and in the document that another job takes: never a value."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from entra_config.credentials import pins
from entra_config.credentials.pins import Notes
from entra_config.credentials.rotation import Rotated
from entra_config.errors import UsageError
from entra_config.manifest import loader
from entra_config.manifest.environments import lock
from entra_config.manifest.environments.pins import Lock, PinnedApplication
from entra_config.manifest.model import Manifest
from entra_config.manifest.reading.problems import Problems
from tests.unit.credentials.rotated_secret import MADE, SUBJECT
from tests.unit.pinning.pinned_ids import ROOT, TENANT, A, B

K1, K2, K7, K8, K9 = (f"{number}0000000-0000-0000-0000-000000000000" for number in (1, 2, 7, 8, 9))
DONE = replace(MADE, key_ids=(K2, K1))
MORE = Rotated(replace(SUBJECT, key="api"), (K7,))


@pytest.fixture
def manifest(tmp_path: Path) -> Manifest:
    """Load a manifest."""
    path = tmp_path / "checkout/manifests/entra-config.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(ROOT)
    return loader.load(path, "dev")


def held(manifest: Manifest) -> Lock:
    """Return what its lock file holds."""
    return lock.read(loader.pins_path(manifest), Problems())


def pinned(*ids: str) -> PinnedApplication:
    """Return an application whose secret has these key ids."""
    return PinnedApplication(A, secrets=(("main", ids),))


def test_each_secret_is_noted_as_soon_as_it_is_known(manifest: Manifest, tmp_path: Path) -> None:
    """The document is never an older run's, and has all so far."""
    file = tmp_path / "p.json"
    file.write_text("an older run's")
    notes = Notes(print, lock=True, file=file)
    notes.begin(manifest)
    assert json.loads(file.read_text())["secrets"] == []
    notes.note(manifest, A, DONE)
    assert held(manifest) == Lock(TENANT, applications={"web": pinned(K1, K2)})
    notes.note(manifest, B, MORE)
    first = {"key": "web", "appId": A, "label": "main", "keyIds": [K2, K1]}
    second = {"key": "api", "appId": B, "label": "main", "keyIds": [K7]}
    assert json.loads(file.read_text())["secrets"] == [first, second]


def test_nothing_is_written_that_nobody_wants(manifest: Manifest) -> None:
    """Neither a document nor a lock file."""
    notes = Notes(print, lock=False)
    notes.begin(manifest)
    notes.note(manifest, A, DONE)
    assert [path.name for path in Path(manifest.root).parent.iterdir()] == ["entra-config.yaml"]


@pytest.mark.parametrize("content", ["tenantId: [", None])
def test_a_rotation_goes_on_where_the_lock_file_cannot_be_written(
    manifest: Manifest, capsys: pytest.CaptureFixture[str], content: str | None
) -> None:
    """The secret is there: what is not noted is said, with why."""
    path = loader.pins_path(manifest)
    if content is None:
        path.mkdir()
    else:
        path.write_text(content)
    Notes(print, lock=True).note(manifest, A, DONE)
    assert capsys.readouterr().out.startswith("web/main is not in the lock file: ")


def test_a_secret_that_exists_is_the_declared_one(manifest: Manifest) -> None:
    """Beside those that are known."""
    path = pins.adopt(manifest, "web", A, label="main", key_id=K1)
    assert path == loader.pins_path(manifest)
    assert held(manifest) == Lock(TENANT, applications={"web": pinned(K1)})
    known = replace(manifest, rotated={A: {"main": (K1,), "other": (K9,)}, B: {"main": (K8,)}})
    pins.adopt(known, "web", A, label="main", key_id=K2)
    assert held(manifest) == Lock(TENANT, applications={"web": pinned(K1, K2)})


def test_what_cannot_be_written_is_no_adoption(manifest: Manifest, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is all that it does."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left")

    monkeypatch.setattr(lock, "save", full)
    with pytest.raises(UsageError, match=r"^the lock file of dev cannot be written: No space left$"):
        pins.adopt(manifest, "web", A, label="main", key_id=K1)
