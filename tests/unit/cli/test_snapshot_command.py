"""`entra-config snapshot` and `apply --snapshots`: what is in the files, and where they may be."""

from __future__ import annotations

import json
import stat
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from entra_emulator.embedded import Embedded
from tests.unit.cli.example import APPLY, edit
from tests.unit.cli.ran import ROOT, Run
from tests.unit.snapshot.planted import SECRETS

SCHEMA = json.loads((ROOT / "docs/schemas/snapshot.schema.json").read_text(encoding="utf-8"))


def read(path: str) -> dict[str, Any]:
    """Read a snapshot, which its schema describes and only its owner may read."""
    file = Path(path)
    content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(SCHEMA).validate(content)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_text() == json.dumps(content, sort_keys=True, separators=(",", ":")) + "\n"
    return content


def names(content: dict[str, Any], collection: str) -> set[str]:
    """Return the display names in a collection."""
    return {str(item.get("displayName")) for item in content["collections"][collection]["items"]}


def test_a_snapshot_has_what_a_plan_reads_and_changes_nothing(run: Run) -> None:
    """Registrations, service principals, holders, owners, consents and policies; the same twice."""
    run(*APPLY)
    before = run("snapshot", "-e", "dev", "--out", "one.json")
    again = run("snapshot", "-e", "dev", "--out", "two.json")
    assert (before.code, again.code, before.out) == (0, 0, ""), before.err
    one, two = read("one.json"), read("two.json")
    assert "MyApp API (dev)" in names(one, "applications") & names(one, "servicePrincipals")
    holders = one["collections"]["appRoleAssignments"]["items"]
    assert {"All Staff", "Alice Archer"} <= {item["principalDisplayName"] for item in holders}
    assert one["collections"]["oauth2PermissionGrants"]["items"]
    assert one["collections"]["authorizationPolicy"]["read"] == ["*"]
    assert {**one, "madeAt": ""} == {**two, "madeAt": ""}


def test_apply_keeps_before_and_after(run: Run, folder: Path) -> None:
    """The first is read before the first write, the second after the last one."""
    applied = run(*APPLY, "--snapshots", "kept")
    assert applied.code == 0, applied.err
    before, after = read("kept/before.json"), read("kept/after.json")
    assert "MyApp API (dev)" not in names(before, "applications")
    assert "MyApp API (dev)" in names(after, "applications")
    assert folder.joinpath("kept").is_dir()


def test_an_apply_that_is_refused_leaves_no_old_file(run: Run) -> None:
    """Both files are of this run, or are not there."""
    run(*APPLY, "--snapshots", "kept")
    first = read("kept/before.json")
    edit("access.yaml", "{ groups: [MyApp Writers], users: [alice@contoso.com] }", "{}")
    refused = run(*APPLY, "--snapshots", "kept")
    assert refused.code == 3
    assert read("kept/before.json") != first
    assert names(read("kept/after.json"), "applications") == names(read("kept/before.json"), "applications")


def git(*words: str) -> None:
    """Run git here."""
    subprocess.run(["git", *words], check=True)


def test_a_checkout_is_refused_unless_git_ignores_the_file(run: Run) -> None:
    """A commit would publish who is in the file; nothing is read, written or applied."""
    git("init", "--quiet")
    for words in (("snapshot", "-e", "dev", "--out", "snap.json"), (*APPLY, "--snapshots", "kept")):
        refused = run(*words)
        assert (refused.code, refused.out) == (1, "")
        assert "git does not ignore it" in refused.err
    assert not Path("snap.json").exists()
    assert not Path("kept").exists()
    Path(".gitignore").write_text("/snap.json\n/kept/\n")
    assert run("snapshot", "-e", "dev", "--out", "snap.json").code == 0
    assert run(*APPLY, "--snapshots", "kept").code == 0
    git("add", "--force", "snap.json")
    assert run("snapshot", "-e", "dev", "--out", "snap.json").code == 1


def test_a_link_into_a_checkout_is_refused(run: Run, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The file that would be written counts, not its name."""
    git("init", "--quiet")
    link = tmp_path_factory.mktemp("outside") / "snap.json"
    link.symlink_to(Path("snap.json").resolve())
    assert run("snapshot", "-e", "dev", "--out", str(link)).code == 1


def plant(tenant: Embedded, text: str) -> int:
    """Put a text into each text of the tenant that people write, and where Graph has secrets' parts; return
    in how many objects.
    """
    tables = tenant.directory.default.tables
    planted = 0
    for name in ("applications", "servicePrincipals", "users", "groups", "federatedIdentityCredentials"):
        for row in list(tables[name]):
            tables[name].put(_planted(dict(row), text))
            planted += 1
    return planted


def _planted(row: dict[str, Any], text: str) -> dict[str, Any]:
    for name in ("displayName", "description", "notes", "subject"):
        if name in row:
            row[name] = f"{row[name]} {text}"
    row["hint"] = row["key"] = text
    for name in ("passwordCredentials", "keyCredentials"):
        if name in row:
            known = {"keyId": "00000000-0000-0000-0000-00000000000a", "displayName": text}
            row[name] = [{**known, "hint": text, "key": text, "customKeyIdentifier": text}]
    if "tags" in row:
        row["tags"] = [*row["tags"], text]
    row["appRoles"] = [{**role, "description": text} for role in row.get("appRoles") or ()]
    for platform in ("web", "spa", "publicClient"):
        if row.get(platform):
            row[platform] = {**row[platform], "redirectUris": [f"https://app.example.com/?{text}"]}
    return row


@pytest.mark.parametrize("text", SECRETS)
def test_a_planted_secret_is_in_no_output(run: Run, tenant: Embedded, folder: Path, text: str) -> None:
    """Names, descriptions, notes, hints and keys: not in the files, not on stdout or stderr."""
    run(*APPLY, "--quiet")
    assert plant(tenant, text) > 20
    outputs = [
        run("snapshot", "-e", "dev", "--out", "snap.json"),
        run("snapshot", "-e", "dev", "--out", "redacted.json", "--redact"),
    ]
    assert [each.code for each in outputs] == [0, 0], outputs[0].err
    for name in ("snap.json", "redacted.json"):
        assert json.dumps(text)[1:-1] not in (folder / name).read_text()
        assert read(name)["secretsReplaced"] > 10
    assert all(text not in each.out + each.err for each in outputs)
    assert "looked like a secret" in outputs[0].err


def test_a_redacted_snapshot_names_nobody(run: Run, folder: Path) -> None:
    """No person, name, host, UPN or id of a user is left; the numbers of objects are the same."""
    run(*APPLY)
    run("snapshot", "-e", "dev", "--out", "snap.json")
    run("snapshot", "-e", "dev", "--out", "redacted.json", "--redact")
    plain, redacted = read("snap.json"), read("redacted.json")
    text = (folder / "redacted.json").read_text().casefold()
    for word in ("alice", "archer", "contoso", "myapp api", "all staff", "localhost", "postman", "github"):
        assert word not in text
    users = {item["id"] for item in plain["collections"]["users"]["items"]}
    assert users
    assert not any(id_ in text for id_ in (*users, plain["tenant"]["id"]))
    sizes = [
        {name: len(each["items"]) for name, each in content["collections"].items()}
        for content in (plain, redacted)
    ]
    assert sizes[0] == sizes[1]
