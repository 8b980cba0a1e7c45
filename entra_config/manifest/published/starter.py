"""A project's name, its tenant and what it is made of in; the files of a commented first manifest out, by
path below its folder.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from entra_config.manifest.published import schema, schema_files

SCHEMA_NAME = "entra-config.schema.json"
PLACEHOLDER_TENANT = "11111111-1111-1111-1111-111111111111"

_ROOT = """\
# yaml-language-server: $schema=./entra-config.schema.json
#
# The root file: the project, its environments, and the files that declare the rest.
# `entra-config validate` checks everything offline; `entra-config plan -e dev` shows what would change.

project: {project}        # with the environment's name it marks what this manifest owns in the tenant

files:
  - path: applications/*.yaml
  - path: access.yaml
  # A file may be restricted, so that a team owns keys and not just a file:
  # - {{ path: teams/billing.yaml, mayDeclare: [applications/api/appRoles/Billing.*] }}

environments:
  dev:
    tenantId: {tenant_id}
    variables: {{ {variable}suffix: " (dev)" }}

  # The same tenant, or another. `overrides` go on top of what the files say.
  # prod:
  #   tenantId: {tenant_id}
  #   protected: true                     # nothing is deleted, and every name must be pinned (`entra-config \
lock -e prod`)
  #   deployers: [{project} writer]       # the service principal that applies here; pinned, it proves what \
it made
  #   variables: {{ {variable_in_prod}suffix: "" }}
  #   policy:
  #     consent: {{ Microsoft Graph: {{ delegated: [User.Read] }} }}
"""

_API = """\
# yaml-language-server: $schema=../entra-config.schema.json
applications:
  # entra-config: ignore[owner-none] because nobody is named yet: write `owners`, and remove this line
  api:
    type: api
    displayName: {title} API${{suffix}}
    identifierUris:
      - api://${{appId}}                  # its own appId, known once it exists
    scopes:                               # what clients may do for a person
      access: {{ displayName: Use {title}, description: Lets the app use {title} for you., whoCanConsent: \
adminsAndUsers }}
    appRoles:                             # what a person (or a client) may do; tokens carry the label
      Reader: {{ displayName: Reader, description: Reads everything., allowedMemberTypes: [{members}] }}
      Admin: {{ displayName: Admin, description: Administers., allowedMemberTypes: [User] }}
{authorized}    enterpriseApplication: {{ assignmentRequired: true }}
"""

_SPA = """\
# yaml-language-server: $schema=../entra-config.schema.json
applications:
  # entra-config: ignore[owner-none] because nobody is named yet: write `owners`, and remove this line
  spa:
    type: spa
    displayName: {title} SPA${{suffix}}
    redirectUris:
      - ${{spaUrl}}/
    apiPermissions:
      api: {{ delegated: [access], adminConsent: true }}
      Microsoft Graph: {{ delegated: [openid, profile, offline_access], adminConsent: true }}
"""

_DEV_CLIENT = """\
# yaml-language-server: $schema=../entra-config.schema.json
applications:
  # entra-config: ignore[owner-none] because nobody is named yet: write `owners`, and remove this line
  devClient:                              # how people get a token to try the API with
    type: publicClient
    displayName: {title} Dev Client${{suffix}}
    redirectUris:
      - http://localhost
    apiPermissions:
      api: {{ delegated: [access], adminConsent: true }}
"""

_DAEMON = """\
# yaml-language-server: $schema=../entra-config.schema.json
applications:
  # entra-config: ignore[owner-none] because nobody is named yet: write `owners`, and remove this line
  daemon:                                 # signs in as itself, without a person and without a secret
    type: daemon
    displayName: {title} Daemon${{suffix}}
    federatedCredentials:
      github: {{ issuer: "https://token.actions.githubusercontent.com", subject: \
"repo:example/{project}:environment:${{environment}}" }}
    apiPermissions:
      api: {{ application: [Reader], adminConsent: true }}
"""

_WEB = """\
# yaml-language-server: $schema=../entra-config.schema.json
applications:
  # entra-config: ignore[owner-none] because nobody is named yet: write `owners`, and remove this line
  web:                                    # a server that signs people in and keeps what proves who it is
    type: web
    displayName: {title} Web${{suffix}}
    redirectUris:
      - ${{webUrl}}/auth/callback
    # What it signs in with: a federated credential where its host gives tokens, or a secret with a life.
    # credentials: {{ secrets: {{ main: {{ sink: vault }} }} }}
    apiPermissions:
      api: {{ delegated: [access], adminConsent: true }}
      Microsoft Graph: {{ delegated: [openid, profile, offline_access], adminConsent: true }}
"""

_ACCESS = """\
# yaml-language-server: $schema=./entra-config.schema.json
#
# Who holds which role: users by UPN, groups by display name. What is listed has nobody else; `api: {}` is \
nobody at all.
appRoleAssignments:
  # api:
  #   Reader: { groups: [All Staff] }
  #   Admin: { groups: [Platform], users: [alice@contoso.com] }
"""

_TESTS = """\
# yaml-language-server: $schema=../entra-config.tests.schema.json
#
# Who gets in, as a test: `entra-config test` proves it on an emulator of its own, without a tenant.
tests:
  - it: keeps out whoever has no role
    as: {{ memberOf: [] }}
    client: {client}
    asks: [api/access]
    expect: {{ refused: AADSTS50105 }}

  # Once access.yaml gives roles: a row for each group, or for somebody under `people:`.
  # - it: gives each the roles of the access model
  #   client: {client}
  #   asks: [api/access]
  #   grid:
  #     roles:     [Reader, Admin]
  #     All Staff: [x,      .    ]
  #     Platform:  [.,      x    ]
"""


_MACHINE_TESTS = """\
# yaml-language-server: $schema=../entra-config.tests.schema.json
#
# Who gets in, as a test: `entra-config test` proves it on an emulator of its own, without a tenant.
tests:
  - it: lets the workflow of dev be the daemon, as a Reader
    client: daemon
    workload: {{ issuer: https://token.actions.githubusercontent.com, subject: \
"repo:example/{project}:environment:dev" }}
    asks: [api/.default]
    expect: {{ token: {{ roles: [Reader] }} }}

  - it: keeps a branch without an environment out
    client: daemon
    workload: {{ issuer: https://token.actions.githubusercontent.com, subject: \
"repo:example/{project}:ref:refs/heads/main" }}
    asks: [api/.default]
    expect: {{ refused: AADSTS700213 }}
"""


@dataclass(frozen=True, slots=True)
class ProjectKind:
    """What a project is made of: an API, and one client of it."""

    about: str
    client: str
    text: str
    tests: str = _TESTS
    variable: tuple[str, str, str] = ("", "", "")
    members: str = "User"

    def words(self) -> Mapping[str, str]:
        """Return what the files say of it."""
        name, dev, prod = self.variable
        head = "    authorizedClients:                    # these ask nobody for consent\n"
        for_nobody = f"{head}      {self.client}: [access]\n"
        return {
            "client": self.client,
            "members": self.members,
            "authorized": for_nobody if self.members == "User" else "",
            "variable": f'{name}: "{dev}", ' if name else "",
            "variable_in_prod": f'{name}: "{prod}", ' if name else "",
        }


_URLS = ("https://localhost:5173", "https://app.example.com")
KINDS: Mapping[str, ProjectKind] = {
    "spa-api": ProjectKind("a page in the browser and its API", "spa", _SPA, variable=("spaUrl", *_URLS)),
    "api": ProjectKind("an API alone, with a client to try it with", "devClient", _DEV_CLIENT),
    "web": ProjectKind(
        "a server that signs people in, and its API",
        "web",
        _WEB,
        variable=("webUrl", "https://localhost:7000", "https://app.example.com"),
    ),
    "daemon": ProjectKind(
        "a job without a person, and the API that it calls",
        "daemon",
        _DAEMON,
        _MACHINE_TESTS,
        members="User, Application",
    ),
}
USUAL = "spa-api"


def files(project: str, tenant_id: str, kind: str = USUAL) -> Mapping[str, str]:
    """Return the files of a manifest that validates as it is."""
    made = KINDS[kind]
    words = {"project": project, "tenant_id": tenant_id, "title": title(project), **made.words()}
    return {
        "entra-config.yaml": _ROOT.format(**words),
        "applications/api.yaml": _API.format(**words),
        f"applications/{made.client}.yaml": made.text.format(**words),
        "access.yaml": _ACCESS,
        "tests/access.yaml": made.tests.format(**words),
        SCHEMA_NAME: schema_files.text(schema.build()),
    }


def title(project: str) -> str:
    """Return what people see of a project's name."""
    return project[:1].upper() + project[1:]
