"""What a lock file may be on disk, and what is written beside an appId."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from entra_config.manifest import loader
from entra_config.manifest.environments import lock
from entra_config.manifest.environments.lock import LARGEST
from entra_config.manifest.environments.pins import Lock, PinnedApplication
from entra_config.manifest.reading.problems import Problems
from tests.unit.candidates import app_id
from tests.unit.manifest.conftest import TENANT

APP_ID = "5c1b2f7e-0000-4000-8000-000000000001"
OTHER = "5c1b2f7e-0000-4000-8000-000000000002"


def problems(path: Path) -> list[str]:
    """Read a lock file and return what is wrong with it."""
    found = Problems()
    assert lock.read(path, found) == Lock()
    return [problem.message for problem in found.found]


def test_a_link_is_not_followed_and_what_it_leads_to_is_not_quoted(tmp_path: Path) -> None:
    """A pull request cannot make a pipeline print a file of its machine."""
    secret = tmp_path / "secret"
    secret.write_text("hunter2: [", encoding="utf-8")
    path = tmp_path / "entra-config.dev.lock.yaml"
    path.symlink_to(secret)
    [message] = problems(path)
    assert message == "cannot be read: a lock file is no link"
    lock.save(path, Lock(TENANT), "dev")
    assert secret.read_text(encoding="utf-8") == "hunter2: ["
    assert not path.is_symlink()


def test_what_never_ends_is_not_read(tmp_path: Path) -> None:
    """A pipe, a folder and a file larger than any lock file are refused at once."""
    pipe = tmp_path / "pipe.lock.yaml"
    os.mkfifo(pipe)
    assert problems(pipe) == ["cannot be read: not a file"]
    assert problems(Path("/dev/zero")) == ["cannot be read: not a file"]
    [folder] = problems(tmp_path)
    assert folder.startswith("cannot be read: ")
    large = tmp_path / "large.lock.yaml"
    large.write_bytes(b"#" * (LARGEST + 1))
    assert problems(large) == [f"cannot be read: larger than {LARGEST} bytes"]


@pytest.mark.parametrize(
    ("note", "written"),
    [
        ("created 2026-11-25 by x", "  # created 2026-11-25 by x"),
        ("a\nrejected: []", "  # arejected: []"),
        ("", ""),
    ],
)
def test_the_comment_beside_an_app_id_lasts_and_is_one(tmp_path: Path, note: str, written: str) -> None:
    """It is read and written again, and nothing in it becomes YAML."""
    path = tmp_path / "x.lock.yaml"
    lock.save(path, Lock(TENANT, applications={"api": PinnedApplication(APP_ID, note=note)}), "dev")
    assert f"    appId: {APP_ID}{written}\n" in path.read_text(encoding="utf-8")
    held = lock.read(path, Problems())
    assert lock.write(held, "dev") == path.read_text(encoding="utf-8")


def test_what_was_accepted_belongs_to_an_app_id(tmp_path: Path) -> None:
    """Owners and key ids count for the object that was looked at; under another appId they are nobody's."""
    root = tmp_path / "entra-config.yaml"
    root.write_text(
        f"project: p\nenvironments: {{ dev: {{ tenantId: {TENANT} }} }}\n"
        "applications: { api: { type: api, displayName: A } }\n",
        encoding="utf-8",
    )
    pins = Lock(
        TENANT,
        applications={"api": PinnedApplication(None, (OTHER,)), "old": PinnedApplication(APP_ID, (OTHER,))},
    )
    manifest = loader.load(root, "dev", pins=pins)
    assert manifest.accepted == {APP_ID: {OTHER}}


def test_rejected_ids_live_in_the_lock_file(tmp_path: Path) -> None:
    """What is rejected is written and read again."""
    path = tmp_path / "x.dev.lock.yaml"
    path.write_text(lock.write(Lock(TENANT, rejected=(app_id("a"),)), "dev"), encoding="utf-8")
    assert lock.read(path, Problems()).rejected == (app_id("a"),)
