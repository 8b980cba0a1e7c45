"""access, permissions and doctor: who can do what, what this tool needs, what the signed-in identity
lacks.
"""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path

import jsonschema
import pytest

from entra_config.cli.demo import tampering
from entra_emulator import seed
from entra_emulator.embedded import Embedded
from tests.unit.cli.example import APPLY
from tests.unit.cli.graph_permissions import holding, least
from tests.unit.cli.ran import ROOT, Run


def test_with_just_the_listed_permissions_it_passes(run: Run, tenant: Embedded) -> None:
    """From empty to applied to changed to destroyed, with what `permissions` lists and no more."""
    with holding(run, tenant, least(run)):
        assert run(*APPLY).code == 0
        assert run("plan", "-e", "dev", "--detailed-exitcode").code == 0
        tampering.tamper(tenant)
        assert run(*APPLY).code == 0
        assert run("destroy", "-e", "dev", "--auto-approve").code == 0


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


def test_access_explains_what_somebody_did_by_hand(run: Run, tenant: Embedded) -> None:
    """What the manifest does not say stands out; what it says has its line."""
    run(*APPLY)
    tampering.tamper(tenant)
    shown = run("access", "-e", "dev", "--role", "api/Admin", "--explain").out.splitlines()
    dave = next(line for line in shown if "dave@contoso.com" in line)
    alice = next(line for line in shown if "alice@contoso.com" in line)

    assert "not in the manifest" in dave
    assert alice.endswith("manifests/entra-config.yaml:13")
    page = run("access", "-e", "dev", "--role", "api/Admin", "--format", "html").out
    assert page.count(">not in the manifest<") == 1
    assert '<th scope="col" role="columnheader">Since</th>' in page
    nothing = run("access", "-e", "dev", "--user", "mallory@contoso.com", "--role", "api/Writer")
    assert (nothing.code, nothing.out.endswith("\n\nNobody.\n")) == (0, True)
    assert "user mallory@contoso.com holds no api/Writer in myapp/dev" in nothing.err
    mistyped = run("access", "-e", "dev", "--role", "api/Admn")
    assert (mistyped.code, mistyped.out) == (1, "")
    assert "`api/Admn` is not a role of myapp/dev. Did you mean `api/Admin`?" in mistyped.err


class _Page(HTMLParser):
    """Collects tags and what they load."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag and its addresses."""
        self.tags.append(tag)
        self.loads += [str(value) for key, value in attrs if key in {"src", "href"}]


def test_the_page_loads_nothing_and_escapes_names(run: Run, tenant: Embedded) -> None:
    """A hostile group name stays text; no script, no external request; a table of people for each of three
    roles, one of applications and one of owners.
    """
    run(*APPLY)
    directory = tenant.directory.default
    group = directory.one("groups", "displayName", "MyApp Developers")
    assert group
    directory.groups.put({**group, "displayName": "<script src=//evil.example></script>"})
    for row in directory.app_role_assignments.find("principalId", group["id"]):
        directory.app_role_assignments.put(
            {**row, "principalDisplayName": "<script src=//evil.example></script>"}
        )
    page = _Page()
    page.feed(run("access", "-e", "dev", "--format", "html").out)

    assert "script" not in page.tags
    assert page.loads == []
    assert page.tags.count("table") == 5
