"""`settings --values`: what a tenant has, as files of the API and the page, and what is not written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from api import settings as api_settings
from entra_emulator.embedded import Embedded
from entra_emulator.seed import CONTOSO
from tests.unit.cli.discovery import VALUES, signing_with
from tests.unit.cli.ran import ROOT, Run


def test_values_come_from_the_tenant(run: Run, folder: Path, tenant: Embedded) -> None:
    """The same each time, in the manifest's folder or another, checked like source files."""
    assert run("apply", "-e", "dev", "--auto-approve").code == 0
    with signing_with(run, tenant):
        checked = run(*VALUES, "--output", "elsewhere", "--check")
        assert (checked.code, (folder / "elsewhere").exists()) == (2, False)
        assert "run `entra-config settings --values -e dev --output elsewhere`" in " ".join(
            checked.err.split()
        )
        assert run(*VALUES).code == 0
        assert run(*VALUES, "--output", "elsewhere").code == 0
        assert run(*VALUES, "--check").code == 0
    written = {path.name: path.read_text() for path in (folder / "output/settings/dev").iterdir()}
    assert sorted(written) == [
        "api.env",
        "api.json",
        "config.json",
        "myapp.postman_collection.json",
        "myapp.postman_environment.json",
        "tokens.env",
    ]
    assert {path.name: path.read_text() for path in (folder / "elsewhere").iterdir()} == written
    api, page = json.loads(written["api.json"]), json.loads(written["config.json"])
    assert api["JWKS_URL"] == f"https://login.microsoftonline.com/{CONTOSO}/discovery/v2.0/keys"
    assert page["knownAuthorities"] == []
    assert page["apiAppIdUri"] == api["API_APP_ID_URI"] == f"api://{api['API_CLIENT_ID']}"


def test_the_api_reads_both_files_alike(run: Run, folder: Path, tenant: Embedded) -> None:
    """The dotenv and the JSON file are one and the same for the API, in v2 and in v1 tokens, and hold
    together.
    """
    for version in (2, 1):
        path = folder / "manifests/applications/api.yaml"
        path.write_text(
            path.read_text().replace("    type: api\n", f"    type: api\n    accessTokenVersion: {version}\n")
        )
        assert run("apply", "-e", "dev", "--auto-approve").code == 0
        with signing_with(run, tenant):
            assert run(*VALUES).code == 0
        path.write_text((ROOT / "manifests/applications/api.yaml").read_text())
        read = api_settings.read(folder / "output/settings/dev/api.env")
        assert read == api_settings.read(folder / "output/settings/dev/api.json")
        assert (read.token_version, read.cors_origins, read.protected) == (
            version,
            ("https://localhost:5173",),
            False,
        )
        assert read.foreign_hosts == ()


def test_the_api_takes_tokens_of_allowed_tenants_alone(run: Run, folder: Path, tenant: Embedded) -> None:
    """What the manifest lists is what the API reads, in both files; without it none is written."""
    other = "22222222-2222-2222-2222-222222222222"
    path = folder / "manifests/applications/api.yaml"
    several = "    type: api\n    signInAudience: AzureADMultipleOrgs\n"
    path.write_text(path.read_text().replace("    type: api\n", several))
    root = folder / "manifests/entra-config.yaml"
    text = root.read_text()
    assert "      url: ${apiUrl}\n" in text
    root.write_text(
        text.replace("      url: ${apiUrl}\n", f"      url: ${{apiUrl}}\n      allowedTenants: [{other}]\n")
    )
    assert run("apply", "-e", "dev", "--auto-approve").code == 0
    with signing_with(run, tenant):
        assert run(*VALUES).code == 0
        for name in ("api.env", "api.json"):
            assert api_settings.read(folder / "output/settings/dev" / name).allowed_tenants == (other,)
        root.write_text(text)
        assert run(*VALUES).code == 0
    assert "ALLOWED_TENANTS" not in (folder / "output/settings/dev/api.env").read_text()


def test_where_a_key_is_kept_is_named_and_the_api_starts_with_it(
    run: Run, folder: Path, tenant: Embedded
) -> None:
    """A secret and a key pair of the API: the reference of each sink, which the API itself does not need."""
    root = folder / "manifests/entra-config.yaml"
    sinks = "sinks: { one: { file: /run/secrets/one }, two: { file: /run/secrets/two } }"
    root.write_text(root.read_text().replace("  dev:\n", f"  dev:\n    {sinks}\n"))
    path = folder / "manifests/applications/api.yaml"
    own = "credentials: { secrets: { a: { sink: one } }, certificates: { b: { generate: { in: two } } } }"
    path.write_text(path.read_text().replace("    type: api\n", f"    type: api\n    {own}\n"))
    assert run("apply", "-e", "dev", "--auto-approve").code == 0
    with signing_with(run, tenant):
        assert run(*VALUES).code == 0
    written = json.loads((folder / "output/settings/dev/api.json").read_text())
    assert written["CLIENT_SECRET_REFERENCE"] == "/run/secrets/one"
    assert written["CLIENT_CERTIFICATE_REFERENCE"] == "/run/secrets/two"
    for name in ("api.env", "api.json"):
        assert api_settings.read(folder / "output/settings/dev" / name).environment == "dev"


@pytest.mark.parametrize(
    "keys", ["https://keys.attacker.example/keys", "http://login.microsoftonline.com/keys"]
)
def test_keys_from_elsewhere_are_not_written(run: Run, folder: Path, tenant: Embedded, keys: str) -> None:
    """Whoever names the signing keys decides which tokens hold: only the cloud itself may."""
    assert run("apply", "-e", "dev", "--auto-approve").code == 0
    with signing_with(run, tenant, keys):
        ran = run(*VALUES)
    assert (ran.code, f"names {keys}" in ran.err) == (1, True)
    assert not (folder / "output").exists()


def test_values_wait_for_an_apply(run: Run, folder: Path) -> None:
    """What is not in the tenant has no client id: an error that says what to do, and no half-written
    folder.
    """
    ran = run(*VALUES)
    assert (ran.code, "run `entra-config apply -e dev`" in ran.err) == (1, True)
    assert not (folder / "output").exists()


@pytest.mark.parametrize("more", [(), ("--output", "out"), ("--output", "out", "--check")], ids=" ".join)
def test_values_are_written_through_no_link(
    run: Run, folder: Path, tenant: Embedded, more: tuple[str, ...]
) -> None:
    """In the manifest's folder and in one that its user names: what a pull request left there leads
    nowhere.
    """
    assert run("apply", "-e", "dev", "--auto-approve").code == 0
    (folder / "secret").write_text("kept\n")
    for place in ("output/settings/dev", "out"):
        (folder / place).mkdir(parents=True)
        (folder / place / "api.env").symlink_to(folder / "secret")
    with signing_with(run, tenant):
        ran = run(*VALUES, *more)
    assert (ran.code, "stands behind a link" in ran.err) == (1, True)
    assert (folder / "secret").read_text() == "kept\n"
    assert "kept" not in ran.out + ran.err


def test_the_folder_that_a_user_names_may_be_a_link(run: Run, folder: Path, tenant: Embedded) -> None:
    """Where values go is the caller's to say."""
    assert run("apply", "-e", "dev", "--auto-approve").code == 0
    (folder / "real").mkdir()
    (folder / "named").symlink_to("real")
    with signing_with(run, tenant):
        assert run(*VALUES, "--output", "named").code == 0
    assert (folder / "real/api.env").is_file()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("api.env", "DATABASE_PASSWORD=x\n"),
        ("api.json", '{"name": "page", "scripts": {"test": "x"}}'),
        ("api.json", "[]"),
        ("config.json", "{"),
        ("myapp.postman_collection.json", "{}"),
    ],
)
def test_values_replace_no_file_of_somebody_else(
    run: Run, folder: Path, tenant: Embedded, name: str, text: str
) -> None:
    """A manifest chooses folder and names, `package.json` too: what this command did not write stays, and
    so do the others.
    """
    assert run("apply", "-e", "dev", "--auto-approve").code == 0
    there = folder / "output/settings/dev"
    there.mkdir(parents=True)
    (there / name).write_text(text)
    with signing_with(run, tenant):
        ran = run(*VALUES)
    assert (ran.code, f"{name} is not a file that this command wrote" in ran.err) == (1, True)
    assert {path.name: path.read_text() for path in there.iterdir()} == {name: text}


def test_what_stands_in_the_way_is_told(run: Run, folder: Path, tenant: Embedded) -> None:
    """A file in a folder's place, a folder in a file's, bytes that are no text: an error that names it, or
    a stale file.
    """
    (folder / "docs").write_text("kept")
    ran = run("settings")
    assert (ran.code, "docs/tokens.md cannot be written: " in ran.err) == (1, True)
    assert run("apply", "-e", "dev", "--auto-approve").code == 0
    there = folder / "output/settings/dev"
    with signing_with(run, tenant):
        assert run(*VALUES, "--output", "docs").code == 1
        assert run(*VALUES).code == 0
        (there / "api.json").write_bytes((there / "api.json").read_bytes().replace(b"https", b"\xff"))
        assert run(*VALUES, "--check").code == 2
        (there / "api.env").unlink()
        (there / "api.env").mkdir()
        ran = run(*VALUES)
    assert (ran.code, "api.env is not a file that this command wrote: " in ran.err) == (1, True)
    assert "bug" not in ran.err
