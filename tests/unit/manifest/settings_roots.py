"""A root file with `settings` of some applications."""

from __future__ import annotations

ROOT = """project: myapp
environments:
  dev: {{ tenantId: 11111111-1111-1111-1111-111111111111, variables: {{ at: "https://localhost:5173" }} }}
  prod: {{ tenantId: 11111111-1111-1111-1111-111111111111, variables: {{ at: "https://app.example" }}, overrides: {over} }}
applications:
  api:
    type: api
    displayName: API
    identifierUris: ["api://${{appId}}"]
    scopes: {{ read: {{ value: data.read, displayName: Read, description: Reads., whoCanConsent: adminsAndUsers }} }}
    appRoles: {{ Reader: {{ displayName: Reader, description: Reads., allowedMemberTypes: [User, Application] }} }}
  page:
    type: spa
    displayName: Page
    redirectUris: ["${{at}}/redirect.html"]
    apiPermissions: {{ api: {{ delegated: [read] }} }}
  other: {{ type: spa, displayName: Other, only: [dev], redirectUris: ["https://api.example/docs/oauth2-redirect.html"] }}
  bff: {{ type: web, displayName: BFF, redirectUris: ["https://app.example/auth/callback", "https://app.example/"], logoutUrl: https://app.example/auth/front-channel-logout, optionalClaims: {{ idToken: [sid] }}, apiPermissions: {{ api: {{ delegated: [read] }} }}, federatedCredentials: {{ task: {{ issuer: "https://x.tokens.sts.global.api.aws", subject: "arn:aws:iam::123456789012:role/bff" }} }} }}
  idle: {{ type: spa, displayName: Idle, redirectUris: ["https://idle.example/redirect.html"] }}
settings:
{settings}
"""
API = "apis: { api: { url: https://api.example } }"


def root(settings: str, over: str = "{}") -> str:
    """Return a root file with these settings, one line each."""
    return ROOT.format(settings="\n".join(f"  {line}" for line in settings.splitlines()), over=over)
