"""Every mention of something in a manifest is found, wherever and however it is written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from entra_config.errors import ManifestError
from entra_config.manifest import loader
from entra_config.manifest.fields.field import Field, Mapped, Several, Shape
from entra_config.manifest.references import Reference, read_references
from entra_config.testing import reading
from tests.unit.manifest import every_reference
from tests.unit.manifest.every_reference import FILES, TENANT

ROWS = dict(every_reference.rows())
NAMING = {path: row for path, row in ROWS.items() if row.names}
# What these shapes hold names nothing: a switch, a number, a day, or one of a few words that the table lists.
# Every other shape could, also one that is new.
CLOSED = {
    "boolean",
    "flag",
    "number",
    "percent",
    "whole",
    "choice",
    "choices",
    "word",
    "mark",
    "day",
    "moment",
    "until",
}
# Rows whose texts or keys are neither a key of this manifest, a role, a scope, an environment nor an object of
# the tenant with a name: texts for people, addresses, paths of files, ids, names of rules, sinks and claims.
NOTHING = {
    f"{parent}.{name}"
    for parent, names in {
        "": "project",
        ".applications.*": (
            "appId displayName groupMembershipClaims homePageUrl identifierUris ignoreChanges logo "
            "logoutUrl notes properties redirectUris tags"
        ),
        ".applications.*.appRoles.*": "description displayName id",
        ".applications.*.certificates": "*",
        ".applications.*.certificates.*": "displayName file pem",
        ".applications.*.certificates.*.generate": "in lifetime overlap",
        ".applications.*.credentials.certificates": "*",
        ".applications.*.credentials.certificates.*": "displayName file pem",
        ".applications.*.credentials.certificates.*.generate": "in lifetime overlap",
        ".applications.*.credentials.secrets": "*",
        ".applications.*.credentials.secrets.*": "lifetime overlap sink",
        ".applications.*.enterpriseApplication": "description loginUrl notes properties tags",
        ".applications.*.federatedCredentials": "*",
        ".applications.*.federatedCredentials.*": "audience description issuer matches subject",
        ".applications.*.federatedCredentials.*.aws": "issuer role",
        ".applications.*.federatedCredentials.*.azureDevOps": (
            "organization organizationId project serviceConnection"
        ),
        ".applications.*.federatedCredentials.*.github": (
            "branch enterprise environment matches repository tag workflow"
        ),
        ".applications.*.federatedCredentials.*.gitlab": "branch host matches project tag",
        ".applications.*.federatedCredentials.*.kubernetes": "issuer namespace serviceAccount",
        ".applications.*.federatedCredentials.*.managedIdentity": "objectId tenantId",
        ".applications.*.federatedCredentials.*.terraformCloud": (
            "host matches organization project runPhase workspace"
        ),
        ".applications.*.mcp": "clients url",
        ".applications.*.optionalClaims.accessToken[]": "additionalProperties name source",
        ".applications.*.optionalClaims.idToken[]": "additionalProperties name source",
        ".applications.*.optionalClaims.saml2Token[]": "additionalProperties name source",
        ".applications.*.platforms": "mobileAndDesktop spa web",
        ".applications.*.scopes.*": (
            "adminConsentDescription adminConsentDisplayName description displayName id "
            "userConsentDescription userConsentDisplayName"
        ),
        ".applications.*.signInAudienceRestrictions": "allowedTenants",
        ".enterpriseApplications.*": "appId description id loginUrl notes properties tags",
        ".environments.*": "authority ownDomains tenantId variables",
        ".environments.*.acknowledged.*[]": "because id",
        ".environments.*.policy.lint": "domains locked",
        ".environments.*.policy.lint.rules": "*",
        ".environments.*.policy.lint.rules.*": "because",
        ".environments.*.sinks": "*",
        ".environments.*.sinks.*.aws": "account secret",
        ".environments.*.sinks.*.azure": "secret vault",
        ".environments.*.sinks.*.command": "read write",
        ".environments.*.sinks.*.file": "path",
        ".environments.*.sinks.*.github": "api environment repository secret",
        ".files[]": "path",
        ".lists": "*",
        ".lists.*": "*",
        ".lists.*.*": "* previously",
        ".policy.lint": "domains locked",
        ".policy.lint.rules": "*",
        ".policy.lint.rules.*": "because",
        ".settings": "folder",
        ".settings.apis.*": (
            "allowedOrigins allowedTenants dotenv httpd json postmanCollection postmanEnvironment "
            "protectedResource python shell tfvars tokens url"
        ),
        ".settings.apis.*.operations": "*",
        ".settings.apis.*.requests": "*",
        ".settings.apis.*.requests.*": "body operation path",
        ".settings.spas.*": "awsStack config typescript url",
        ".settings.webs.*": "alb awsStack config dotenv httpd typescript url",
        ".tests[]": "path",
        "lock:": "rejected tenantId",
        "lock:.applications.*": "appId keyIds",
        "lock:.applications.*.secrets": "*",
        "lock:.groups.*": "organization",
        "lock:.servicePrincipals.*": "organization",
        "lock:.users.*": "organization",
        "tests:.tests[]": "certificate each it redirectUri secret workload",
        "tests:.tests[].expect": "refused",
        "tests:.tests[].onBehalfOf": "certificate redirectUri secret workload",
    }.items()
    for name in names.split()
}


@pytest.fixture
def manifest(folder: Path) -> Path:
    """Return the root file of a manifest that uses each field that can name something."""
    return every_reference.write(folder)


def test_the_manifest_of_these_tests_is_valid(manifest: Path) -> None:
    """What the tests read is a manifest that users could write."""
    assert {each.environment for each in loader.load_all(manifest)} == {"dev", "prod"}
    assert len(reading.load(manifest)) == 1


@pytest.mark.parametrize(("path", "row"), ROWS.items())
def test_each_row_with_texts_or_keys_names_something_or_is_known_to_name_nothing(
    path: str, row: Field | Mapped
) -> None:
    """A new field of the table cannot be forgotten: it names something, or is added to NOTHING."""
    assert not _could_name(row) or bool(row.names) != (path in NOTHING)


def test_nothing_has_rows_of_the_table_only() -> None:
    """An entry that is left behind could be the place of a later field."""
    assert {path for path in NOTHING if path not in ROWS or not _could_name(ROWS[path])} == set()


def _could_name(row: Field | Mapped) -> bool:
    """Return True for a map with keys, a text of any form, and a list of them."""
    if isinstance(row, Mapped):
        return True
    shape = row.shape
    while isinstance(shape, Several):
        shape = shape.of
    return isinstance(shape, str) and shape not in CLOSED


@pytest.mark.parametrize(
    "shape", ["id", "guid", "string", "texts", Several("string"), Several(Several("id"))]
)
def test_a_new_field_of_any_shape_with_texts_is_asked_what_it_names(shape: Shape) -> None:
    """Without an entry in NOTHING, a field that names nothing fails the test above."""
    assert _could_name(Field("contact", "", "own", shape, "Who answers.", None))


def _reaches(path: str, row: Field | Mapped, reference: Reference) -> bool:
    place = reference.place
    file, _, keys = path.rpartition(":")
    if file != {"manifest": "", "tests": "tests", "lock": "lock"}[place.kind]:
        return False
    if isinstance(row, Mapped) != place.is_key:
        return False
    pattern = re.escape(keys).replace(r"\*", "[^/]+").replace(r"\[\]", r"/\d+").replace(r"\.", "/")
    inside = "" if isinstance(row, Mapped) else r"(/[^/]+)?(/\d+)?(/(name|id|contains)(/\d+)?)?"
    written = "".join(f"/{key}" for key in place.path)
    return re.fullmatch(pattern + inside, written) is not None


@pytest.mark.parametrize(("path", "row"), NAMING.items())
def test_each_row_that_names_something_is_read_where_it_is_written(
    path: str, row: Field | Mapped, manifest: Path
) -> None:
    """Each field that can name something is found in a manifest that has it."""
    assert any(_reaches(path, row, each) for each in read_references(manifest).every)


def _declared() -> list[tuple[str, str, str, str]]:
    """Return each declaration: what it is, its name, and the text that becomes another text."""
    return [
        ("application", "api", "  api:\n    type: application", "  apix:\n    type: application"),
        ("application", "web", "  web:\n    type: web", "  webx:\n    type: web"),
        ("application", "page", "  page:\n    type: spa", "  pagex:\n    type: spa"),
        ("application", "Partner", "displayName: Partner", "displayName: Partnerx"),
        ("role", "Reader", "      Reader: { desc", "      Readerx: { desc"),
        ("role", "Writer", "      Writer: { desc", "      Writerx: { desc"),
        ("scope", "read", "      read: { desc", "      readx: { desc"),
        ("scope", "use", "scopes: { use: {", "scopes: { usex: {"),
    ]


@pytest.mark.parametrize(("noun", "name", "old", "new"), _declared())
def test_where_the_loader_misses_something_renamed_there_is_a_reference_to_it(
    noun: str, name: str, old: str, new: str, manifest: Path
) -> None:
    """The loader is the judge: what it misses after a declaration alone was renamed had been found."""
    known = {
        (each.place.position.file, each.place.position.line)
        for each in read_references(manifest).every
        if each.noun == noun and each.name == name
    }
    file = manifest.with_name("applications.yaml")
    assert FILES[file.name].count(old) == 1
    file.write_text(FILES[file.name].replace(old, new), encoding="utf-8")
    with pytest.raises(ManifestError) as raised:
        loader.load_all(manifest)
    missed = [each for each in raised.value.problems if f"`{name}`" in each.message and each.position]
    places = {(each.position.file, each.position.line) for each in missed if each.position}
    assert places
    assert places <= known


def test_a_role_is_named_in_every_file_by_label_and_by_value(manifest: Path) -> None:
    """Manifests name a role by its label, access tests name it by the value that tokens carry."""
    found = read_references(manifest).to_role("api", "Writer")
    assert [(each.place.file.name, each.noun) for each in found] == [
        ("entra-config.yaml", "role"),
        ("entra-config.yaml", "role"),
        ("entra-config.yaml", "role"),
        ("applications.yaml", "role"),
        ("applications.yaml", "role"),
        ("access.yaml", "roleValue"),
    ]
    assert found[0].place.obstacle == "the pattern `Wri*` of `mayDeclare` does not match the new name"


def test_a_text_that_holds_a_name_says_which_characters_are_it(manifest: Path) -> None:
    """A key inside a placeholder, permission or pattern is found, with the text around it."""
    found = read_references(manifest).to_application("api")
    parts = {each.place.text[each.place.start : each.place.end] for each in found}
    whole = {each.place.text for each in found}
    assert parts == {"api"}
    assert {"appRoleAssignments/api/Reader", "https://web.example.com/${applications.api.appId}"} <= whole
    assert "api/read" in whole


def test_a_variable_names_another_person_in_each_environment(manifest: Path) -> None:
    """A name behind a variable is found for the environments in which it is meant."""
    references = read_references(manifest)
    [owner] = [
        each
        for each in references.to_object("user", references.find_names("user", "OLGA@contoso.com"))
        if each.place.variables
    ]
    assert owner.environments == ("dev",)
    assert owner.place.variables[0].position.line == 11
    assert owner.place.override
    assert references.to_object("group", references.find_names("group", "guild"))[0].environments == ("prod",)


def test_a_former_key_is_a_reference_in_manifest_and_lock_file(manifest: Path) -> None:
    """`previously` and `was` name what something was called before."""
    found = read_references(manifest).to_application("backend")
    assert [(each.place.kind, each.former) for each in found] == [("manifest", True), ("lock", True)]


def test_aliases_are_places_of_their_own(folder: Path) -> None:
    """An alias of a list, of a text and of a key are found where they are written."""
    (folder / "entra-config.yaml").write_text(
        f"""\
project: myapp
environments:
  dev:
    tenantId: {TENANT}
    deployers: [&dora dora@contoso.com]
applications:
  &main api: {{ type: api, displayName: API, appRoles: {{ Reader: Reads., Writer: Writes. }} }}
appRoleAssignments:
  *main :
    Reader: {{ users: &people [*dora, erin@contoso.com] }}
    Writer: {{ users: *people }}
""",
        encoding="utf-8",
    )
    references = read_references(folder)
    dora = references.to_object("user", references.find_names("user", "dora@contoso.com"))
    assert [(each.place.position.line, each.place.alias) for each in dora] == [
        (5, ""),
        (10, "dora"),
        (11, "people"),
    ]
    assert not any(each.place.obstacle for each in dora)
    api = references.to_application("api")
    assert [(each.place.position.line, each.place.alias) for each in api] == [
        (7, ""),
        (9, "main"),
    ]


def test_in_a_fleet_a_name_behind_a_tenants_variable_is_unknown(folder: Path) -> None:
    """Without the fleet's file nobody knows what its tenants set."""
    (folder / "entra-config.yaml").write_text(
        """\
project: myapp
environments: { customer: { fleet: true, variables: { crew: Staff } } }
applications: { api: { type: api, displayName: API, appRoles: { Reader: Reads. } } }
appRoleAssignments: { api: { Reader: { groups: ["${crew}", Everyone], users: ["${admin}"] } } }
""",
        encoding="utf-8",
    )
    references = read_references(folder)
    assert [each.place.text for each in references.unknown("group")] == ["${crew}"]
    assert [each.place.text for each in references.unknown("user")] == ["${admin}"]
    assert references.to_object("group", references.find_names("group", "everyone"))[0].environments == (
        "customer",
    )
