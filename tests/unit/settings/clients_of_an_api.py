"""An API and its four clients in two environments, as committed files."""

from __future__ import annotations

from pathlib import Path

from entra_config.manifest import loader
from entra_config.manifest.model import Manifest

TEXT = """\
project: p
environments:
  dev: { tenantId: 11111111-1111-1111-1111-111111111111 }
  prod: { tenantId: 22222222-2222-2222-2222-222222222222 }
applications:
  api:
    type: api
    displayName: API
    identifierUris: ["api://${appId}"]
    scopes:
      read: { value: user.read, displayName: Read, description: Reads. }
      write: { displayName: Write, description: Writes. }
    appRoles:
      Job: { displayName: Job, description: Works., allowedMemberTypes: [Application], value: Job.All }
    authorizedClients: { desk: [write] }
  desk:
    type: publicClient
    displayName: Desk
    redirectUris: [http://localhost]
    apiPermissions: { api: { delegated: [read, write], adminConsent: true } }
  page-client:
    type: spa
    only: [prod]
    displayName: Page
    redirectUris: [https://a.example.com/]
    apiPermissions: { api: { delegated: [read], adminConsent: true } }
  job:
    type: daemon
    displayName: Job
    apiPermissions: { api: { application: [Job], adminConsent: true } }
  idle: { type: daemon, displayName: Idle }
settings:
  folder: out/${environment}/values
  apis:
    api:
      url: https://api.example.com
      shell: tokens.env
      requests:
        a: { method: GET, path: /a, scopes: [read] }
        b: { method: POST, path: /b, scopes: [write] }
        c: { method: GET, path: /c, scopes: [read] }
"""


def manifests(folder: Path, text: str = TEXT) -> list[Manifest]:
    """Return every environment of a manifest."""
    (folder / "entra-config.yaml").write_text(text, encoding="utf-8")
    return loader.load_all(folder)
