"""What is said of a line that was typed wrong, or of a manifest that is: words, places, and code 1."""

from __future__ import annotations

from pathlib import Path

import pytest

from entra_config.cli.demo import tampering
from entra_emulator.embedded import Embedded
from tests.unit.cli.ran import Run

IMPORT = (
    "say what to import: --app-id ID, --name NAME (each as often as needed), --terraform-state FILE, or --all"
)
WHICH = "which environment? manifests/entra-config.yaml has `dev` and `prod`: say -e NAME"
APPS = "--with-apps: the applications are spa-api, and read manifests/"
SNAPSHOT = "--snapshot has its tenants already: give no --for and no --fleet"
SOMEBODY = "name somebody: --user UPN, --group NAME or --application NAME"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("plam", "Did you mean 'plan'?"),
        ("plan --nope", "No such option: --nope"),
        ("plan --cloud mars", "'mars' is not one of 'global', "),
        ("apply a b", "Got unexpected extra argument(s) (b)"),
        ("app-role x", "No such command 'x'."),
        (
            "completion tcsh",
            "Invalid value for 'shell': 'tcsh' is not one of 'bash', 'zsh', 'fish', 'powershell'.",
        ),
        ("access --format cvs", "Invalid value for '--format': 'cvs' is not one of 'text', 'json', 'csv', "),
        ("owned -e dev", "`entra-config owned` is now called `entra-config list`"),
        ("fleet gate -e dev", "`entra-config fleet gate` is now called `entra-config fleet check`"),
        ("plan", WHICH),
        ("settings --values", WHICH),
        ("lint --live", WHICH),
        ("lint -e prd", "Did you mean `prod`?"),
        ("settings -e tset", "not an environment"),
        ("settings --output x", "say --values too"),
        ("plan -e dev --allow everything", "expected one of many, last, delete, restore, used, dangerous"),
        ("plan -e dev --at soon", "--at soon: expected a time such as 2026-11-20 or 2026-11-20T08:30:00Z"),
        ("plan -e dev --base nowhere", "--base: manifests is in no work tree of git"),
        (
            "apply -e dev",
            "without a terminal to ask on, apply needs a saved plan (FILE), --digest or --auto-approve",
        ),
        ("destroy -e dev", "without a terminal to ask on, destroy needs --auto-approve"),
        ("disable nightly -e dev", "without a terminal to ask on, disable needs --auto-approve"),
        ("enable nightly -e dev", "without a terminal to ask on, enable needs --auto-approve"),
        ("credentials rotate -e dev", "say whose secret: KEY, or --due for all that are due"),
        ("credentials rotate --due --secret s -e dev", "--secret is one of an application: say KEY too"),
        ("emulator start --snapshot x.json --for m", SNAPSHOT),
        ("emulator start --snapshot x.json --fleet f", SNAPSHOT),
        ("schema --fleet --write", "--fleet stands alone: it prints one schema"),
        ("schema --fleet --check", "--fleet stands alone: it prints one schema"),
        ("schema --fleet --tests", "--fleet stands alone: it prints one schema"),
        ("import", IMPORT),
        ("import --all --name n", IMPORT),
        ("import --all --app-id a", IMPORT),
        ("import --all --terraform-state s", IMPORT),
        ("import --all --output manifests", "manifests is not empty: import into a new folder with --output"),
        (
            "import --all --output manifests/applications",
            "it has no entra-config.yaml, so an import may have been interrupted. Delete the folder",
        ),
        ("app-role remove api", "api: expected APP/ROLE, such as api/Admin"),
        ("app-role remove /Admin", "/Admin: expected APP/ROLE, such as api/Admin"),
        ("app-role remove api/", "api/: expected APP/ROLE, such as api/Admin"),
        ("app-role remove api/Nope", "`Nope` is not a role of `api`. Known: `Admin`, `Reader` and `Writer`."),
        ("app-role add api --description x", "api: expected APP/ROLE, such as api/Admin"),
        (
            "app-role add api/Reader --description x",
            "`api` already has a role `Reader`: manifests/applications/api.yaml:13:7",
        ),
        (
            "app-role add nope/Reader --description x",
            "`nope` is not an application of manifests/entra-config.yaml.",
        ),
        ("app-role assign api/Admin", SOMEBODY),
        ("app-role unassign api/Admin", SOMEBODY),
        (
            "app-role unassign api/Reader --group Nobody",
            "`Nobody` does not have api/Reader. Known: `All Staff`.",
        ),
        ("app-role assign api/Admin --user u --until soon", "--until soon: expected "),
        ("init -f mine --project 9x", "--project 9x: a letter first, then letters, digits and hyphens"),
        ("init -f mine --tenant-id contoso", "--tenant-id contoso: expected an id such as "),
        ("init -f a.yaml", "a.yaml is a file; init makes a folder"),
        ("init --project shop --with-apps --kind daemon", APPS),
        ("init --project shop --with-apps -f elsewhere", APPS),
    ],
)
def test_a_line_that_makes_no_sense_is_an_error(
    run: Run, folder: Path, tenant: Embedded, line: str, said: str
) -> None:
    """Exit code 1, since Click's 2 would read as `changes pending`; nothing is printed or written."""
    files = {path: path.is_file() and path.read_bytes() for path in folder.rglob("*")}
    before = tampering.snapshot(tenant)
    ran = run(*line.split())
    assert (ran.code, ran.out) == (1, "")
    assert said in " ".join(ran.err.split())
    assert "bug" not in ran.err
    assert {path: path.is_file() and path.read_bytes() for path in folder.rglob("*")} == files
    assert tampering.snapshot(tenant) == before


def test_manifest_errors_come_all_at_once_with_their_places(run: Run, folder: Path) -> None:
    """Each problem has file, line and column; no traceback, exit code 1."""
    path = folder / "manifests/access.yaml"
    path.write_text(path.read_text().replace("Admin:", "Admim:").replace("Reader:", "Raeder:"))
    ran = run("validate")

    assert ran.code == 1
    assert "manifests/access.yaml:4:5" in ran.err
    assert "manifests/access.yaml:6:5" in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("command", ["init -f {}/manifests", "emulator start --port 0 --state {}/emulator"])
def test_where_nothing_can_be_written_is_no_bug(command: str, run: Run, tmp_path: Path) -> None:
    """What the system says of the file is said; a file stands where a folder would be made."""
    (tmp_path / "file").touch()
    ran = run(*command.format(tmp_path / "file").split())
    assert ran.code == 1
    assert f"{tmp_path}/file" in ran.err
    assert "Not a directory" in ran.err
    assert "bug" not in ran.err


def test_a_problem_is_one_line_whatever_it_quotes(folder: Path, run: Run) -> None:
    """A key of the manifest begins no line of its own, and so neither an error nor a command of the
    runner.
    """
    root = folder / "manifests/entra-config.yaml"
    root.write_text(root.read_text() + '\n"x\\n::error::y\\nmanifests/a.yaml:1:1: fine": 1\n')

    lines = run("validate").err.splitlines()

    assert len(lines) == 1
    assert "`x\\u{a}::error::y\\u{a}manifests/a.yaml:1:1: fine`" in lines[0]
