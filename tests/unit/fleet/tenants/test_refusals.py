"""What a fleet's file refuses: what does not hold, protects elsewhere, or stands in a restricted file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.fleet.tenants.fleets import (
    CLIENT,
    FENCED,
    HEAD,
    OTHER,
    ROOT,
    TWO,
    WriteFleet,
    manifests_of,
    title,
)
from tests.unit.manifest.conftest import TENANT


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("projects: [myapp]", "projects: [myap]"), "`myap` is not a project. Did you mean `myapp`?"),
        (("manifest: myapp", "manifest: ../elsewhere"), "leads out of ."),
        (("environment: customer", "environment: custom"), "`custom` is not an environment of myapp/entra-config"),
        (("layers:", "layer:"), "fleet.yaml:3:1: `layer` is not a key of a fleet. Did you mean `layers`?"),
        (("kind: github", "kind: githab"), "`githab` is none of `aws`, `github`, `gitlab` or `kubernetes`"),
        ((f"clientId: {CLIENT}", "secret: s"), "`secret` is not a key of `credential`"),
        ((f"credential: {{ kind: github, clientId: {CLIENT} }}\n", ""), "nobody signs in to `contoso`"),
        ((OTHER, TENANT), "myapp/customer is in tenant 11111111-1111-1111-1111-111111111111 twice: `contoso/myapp` at"),
        (("fabrikam:", "Contoso:"), "`Contoso` (a tenant) and `contoso` at fleet.yaml:7:3 differ only in the case"),
        (("fabrikam:", "fabri_kam:"), "`fabri_kam` (a tenant) is no key"),
        (("environment: customer", "environment: customer, before: [myapp]"), "`myapp` comes before itself"),
        (("tenants:\n", "waves: [{ percent: 10 }]\ntenants:\n"), "the last wave, and no other, is `rest: true`"),
        (("tenants:\n", "waves: [{ percent: 10, rest: true }]\ntenants:\n"), "a wave is one of"),
        (("title: All", "title: [All]"), "`title`: expected a string, number, true, false or null"),
        (("tenants:\n", "limits: { failedTenants: 2 }\ntenants:\n"), "`failedTenants`: expected a string"),
        (("tenants:\n", "limits: { failedTenants: 101% }\ntenants:\n"), "expected a share such as 2%"),
        (("tenants:\n", "limits: { people: -1 }\ntenants:\n"), "`people`: expected a number from 0"),
    ],
)  # fmt: skip
def test_what_does_not_hold_is_told_with_its_place(
    wrong: Callable[..., list[str]], change: tuple[str, str], expected: str
) -> None:
    """As for a manifest: file, line, column, what was expected, near misses."""
    before, after = change
    assert any(expected in line for line in wrong((HEAD + TWO).replace(before, after)))


@pytest.mark.parametrize(
    ("root", "expected"),
    [
        (ROOT.replace("fleet: true, ", "tenantId: " + TENANT + ", "), "is of no fleet: it lacks `fleet: true`"),
        (ROOT.replace("fleet: true", "fleet: true, tenantId: " + TENANT), "is the fleet's to say, per tenant"),
        (ROOT.replace("protected: true", 'protected: "${title}"'), "`protected` protects: in a fleet it has no `${…}`"),
        (ROOT.replace("preventDestroy: true", 'preventDestroy: "${title}"'),
         "`applications.api.preventDestroy` protects: in a fleet it has no `${…}`"),
        (ROOT.replace("deployers: credential", 'deployers: ["${title}"]'), "`deployers` protects"),
    ],
)  # fmt: skip
def test_what_protects_stands_in_the_projects_own_files(
    wrong: Callable[..., list[str]], root: str, expected: str
) -> None:
    """It has no placeholder in a fleet, which a tenant could fill."""
    assert any(expected in line for line in wrong(root=root))


@pytest.mark.parametrize(
    "over",
    [
        "applications: { api: { preventDestroy: false } }",
        "applications: { api: { ignoreChanges: [notes] } }",
        "applications: { api: null }",
        "appRoleAssignments: { api: unmanaged }",
        "appRoleAssignments: { api: { Reader: { additive: true } } }",
    ],
)
def test_nothing_on_top_changes_what_protects(wrong: Callable[..., list[str]], over: str) -> None:
    """No layer, no override, no tenant: not by taking away what bears it either."""
    layer = f"  - {{ overrides: {{ myapp: {{ {over} }} }} }}\n"
    own = TWO.replace("tags: [eu]", f"tags: [eu], overrides: {{ myapp: {{ {over} }} }}")
    root = ROOT.replace("fleet: true", f"fleet: true, overrides: {{ {over} }}")
    for found in (wrong(HEAD + layer + TWO), wrong(HEAD + own), wrong(root=root)):
        assert any("in a fleet it stands in the project's own files" in line for line in found)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("fabrikam: { variables: { title: x } }", "`tenants/fabrikam/variables/title` is outside of what this file"),
        (f"contoso: {{ credential: {{ kind: aws, clientId: {CLIENT} }} }}", "`credential` of `contoso` stands in no file"),
        ("contoso: { tags: [first] }", "`tags` of `contoso` stands in no file with `mayDeclare`"),
        (f"contoso: {{ overrides: {{ myapp: {{ applications: {{ api: {{ appId: {CLIENT} }} }} }} }} }}",
         "`applications/api/appId` stands in no file with `mayDeclare`"),
        ("contoso: { variables: { owner: mallory@example.com } }", "decides `applications.api.owners`"),
    ],
)  # fmt: skip
def test_a_restricted_file_says_nothing_that_is_trusted(
    wrong: Callable[..., list[str]], said: str, expected: str
) -> None:
    """Neither who signs in nor what is trusted, not by a variable either; `${file}` is its own name."""
    tenants = TWO.replace("tags: [eu], ", "") + FENCED
    root = ROOT.replace("preventDestroy", 'owners: ["${owner}"], preventDestroy')
    head = HEAD.replace("title: All", "title: All, owner: team@example.com")
    found = wrong(head + tenants, root, contoso=f"tenants: {{ {said} }}\n")
    assert any(expected in line for line in found)


def test_a_restricted_file_says_what_it_may(fleet: WriteFleet) -> None:
    """Its own tenant's variables."""
    said = "tenants: { contoso: { variables: { title: Own } } }\n"
    found = manifests_of(fleet(HEAD + TWO + FENCED, contoso=said))
    assert [title(each) for each in found.values()] == ["Own", "All"]


def test_a_link_that_leads_out_of_the_folder_is_an_error(
    wrong: Callable[..., list[str]], tmp_path: Path
) -> None:
    """A manifest, a file of tenants, and the folder of the lock files."""
    outside = tmp_path.parent / f"{tmp_path.name}-outside"
    (outside / "locks").mkdir(parents=True)
    (outside / "entra-config.yaml").write_text(ROOT, encoding="utf-8")
    (outside / "more.yaml").write_text("tenants: {}\n", encoding="utf-8")
    Path("linked").symlink_to(outside)
    found = wrong((HEAD + TWO).replace("manifest: myapp", "manifest: linked"))
    assert any("leads out of ." in line for line in found)
    Path("tenants").mkdir()
    Path("tenants/more.yaml").symlink_to(outside / "more.yaml")
    assert any("leads out of ." in line for line in wrong(HEAD + TWO + FENCED))
    Path("tenants/more.yaml").unlink()
    Path("myapp/locks").symlink_to(outside / "locks")
    assert any("leads out of myapp" in line for line in wrong())
