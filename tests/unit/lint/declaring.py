"""One manifest that declares all that rules look at; its applications, and where its words stand, out."""

from __future__ import annotations

from pathlib import Path

import pytest

from entra_config.errors import Position
from entra_config.lint import declared
from entra_config.lint.subject import LintSubject
from entra_config.manifest import loader
from tests.unit.lint.snippets import HEAD

GRAPH = "00000003-0000-0000-c000-000000000000"
OTHER = "5c1b2f7e-0000-4000-8000-00000000000a"
EXTERNAL = "5C1B2F7E-0000-4000-8000-0000000000AB"
API = "5c1b2f7e-0000-4000-8000-000000000001"
TEXT = f"""\
{HEAD}applications:
  api:
    type: api
    displayName: API
    appId: {API}
    signInAudience: AzureADMultipleOrgs
    identifierUris: ["api://api"]
    scopes:
      read: {{ displayName: R, description: Reads., whoCanConsent: adminsAndUsers }}
      write: {{ displayName: A, description: Writes., whoCanConsent: admins, isEnabled: false }}
    appRoles:
      Reader: {{ displayName: R, description: Reads., allowedMemberTypes: [User, Application] }}
      Gone: {{ displayName: G, description: Was., allowedMemberTypes: [Application], isEnabled: false }}
    authorizedClients:
      web: [read]
      Microsoft Azure CLI: [write]
      other: [read]
      {EXTERNAL}: [read, write]
    owners:
      - alice@example.com
      - bob_partner.com#ext#@example.com
      - {OTHER}
      - Pipeline
      - {{ name: Named, id: {API} }}
  mcp:
    type: api
    displayName: MCP
    appId: {EXTERNAL.lower()}
    owners: []
    scopes:
      read: {{ displayName: R, description: Reads., whoCanConsent: adminsAndUsers }}
    mcp:
      url: https://mcp.example.com/a
      clients: [VS Code]
  web:
    type: web
    displayName: Web
    platforms:
      web: [https://a.example.com/]
      spa: [https://b.example.com/]
    apiPermissions:
      api:
        delegated: [read, write]
        application: [Reader, Gone]
        adminConsent: {{ delegated: [read], application: [Reader] }}
      {GRAPH}: {{ delegated: [User.Read], application: [User.Read.All] }}
      other:
        application: [Job]
        adminConsent:
          application: [Job, Zeta, Beta, Alpha, Gamma]
          delegated: [z.read, b.read, a.read, g.read]
      second: {{ delegated: [x], application: [Y], adminConsent: [x] }}
  spa:
    type: spa
    displayName: Spa
    redirectUris: [https://c.example.com/]
enterpriseApplications:
  other: {{ appId: {OTHER} }}
  second: {{ displayName: Second }}
appRoleAssignments:
  api:
    Reader: {{ users: [bob@example.com], groups: [Team], servicePrincipals: [Nightly] }}
"""


def place(of: str, begin: str = "") -> Position:
    """Return where a word stands, the first one behind another."""
    at = TEXT.index(of, TEXT.index(begin) if begin else 0)
    return Position("entra-config.yaml", TEXT.count("\n", 0, at) + 1, at - TEXT.rfind("\n", 0, at))


def of_text(text: str, folder: Path) -> dict[str, LintSubject]:
    """Return the applications of one environment by key, with places in `entra-config.yaml`."""
    path = folder / "entra-config.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        (loaded,) = loader.loaded(Path("entra-config.yaml"))
    return {each.key: each for each in declared.subjects(loaded)}
