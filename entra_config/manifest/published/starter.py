"""A project's name and tenant in, the files of a commented first manifest out, by path below its folder."""

from __future__ import annotations

from collections.abc import Mapping

from entra_config.manifest.published import schema

SCHEMA_NAME = "entra-config.schema.json"

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
    variables: {{ spaUrl: "https://localhost:5173", suffix: " (dev)" }}

  # The same tenant, or another. `overrides` go on top of what the files say.
  # prod:
  #   tenantId: {tenant_id}
  #   protected: true                     # nothing is deleted, and every name must be pinned (`entra-config \
lock -e prod`)
  #   deployers: [{project} writer]       # the service principal that applies here; pinned, it proves what \
it made
  #   variables: {{ spaUrl: "https://app.example.com", suffix: "" }}
  #   policy:
  #     consent: {{ Microsoft Graph: {{ delegated: [User.Read] }} }}
"""

_API = """\
# yaml-language-server: $schema=../entra-config.schema.json
applications:
  api:
    type: api
    displayName: {title} API${{suffix}}
    identifierUris:
      - api://${{appId}}                  # its own appId, known once it exists
    scopes:                               # what clients may do for a person
      access: {{ displayName: Use {title}, description: Lets the app use {title} for you., whoCanConsent: \
adminsAndUsers }}
    appRoles:                             # what a person (or a client) may do; tokens carry the label
      Reader: {{ displayName: Reader, description: Reads everything., allowedMemberTypes: [User] }}
      Admin: {{ displayName: Admin, description: Administers., allowedMemberTypes: [User] }}
    authorizedClients:                    # these ask nobody for consent
      spa: [access]
    enterpriseApplication: {{ assignmentRequired: true }}
"""

_SPA = """\
# yaml-language-server: $schema=../entra-config.schema.json
applications:
  spa:
    type: spa
    displayName: {title} SPA${{suffix}}
    redirectUris:
      - ${{spaUrl}}/
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
    client: spa
    asks: [api/access]
    expect: {{ refused: AADSTS50105 }}

  # Once access.yaml gives roles: a row for each group, or for somebody under `people:`.
  # - it: gives each the roles of the access model
  #   client: spa
  #   asks: [api/access]
  #   grid:
  #     roles:     [Reader, Admin]
  #     All Staff: [x,      .    ]
  #     Platform:  [.,      x    ]
"""


def files(project: str, tenant_id: str) -> Mapping[str, str]:
    """Return the files of a manifest that validates as it is."""
    words = {"project": project, "tenant_id": tenant_id, "title": project[:1].upper() + project[1:]}
    return {
        "entra-config.yaml": _ROOT.format(**words),
        "applications/api.yaml": _API.format(**words),
        "applications/spa.yaml": _SPA.format(**words),
        "access.yaml": _ACCESS,
        "tests/access.yaml": _TESTS.format(**words),
        SCHEMA_NAME: schema.text(),
    }
