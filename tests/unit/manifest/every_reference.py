"""A manifest in several files in which each field that can name something names something, and its rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from entra_config.manifest.fields.access_test_records import TESTS
from entra_config.manifest.fields.definitions import shapes
from entra_config.manifest.fields.field import Definition, Field, Mapped, Record, Several, Shape
from entra_config.manifest.fields.lock_records import LOCK
from entra_config.manifest.fields.records import BY_KIND
from entra_config.manifest.fields.root import ROOT

TENANT = "11111111-1111-1111-1111-111111111111"
FILES = {
    "entra-config.yaml": """\
project: myapp
files:
  - applications.yaml
  - path: team.yaml
    mayDeclare: [applications/web/notes, appRoleAssignments/api/Reader, "appRoleAssignments/api/Wri*"]
tests: [{ path: tests/*.yaml, mayDeclare: [people/*, groups/*, tests/*] }]
environments:
  dev:
    tenantId: 11111111-1111-1111-1111-111111111111
    deployers: [dora@contoso.com, Deployers]
    variables: { owner: olga@contoso.com, crew: "Crew ${environment}" }
    acknowledged:
      api: [{ id: 5c1b2f7e-0000-4000-8000-000000000001, application: [Reader], delegated: [data.read] }]
    policy:
      consent: { Partner: { delegated: [Their.Read], application: [Their.Role] } }
      lint: { rules: { token-v1: { severity: "off", applications: [api], because: it is known } } }
    overrides:
      applications: { web: { owners: ["${owner}", Robot] } }
      appRoleAssignments: { api: { Writer: { users: [erin@contoso.com] } } }
  prod:
    tenantId: 11111111-1111-1111-1111-111111111111
    variables: { owner: paul@contoso.com, crew: Guild }
lists: { teams: { blue: { only: [dev] } } }
removed: { applications: { gone: { destroy: true, only: [dev] } } }
grants: { Robot: { Partner: { application: [Their.Role], absent: [Their.Other] } } }
policy: { lint: { rules: { token-v1: { severity: "off", applications: [web], because: it is known } } } }
settings:
  folder: out/${environment}
  apis:
    api:
      url: https://api.example.com
      docsClient: page
      operations:
        read: { scopes: [read], roles: [Reader], applicationRoles: [Reader] }
        any: { anyScope: [read], roles: [Writer] }
      requests:
        get: { path: /records, scopes: [read], roles: [Reader], applicationRoles: [Reader] }
  spas: { page: { url: "https://page.example.com", api: api } }
  webs: { web: { url: "https://web.example.com", api: api } }
""",
    "applications.yaml": """\
applications:
  api:
    type: application
    displayName: API
    previously: backend
    owners: [olga@contoso.com]
    identifierUris: ["api://${appId}"]
    scopes:
      read: { description: Reads., displayName: Read, value: data.read, previously: see }
    appRoles:
      Reader: { description: Reads., allowedMemberTypes: [User, Application], previously: Viewer }
      Writer: { description: Writes., value: Data.Writer }
    authorizedClients: { web: [read] }
    knownClientApplications: [web]
    enterpriseApplication:
      owners: [{ name: olga@contoso.com, until: 2099-01-31 }]
      notificationEmailAddresses: [olga@contoso.com]
  web:
    type: web
    displayName: Web
    only: [dev]
    logoutUrl: https://web.example.com/${applications.api.appId}
    apiPermissions:
      api: { delegated: [read], application: [Reader], adminConsent: { delegated: [read], application: [Reader] } }
      Partner: { delegated: [Their.Read] }
  job:
    type: daemon
    displayName: Job
    apiPermissions: { api: { application: [Reader], adminConsent: [{ name: Reader, until: 2099-01-31 }] } }
  page:
    type: spa
    displayName: Page
    redirectUris: [https://api.example.com/docs/oauth2-redirect.html]
    apiPermissions: { api: { delegated: [read] } }
  mcp:
    type: api
    displayName: MCP
    identifierUris: [https://mcp.example.com/mcp]
    scopes: { use: { description: Uses., displayName: Use, whoCanConsent: adminsAndUsers } }
    mcp: { url: "https://mcp.example.com/mcp", scopes: [use] }
enterpriseApplications:
  partner: { displayName: Partner, only: [dev, prod], owners: [dora@contoso.com], notificationEmailAddresses: [dora@contoso.com] }
  hr: HR
appRoleAssignments:
  api:
    Writer: { users: [erin@contoso.com], groups: ["${crew}"] }
""",
    "team.yaml": """\
applications: { web: { notes: ours } }
appRoleAssignments:
  api:
    Reader:
      users: &people [erin@contoso.com, { name: frank@contoso.com, until: 2099-01-31 }]
      groups: [{ name: Staff, id: 5c1b2f7e-0000-4000-8000-00000000000a }]
      servicePrincipals: [Robot]
""",
    "tests/access.yaml": """\
people: { erin@contoso.com: { memberOf: [Staff] } }
groups: { Staff: { memberOf: [Everyone] }, Everyone: {} }
tests:
  - it: lets erin in
    only: [dev]
    as: erin@contoso.com
    client: web
    asks: [api/read, openid]
    expect: { token: { roles: [Reader], scp: data.read, aud: api, azp: web, appid: web }, idToken: { roles: [Member], aud: web } }
  - it: lets somebody of a group in
    only: [dev]
    as: { memberOf: [Staff] }
    client: web
    asks: [api/read]
    expect: { token: { roles: { contains: [Data.Writer] } } }
  - it: has a grid
    only: [dev]
    client: web
    asks: [api/read]
    grid: { roles: [Reader], erin@contoso.com: [x], Staff: [.] }
  - it: lets the API call
    only: [dev]
    client: api
    asks: [mcp/.default]
    secret: true
    as: erin@contoso.com
    onBehalfOf: { client: web, asks: [api/read] }
    expect: { refused: AADSTS65001 }
""",
    "entra-config.dev.lock.yaml": """\
tenantId: 11111111-1111-1111-1111-111111111111
users: { erin@contoso.com: { id: 5c1b2f7e-0000-4000-8000-0000000000e1, was: e@contoso.com } }
groups: { Everyone: { id: 5c1b2f7e-0000-4000-8000-0000000000e2, was: All } }
servicePrincipals: { Robot: { id: 5c1b2f7e-0000-4000-8000-0000000000e3, was: Bot } }
applications:
  api:
    appId: 5c1b2f7e-0000-4000-8000-0000000000e4
    was: backend
    owners: [5c1b2f7e-0000-4000-8000-0000000000e1]
""",
}


def write(folder: Path) -> Path:
    """Write the files of the manifest; return the root file."""
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder / "entra-config.yaml"


def rows() -> Iterator[tuple[str, Field | Mapped]]:
    """Yield each row of the field table, and each map with keys, by the path that leads there.

    `overrides` have the rows of the files, and are left out.
    """
    for file, record in (("", ROOT), ("tests:", TESTS), ("lock:", LOCK)):
        yield from _rows(record, file)


def _rows(shape: Shape, path: str) -> Iterator[tuple[str, Field | Mapped]]:
    if isinstance(shape, Definition):
        found = None if shape.name == "overrides" else shapes().get(shape.name)
        if found is not None:
            yield from _rows(found, path)
    elif isinstance(shape, Mapped):
        yield f"{path}.*", shape
        yield from _rows(shape.of, f"{path}.*")
    elif isinstance(shape, Several):
        yield from _rows(shape.of, f"{path}[]")
    elif isinstance(shape, Record):
        for row in shape.fields:
            yield f"{path}.{row.key}", row
            yield from _rows(row.shape, f"{path}.{row.key}")
        if shape.others is not None:
            yield from _rows(shape.others, path)
    elif shape == "consent":
        yield from _rows(BY_KIND, path)
