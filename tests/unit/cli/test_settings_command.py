"""`settings` as its users call it: source files written offline and compared, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.cli.discovery import VALUES
from tests.unit.cli.ran import ROOT, Run

SOURCES = ("api/generated/authorization.py", "docs/tokens.md", "spa/src/generated/authorization.ts")


def test_what_is_committed_is_what_the_manifest_says() -> None:
    """The constants of API and page, and the tokens page, are those that this version writes."""
    from entra_config.cli import main

    assert main.main(["settings", "--check", "--quiet", "-f", str(ROOT / "manifests")]) == 0


def test_source_files_are_written_offline_and_checked(run: Run, folder: Path) -> None:
    """Absent is stale (2), written is current (0), changed by hand is stale again; the tenant is not
    asked.
    """
    assert run("settings", "--check").code == 2
    first = run("settings")
    assert (first.code, first.err.count("wrote ")) == (0, 3)
    assert [(folder / name).read_text() for name in SOURCES] == [
        (ROOT / name).read_text() for name in SOURCES
    ]
    assert run("settings", "--check", "-f", "manifests/../manifests").code == 0
    assert "3 files are current" in run("settings", "-e", "prod").err
    (folder / SOURCES[0]).write_text((folder / SOURCES[0]).read_text().replace("user.read", "user.reed"))
    checked = run("settings", "--check")
    assert (checked.code, checked.err) == (
        2,
        f"{SOURCES[0]} is not what the manifest says; run `entra-config settings`\n",
    )


def test_a_new_role_makes_the_source_stale(run: Run) -> None:
    """A pull request that adds a role brings its constant along, or is told."""
    run("settings")
    run("app-role", "add", "api/Auditor", "--description", "Audits.")
    assert run("settings", "--check").code == 2
    run("settings")
    assert 'AUDITOR = "Auditor"' in Path(SOURCES[0]).read_text()
    assert 'Auditor: "Auditor"' in Path(SOURCES[2]).read_text()


def test_a_file_of_somebody_else_is_not_overwritten(run: Run, folder: Path) -> None:
    """A manifest may name any source file below the repository; only those that this command wrote are its
    own.
    """
    (folder / "api/generated").mkdir(parents=True)
    (folder / SOURCES[0]).write_text("import os\n")
    ran = run("settings")
    assert (ran.code, "is not a file that this command wrote" in ran.err) == (1, True)
    assert (folder / SOURCES[0]).read_text() == "import os\n"


def test_a_link_does_not_lead_out(run: Run, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A committed link cannot make a deployer's machine write elsewhere."""
    outside = tmp_path_factory.mktemp("outside")
    (folder / "api").symlink_to(outside)
    ran = run("settings")
    assert (ran.code, "leads out of" in ran.err) == (1, True)
    assert not list(outside.iterdir())


@pytest.mark.parametrize("more", [(), ("--check",)], ids=["written", "checked"])
def test_a_link_leads_to_no_other_file_of_the_repository(
    run: Run, folder: Path, more: tuple[str, ...]
) -> None:
    """A committed link in a target's place, or a folder's, would choose another file: a hook of git's, a
    module, a workflow.
    """
    (folder / ".git/hooks").mkdir(parents=True)
    (folder / "api/generated").mkdir(parents=True)
    (folder / SOURCES[0]).symlink_to("../../.git/hooks/post-checkout")
    ran = run("settings", *more)
    assert (ran.code, "stands behind a link" in ran.err) == (1, True)
    assert not list((folder / ".git/hooks").iterdir())
    (folder / SOURCES[0]).unlink()
    (folder / "docs").symlink_to(".git")
    ran = run("settings", *more)
    assert (ran.code, "stands behind a link" in ran.err) == (1, True)
    assert not (folder / ".git/tokens.md").exists()


def test_a_manifest_without_settings_says_so(run: Run, folder: Path) -> None:
    """There is nothing to write, which is an error rather than a success."""
    root = folder / "manifests/entra-config.yaml"
    root.write_text(root.read_text().partition("\nsettings:")[0] + "\n")
    assert (run("settings").code, run(*VALUES).code) == (1, 1)
