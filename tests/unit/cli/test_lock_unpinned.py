"""`lock` leaves a valid manifest valid, and lists what it cannot pin, with the way to decide it."""

from __future__ import annotations

import re
from pathlib import Path

from entra_emulator import seed
from entra_emulator.embedded import Embedded
from tests.unit.cli.ran import Run

ROOT = """\
project: small
environments: { dev: { tenantId: 11111111-1111-1111-1111-111111111111 } }
applications: { api: { type: api, displayName: Small, appRoles: { Reader: Reads., Writer: Writes. } } }
appRoleAssignments:
  api:
    Reader: { users: [%s] }
    Writer: { users: [%s] }
"""


def _id(name: str) -> str:
    return seed.fixed_id(seed.CONTOSO, "user", f"{name}@contoso.com")


def _write(reader: str, writer: str) -> None:
    for file in Path("manifests").rglob("*.yaml"):
        file.unlink()
    Path("manifests/entra-config.yaml").write_text(ROOT % (reader, writer), encoding="utf-8")


def test_a_person_by_name_and_by_id_stays_one_entry(run: Run, tenant: Embedded, folder: Path) -> None:
    """The manifest is valid before and after its names are pinned, and means the same."""
    _write(
        f"alice@contoso.com, {_id('alice')}", f"{{ name: bob@contoso.com, until: 2027-01-31 }}, {_id('bob')}"
    )
    assert run("validate").code == 0
    assert run("apply", "--auto-approve").code == 0
    assert run("lock").code == 0
    assert run("validate").code == 0
    assert run("plan", "--detailed-exitcode").code == 0


def test_a_name_with_two_ids_stays_unpinned_and_is_listed(run: Run, tenant: Embedded, folder: Path) -> None:
    """A pin would contradict one of the ids, and the manifest would be valid no longer."""
    _write("alice@contoso.com", f"{{ name: alice@contoso.com, id: {_id('bob')} }}")
    done = run("lock")
    assert done.code == 0
    message = "user `alice@contoso.com` is not pinned: the manifest names it with different ids"
    assert message in done.err
    assert run("validate").code == 0
    assert run("lock", "--check").code == 2


def test_an_application_that_nothing_proves_is_listed_with_the_command(
    run: Run, tenant: Embedded, folder: Path
) -> None:
    """The command can be copied; after it there is nothing left, and the check passes."""
    assert run("apply", "-e", "dev", "--auto-approve").code == 0
    assert run("lock", "-e", "dev").code == 0
    listed = run("lock", "-e", "dev", "--check")
    assert listed.code == 2
    ways = re.findall(r"entra-config (lock -e dev) (--accept) (\w+=[0-9a-f-]+)", listed.err)
    assert {way[2].partition("=")[0] for way in ways} == {"api", "spa", "devClient", "docs", "nightly"}
    accepts = [word for way in ways for word in way[1:]]
    assert run("lock", "-e", "dev", *accepts).code == 0
    assert run("lock", "-e", "dev", "--check").code == 0


def test_what_is_in_no_tenant_is_listed(run: Run, tenant: Embedded, folder: Path) -> None:
    """With the place of the name."""
    _write("nobody@contoso.com", "")
    listed = run("lock", "--check")
    assert listed.code == 2
    assert "entra-config.yaml:6:23: " in listed.err
    assert "`nobody@contoso.com`" in listed.err
