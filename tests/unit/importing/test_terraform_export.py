"""Applications as HCL: one `import` block for each object, and every text of the tenant quoted."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import hcl2
import httpx
import pytest

from entra_config.cli.demo.story import session
from entra_config.importing.tenant import Registration
from entra_config.importing.terraform import export
from entra_emulator import seed
from entra_emulator.embedded import Embedded
from tests.unit.cli.ran import ROOT, Ran, Run, without_variables
from tests.unit.importing.registrations import guid, role, scope

HOSTILE = (
    '${file("/etc/passwd")}',
    "%{ if true }x%{ endif }",
    "a\nb\r\tc",
    'q"uo\\te',
    "\u202ebidi\u2066",
    "<<EOT\nx\nEOT",
    "# c",
)


def resources(text: str) -> dict[tuple[str, str], Any]:
    """Return the resources of a file by type and name."""
    found: dict[tuple[str, str], Any] = {}
    for entry in hcl2.loads(text).get("resource", ()):
        ((type_, named),) = entry.items()
        ((name, body),) = named.items()
        found[type_.strip('"'), name.strip('"')] = body
    return found


def imports(text: str) -> list[tuple[str, str]]:
    """Return the address and the id of each `import` block."""
    return [(each["to"].strip("${}"), each["id"].strip('"')) for each in hcl2.loads(text).get("import", ())]


@pytest.fixture
def exported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Apply the worked example, and export it."""
    monkeypatch.chdir(tmp_path)
    without_variables(monkeypatch)
    embedded = Embedded.create(seed="export")
    run = Run(session(embedded), capsys)
    where = ("-f", str(ROOT / "manifests"), "-e", "dev")
    assert run("apply", *where, "--auto-approve", "--pins", "skip").code == 0
    return run("export", *where, "--terraform", "hcl"), run("export", *where, "--terraform", "hcl"), embedded


def test_each_object_has_one_import_block(exported: tuple[Ran, Ran, Embedded]) -> None:
    """Each id is in the tenant, each block has its resource, and a folder that is not empty is refused."""
    ran, again, embedded = exported
    assert ran.code == 0, ran.err
    assert again.code == 1
    files = {path.name: path.read_text(encoding="utf-8") for path in Path("hcl").iterdir()}
    keys = ("api", "spa", "devClient", "docs", "nightly")
    assert {*files} == {"versions.tf", *(f"application-{key}.tf" for key in keys)}
    blocks = [each for text in files.values() for each in imports(text)]
    declared = [f"{type_}.{name}" for text in files.values() for type_, name in resources(text)]
    assert sorted(address for address, _ in blocks) == sorted(declared)
    assert len({id_ for _, id_ in blocks}) == len(blocks)
    assert f"{len(blocks)} objects to import" in ran.err
    assert "not expressed" not in ran.err
    for address, id_ in blocks:
        path = re.sub(
            r"^([0-9a-f-]{36})/federated\w*/", r"/applications/\1/federatedIdentityCredentials/", id_
        )
        if "preAuthorized" not in id_:
            assert asyncio.run(_get(embedded, path)) == 200, (address, id_)
    assert not re.search(r"azuread_\w*password|random_|<<|^\s*(#|//)", "".join(files.values()), re.MULTILINE)


async def _get(embedded: Embedded, path: str) -> int:
    token = embedded.token(embedded.app_caller(seed.ADMIN_APP_ID))
    async with httpx.AsyncClient(transport=embedded.transport()) as client:
        url = f"https://graph.microsoft.com/v1.0{path}"
        return (await client.get(url, headers={"Authorization": f"Bearer {token}"})).status_code


def test_the_arguments_are_those_of_the_tenant(exported: tuple[Ran, Ran, Embedded]) -> None:
    """Roles and scopes with their ids, tags as they are, and what a service principal requires."""
    *_, embedded = exported
    text = Path("hcl/application-api.tf").read_text(encoding="utf-8")
    (app,) = [
        row for row in embedded.directory.default.applications if row["displayName"] == "MyApp API (dev)"
    ]
    made = resources(text)["azuread_application", "api"]
    assert made["display_name"] == '"MyApp API (dev)"'
    assert {each["id"].strip('"') for each in made["app_role"]} == {each["id"] for each in app["appRoles"]}
    (api,) = made["api"]
    live = {each["id"] for each in app["api"]["oauth2PermissionScopes"]}
    assert {each["id"].strip('"') for each in api["oauth2_permission_scope"]} == live
    assert sorted(each.strip('"') for each in made["tags"]) == sorted(app["tags"])
    principal = resources(text)["azuread_service_principal", "api"]
    assert principal["app_role_assignment_required"] is True
    assert principal["client_id"] == "${azuread_application.api.client_id}"


def test_no_key_takes_the_name_of_a_special_file() -> None:
    """`versions.tf` is written too, and blocks in `override.tf` change others
    (developer.hashicorp.com/terraform/language/files/override).
    """
    applications = {
        key: Registration({"id": guid(key), "displayName": key}) for key in ("versions", "override")
    }
    made = export.write(applications)
    assert {*made.files} == {"versions.tf", "application-versions.tf", "application-override.tf"}
    assert made.files["versions.tf"] == export.VERSIONS


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_of_the_tenant_is_a_string_and_nothing_else(text: str) -> None:
    """In every place that a configuration has for it."""
    app = {
        "id": guid("app"),
        "appId": guid("client"),
        "displayName": text,
        "notes": text,
        "tags": [text],
        "identifierUris": [text],
        "info": {"marketingUrl": text},
        "web": {"redirectUris": [text], "homePageUrl": text},
        "groupMembershipClaims": "SecurityGroup, ApplicationGroup",
        "api": {"oauth2PermissionScopes": [{**scope("x"), "value": text, "adminConsentDescription": text}]},
        "appRoles": [{**role("x"), "value": text, "description": text, "isEnabled": False}],
        "optionalClaims": {"idToken": [{"name": text, "source": None, "additionalProperties": [text]}]},
        "requiredResourceAccess": [],
        "addIns": [{"type": text}],
        "passwordCredentials": [{"keyId": guid("key"), "displayName": text}],
    }
    credential = {"id": guid("f"), "name": text, "issuer": text, "subject": text, "audiences": [text]}
    flexible = {
        **credential,
        "id": guid("g"),
        "subject": None,
        "claimsMatchingExpression": {"value": text, "languageVersion": 1},
    }
    principal = {"id": guid("sp"), "appId": app["appId"], "notes": text, "accountEnabled": False, "tags": []}
    registration = Registration(
        app,
        principal,
        credentials=[credential, flexible],
        owners=[{"id": guid("owner")}],
        principal_owners=[{"id": guid("other")}],
    )
    made = export.write({"x": registration})
    written = made.files["application-x.tf"]
    assert [type_ for type_, _ in resources(written)] == [
        "azuread_application",
        "azuread_application_federated_identity_credential",
        "azuread_application_flexible_federated_identity_credential",
        "azuread_service_principal",
    ]
    assert len(imports(written)) == made.objects == 4
    entry = resources(written)["azuread_application", "x"]
    literal = entry["display_name"]
    assert literal[1:-1].isprintable()
    assert not re.search(r'(?<!\$)\$\{|(?<!%)%\{|(?<!\\)(?:\\\\)*"', literal[1:-1])
    assert entry["web"][0]["redirect_uris"] == entry["tags"] == [literal]
    assert entry["app_role"][0]["description"] == entry["notes"] == literal
    assert entry["app_role"][0]["enabled"] is False
    assert entry["group_membership_claims"] == ['"SecurityGroup"', '"ApplicationGroup"']
    assert entry["owners"] == [f'"{guid("owner")}"']
    assert resources(written)["azuread_service_principal", "x"]["account_enabled"] is False
    assert resources(written)["azuread_service_principal", "x"]["owners"] == [f'"{guid("other")}"']
    assert [line for line in made.left if text in line] == []
    assert any("addIns" in line for line in made.left)


def test_a_link_is_no_new_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not to an empty folder either: nothing is written through it."""
    monkeypatch.chdir(tmp_path)
    Path("elsewhere").mkdir()
    Path("hcl").symlink_to("elsewhere")
    run = Run(session(Embedded.create(seed="export")), capsys)
    ran = run("export", "-f", str(ROOT / "manifests"), "-e", "dev", "--terraform", "hcl")
    assert ran.code == 1
    assert "hcl is not an empty folder: export into a new one with --terraform" in ran.err
    assert list(Path("elsewhere").iterdir()) == []
