"""access, permissions and doctor: who can do what, what this tool needs, what the signed-in identity
lacks.
"""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from entra_emulator import seed
from entra_emulator.embedded import Embedded
from tests.unit.cli.example import APPLY
from tests.unit.cli.graph_permissions import holding, least
from tests.unit.cli.ran import ROOT, Run


@pytest.mark.parametrize(
    "missing",
    [
        "Directory.Read.All",
        "Application.ReadWrite.OwnedBy",
        "AppRoleAssignment.ReadWrite.All",
        "DelegatedPermissionGrant.ReadWrite.All",
    ],
)
def test_each_listed_permission_is_missed_by_name(run: Run, tenant: Embedded, missing: str) -> None:
    """Taken away in turn, the run fails with a message that names it, and `doctor` names it beforehand."""
    names = least(run)
    assert missing in names
    with holding(run, tenant, names - {missing}):
        ran, doctor = run(*APPLY), run("doctor", "-e", "dev")

    assert ran.code == 1
    assert missing in ran.out + ran.err
    assert missing in "".join(line for line in doctor.out.splitlines() if "lacks" in line)


def test_the_list_is_of_these_four(run: Run) -> None:
    """The worked example needs four permissions, and a reader needs one."""
    found = json.loads(run("permissions", "-e", "dev", "--format", "json").out)

    assert found["least"] == [
        "AppRoleAssignment.ReadWrite.All",
        "Application.ReadWrite.OwnedBy",
        "DelegatedPermissionGrant.ReadWrite.All",
        "Directory.Read.All",
    ]
    assert found["reading"][0]["permissions"] == ["Directory.Read.All"]
    assert [level["name"] for level in found["writing"]] == ["own registrations", "custom role", "everything"]
    assert "can grant itself every other permission" in found["abuse"]["AppRoleAssignment.ReadWrite.All"]


def test_what_is_to_be_done_now_may_need_less(run: Run, tenant: Embedded) -> None:
    """For one changed field of one registration no permission to assign is needed."""
    run(*APPLY)
    spa = tenant.directory.default.one("applications", "displayName", "MyApp SPA (dev)")
    assert spa
    tenant.directory.default.applications.put({**spa, "displayName": "Else"})
    found = json.loads(run("permissions", "-e", "dev", "--for-plan", "--format", "json").out)

    assert found["least"] == ["Application.ReadWrite.OwnedBy", "Directory.Read.All"]


@pytest.mark.parametrize(
    ("schema", "command"),
    [
        ("access", ("access", "-e", "dev")),
        ("list", ("list",)),
        ("permissions", ("permissions", "-e", "dev")),
        ("app-roles", ("app-role", "list", "-e", "dev")),
        ("plan", ("plan", "-e", "dev")),
    ],
)
def test_what_is_printed_as_json_fits_its_published_schema(
    run: Run, schema: str, command: tuple[str, ...]
) -> None:
    """Each document is valid by the schema that is published for it."""
    run(*APPLY)
    published = json.loads((ROOT / f"docs/schemas/{schema}.schema.json").read_text())

    jsonschema.Draft202012Validator(published).validate(json.loads(run(*command, "--format", "json").out))


def test_the_text_tells_levels_and_abuse(run: Run) -> None:
    """Each level says what it does and what is left to a human; each permission says what it could be
    abused for.
    """
    shown = run("permissions", "-e", "prod").out

    assert "a human applies the assignments" in shown
    assert "microsoft.directory/servicePrincipals/appRoleAssignedTo/update" in shown
    assert "DelegatedPermissionGrant.ReadWrite.All: can consent in the name of everyone" in shown


def test_doctor_finds_nothing_where_nothing_is(run: Run) -> None:
    """A good setup is all good, and what is held beyond need is said."""
    ran = run("doctor", "-e", "dev")

    assert ran.code == 0
    assert "✗" not in ran.out
    assert "✓ reach" in ran.out
    assert "too much     Application.ReadWrite.All is not needed" in ran.out


def test_a_deployer_of_two_environments_is_told(run: Run) -> None:
    """Whoever signs in as one writer of both could write in the other: doctor and permissions say so, and
    not in the example.
    """
    assert "deployers" not in run("doctor", "-e", "prod").out
    assert json.loads(run("permissions", "-e", "prod", "--format", "json").out)["shared"] == []
    path = Path("manifests/entra-config.yaml")
    text = path.read_text()
    assert text.count("MyApp Writer (dev)") == 1
    path.write_text(text.replace("MyApp Writer (dev)", "MyApp Writer (prod)"))

    doctor = run("doctor", "-e", "prod")

    assert doctor.code == 0
    assert "! deployers    MyApp Writer (prod) deploys dev and prod: whoever signs in as it" in doctor.out
    assert "MyApp Writer (prod) deploys dev and prod" in run("permissions", "-e", "prod").out
    found = json.loads(run("permissions", "-e", "prod", "--format", "json").out)["shared"]
    assert found == [{"deployer": "MyApp Writer (prod)", "environments": ["dev", "prod"]}]


def test_doctor_tells_a_broken_manifest_and_a_wrong_tenant(run: Run, folder: object) -> None:
    """What is in the way is exit code 1."""
    path = Path("manifests/entra-config.yaml")
    text = path.read_text()
    for lock in Path("manifests").glob("*.lock.yaml"):
        lock.unlink()
    path.write_text(text.replace(seed.CONTOSO, seed.FABRIKAM))
    wrong = run("doctor", "-e", "dev")
    path.write_text(text.replace("project:", "projekt:"))
    broken = run("doctor", "-e", "dev")
    assert broken.out.count("✗") == 1

    assert (wrong.code, broken.code) == (1, 1)
    assert "✗ sign-in" in wrong.out
    assert "✗ manifest" in broken.out
