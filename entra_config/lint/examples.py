"""Examples that several rules are told with: what differs in, YAML as a user or Graph writes it out.

With `told` the mark `«` stands before what is found; without, it is the near miss.
"""

from __future__ import annotations

MARK = "«"


def secret(
    start: str, end: str, *, key: str = "11111111-0000-4000-8000-000000000001", reported: bool = False
) -> str:
    """Return an application with one secret, from one day to another."""
    return f"""\
application:
  displayName: App
  passwordCredentials:
    - {MARK if reported else ""}keyId: {key}
      displayName: ci
      startDateTime: {start}T00:00:00Z
      endDateTime: {end}T00:00:00Z
"""


def certificate(file: str, *, reported: bool = False) -> str:
    """Return an application with one certificate."""
    return f"""\
applications:
  app:
    type: daemon
    displayName: App
    certificates:
      {MARK if reported else ""}ci: {{ file: certificates/{file} }}
"""


def workload(subject: str, role: str, *, reported: bool = False) -> str:
    """Return a workload of GitHub's that holds a role of an API."""
    return f"""\
applications:
  app:
    type: daemon
    displayName: App
    federatedCredentials:
      github:
        issuer: "https://token.actions.githubusercontent.com"
        subject: {MARK if reported else ""}{subject}
    apiPermissions:
      api: {{ application: [{role}] }}
  api:
    type: api
    displayName: API
    appRoles:
      Reader: {{ displayName: Reader, description: Reads., allowedMemberTypes: [Application] }}
      Writer: {{ displayName: Writer, description: Writes., allowedMemberTypes: [Application] }}
"""


def matching(expression: str, *, reported: bool = False) -> str:
    """Return a workload of GitHub's that matches by an expression."""
    return f"""\
applications:
  app:
    type: daemon
    displayName: App
    federatedCredentials:
      workload:
        github:
          matches: {MARK if reported else ""}{expression}
"""


def commented(comment: str, *, reported: bool = False) -> str:
    """Return a page in a protected environment, with a comment at an address of the machine itself."""
    return f"""\
project: myapp
environments:
  prod: \
{{ tenantId: 11111111-1111-1111-1111-111111111111, protected: true, deployers: [MyApp Writer (prod)] }}
applications:
  app:
    type: spa
    displayName: App
    redirectUris:
      - https://app.example.com/
      - https://localhost:5173/    {MARK if reported else ""}# entra-config: {comment}
"""


def limited(rule: str, most: int, applications: str) -> str:
    """Return applications with a policy that says how many of something a rule allows."""
    return f"""\
project: myapp
policy: {{ lint: {{ rules: {{ {rule}: {{ most: {most} }} }} }} }}
environments:
  dev: {{ tenantId: 11111111-1111-1111-1111-111111111111 }}
{applications}"""


def implicit(grant: str, *, reported: bool) -> str:
    """Return a server that is given a type of token in the URL, or is not."""
    value = f"{MARK if reported else ''}{grant}: {str(reported).lower()}"
    return f"""\
applications:
  app:
    type: web
    displayName: App
    properties: {{ web: {{ implicitGrantSettings: {{ {value} }} }} }}
"""


def mcp_server(url: str, *, reported: bool = False) -> str:
    """Return an API that is an MCP server at an address."""
    return f"""\
applications:
  api:
    type: api
    displayName: API
    scopes: {{ read: {{ displayName: Read, description: Reads., whoCanConsent: adminsAndUsers }} }}
    mcp:
      {MARK if reported else ""}url: {url}
"""


def federated(issuer: str, subject: str, audience: str = "") -> str:
    """Return a workload by its issuer and subject, of which one bears the mark where that is found."""
    more = f"        audience: {audience}\n" if audience else ""
    return f"""\
applications:
  app:
    type: daemon
    displayName: App
    federatedCredentials:
      workload:
        issuer: {issuer}
        subject: {subject}
{more}"""
