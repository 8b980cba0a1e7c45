"""`move`: a key, an environment or a project is renamed, with what it writes and what comes next."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.unit.cli.ran import Run


def test_move_shows_what_it_writes_and_what_comes_next(run: Run, folder: Path) -> None:
    """A diff, the lock files that go and come, the files that were written, what is to be done then; a dry
    run writes nothing.
    """
    before = {path: path.read_text() for path in folder.rglob("*.yaml")}
    tried = run("move", "key", "spa", "page", "--dry-run")
    assert {path: path.read_text() for path in folder.rglob("*.yaml")} == before
    assert (tried.code, "written:" in tried.err) == (0, False)
    assert "+  page:" in tried.out

    done = run("move", "key", "spa", "page")
    assert done.out == tried.out
    assert "written: " in done.err
    assert "next: `previously: spa` stays until this is applied in every environment" in done.err

    renamed = run("move", "environment", "dev", "test", "--unpinned")
    assert renamed.code == 0
    assert "goes: manifests/entra-config.dev.lock.yaml" in renamed.err
    assert "pins: manifests/entra-config.test.lock.yaml" in renamed.err
    assert run("move", "project", "shop", "--unpinned").code == 0
    assert "project: shop" in (folder / "manifests/entra-config.yaml").read_text()


def test_what_is_pinned_nowhere_moves_to_no_other_project(run: Run, folder: Path) -> None:
    """The other project would not find it: said, with the command that pins, and nothing is written."""
    other = folder / "other"
    other.mkdir()
    tenant = "11111111-1111-1111-1111-111111111111"
    (other / "entra-config.yaml").write_text(
        f"project: other\nenvironments: {{ dev: {{ tenantId: {tenant} }} }}\n"
    )
    shutil.rmtree(folder / "manifests/tests")  # they name it too
    ran = run("move", "application", "nightly", "--to", "other")

    assert ran.code == 1
    assert "no lock file pins `nightly`" in ran.err
    assert "`entra-config lock` first" in ran.err


@pytest.mark.parametrize(
    ("words", "linked"),
    [
        ("app-role add api/Auditor --description Reads.", "applications/api.yaml"),
        ("app-role add api/Auditor --description Reads.", "tests/api-Auditor.yaml"),
        ("app-role assign api/Reader --group Audit", "access.yaml"),
        ("app-role rename api/Writer Editor", "access.yaml"),
        ("offboard alice@contoso.com", "access.yaml"),
        ("move key api backend", "access.yaml"),
        ("move environment dev test --unpinned", "entra-config.yaml"),
        ("move environment dev test --unpinned", "entra-config.test.lock.yaml"),
    ],
)
def test_a_linked_file_is_refused_before_anything_is_shown(
    run: Run, folder: Path, words: str, linked: str
) -> None:
    """No difference is printed that is not written, and of several files none is written."""
    path = folder / "manifests" / linked
    if path.exists():
        path.rename(path.with_name("kept"))
    path.symlink_to(path.with_name("kept"))
    before = {each: each.read_bytes() for each in folder.rglob("*") if each.is_file()}
    ran = run(*words.split())

    assert (ran.code, ran.out) == (1, "")
    assert f"manifests/{linked}" in ran.err
    assert "is a link" in ran.err
    assert {each: each.read_bytes() for each in folder.rglob("*") if each.is_file()} == before
