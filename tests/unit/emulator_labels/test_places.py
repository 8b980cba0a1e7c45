"""Where each part of the worked example is declared."""

from pathlib import Path

import pytest

from entra_config.emulator_labels import places as declared_places
from entra_config.manifest import loader

MANIFESTS = Path(__file__).parents[3] / "manifests"
SPA = "https:%2F%2Fapp.example.com"


def found() -> dict[str, str]:
    """Give files, by their names alone, with lines."""
    manifest = loader.load(MANIFESTS, "prod")
    places = declared_places.places(manifest)
    return {address: f"{Path(place.file).name}:{place.line}" for address, place in places.items()}


@pytest.mark.parametrize(
    ("address", "line"),
    [
        ("application.api", "  api:"),
        ("application.api/appRole/Admin", "      Admin:  {"),
        ("application.api/scope/user.admin", "      user.admin: {"),
        ("application.api/identifierUri/api:%2F%2F${application.api.appId}", "      - api://${appId}"),
        ("application.api/property/displayName", "    displayName: MyApp API"),
        (f"application.spa/redirectUri/{SPA}%2Fauth%2Fcallback", "      - ${spaUrl}/auth/callback"),
        ("enterpriseApplication.api/property/appRoleAssignmentRequired", "    enterpriseApplication: {"),
        ("authorizedClient.spa/api/user.read", "    authorizedClients:"),
        ("permissionGrant.spa/api/user.write", "      api: { delegated: ["),
        ("permissionGrant.spa/Microsoft Graph/openid", "      Microsoft Graph: {"),
        ("federatedCredential.nightly/github", "      github: {"),
        ("appRoleAssignment.api/Writer/servicePrincipal:nightly", "      api: { application: [Writer]"),
        ("appRoleAssignment.api/Admin", "    Admin:  { groups"),
        (
            "appRoleAssignment.api/Writer/user:25d0ea81-fc34-48a5-8035-eeec824b983f",
            "    Writer: { groups: [MyApp Writers], users",
        ),
    ],
)
def test_each_part_stands_in_the_line_that_is_told(address: str, line: str) -> None:
    """The line of the file begins as the part does."""
    name, _, number = found()[address].partition(":")
    (file,) = (each for each in MANIFESTS.rglob(name) if each.parent.name != "tests")
    assert file.read_text(encoding="utf-8").splitlines()[int(number) - 1].startswith(line)


def test_a_role_is_told_by_its_value_with_the_label_beside_it(tmp_path: Path) -> None:
    """The tenant knows the value alone, the manifest the label."""
    root = tmp_path / "entra-config.yaml"
    root.write_text(
        """\
project: shop
environments: { dev: { tenantId: 11111111-1111-1111-1111-111111111111 } }
applications:
  api:
    type: api
    displayName: Shop
    appRoles:
      Boss: { value: Shop.Boss, displayName: Boss, description: Rules., allowedMemberTypes: [User] }
appRoleAssignments:
  api: { Boss: { users: [alice@contoso.com] } }
""",
        encoding="utf-8",
    )
    manifest = loader.load(root, "dev")
    places = declared_places.places(manifest)
    assert places["application.api/appRole/Shop.Boss"].line == 8
    assert places["appRoleAssignment.api/Shop.Boss/user:alice@contoso.com"].line == 10
    assert declared_places.labels(manifest) == {"application.api/appRole/Shop.Boss": "Boss"}
