"""A folder with a small manifest, and its access tests run from text."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from entra_config.testing import runs
from entra_config.testing.model import AccessTest
from entra_config.testing.results import Results

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
MANIFEST = """\
project: shop
environments:
  dev: { tenantId: 11111111-1111-1111-1111-111111111111 }
applications:
  api:
    type: api
    displayName: Shop API
    identifierUris: ["api://${appId}"]
    scopes:
      read: { displayName: Read, description: Reads., whoCanConsent: admins }
      write: { displayName: Write, description: Writes., whoCanConsent: admins, value: write.all }
    appRoles:
      Clerk: { displayName: Clerk, description: Clerks. }
      Boss: { displayName: Boss, description: Bosses., value: Boss.All }
      Robot: { displayName: Robot, description: Robots., allowedMemberTypes: [Application] }
    apiPermissions:
      stock: { delegated: [see], adminConsent: true }
    groupMembershipClaims: SecurityGroup
  stock:
    type: api
    displayName: Stock
    identifierUris: ["api://${appId}"]
    scopes:
      see: { displayName: See, description: Sees., whoCanConsent: admins }
  page:
    type: spa
    displayName: Page
    redirectUris: ["https://shop.contoso.com/"]
    apiPermissions:
      api: { delegated: [read], adminConsent: true }
      Microsoft Graph: { delegated: [openid, profile], adminConsent: true }
  site:
    type: web
    displayName: Site
    redirectUris: ["https://site.contoso.com/"]
    apiPermissions:
      api: { delegated: [read, write], adminConsent: true }
  robot:
    type: daemon
    displayName: Robot
    federatedCredentials:
      pipeline: { issuer: https://ci.example.com, subject: main }
      branch: { github: { repository: a/b, branch: main } }
      release: { github: { matches: "claims['sub'] matches 'repo:a/b:ref:refs/tags/*' and \
claims['repository_id'] eq '2'" } }
    apiPermissions:
      api: { application: [Robot], adminConsent: true }
appRoleAssignments:
  api:
    Clerk: { groups: [Clerks], users: [bob@contoso.com] }
    Boss: { groups: [Bosses] }
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder that has the manifest in `manifests`."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "manifests/tests").mkdir(parents=True)
    (tmp_path / "manifests/entra-config.yaml").write_text(MANIFEST)
    return tmp_path


Write = Callable[..., Path]
RunTests = Callable[..., Results]
FILE = "manifests/tests/a.yaml"


@pytest.fixture
def write(folder: Path) -> Write:
    """Write a file of access tests."""

    def written(text: str, name: str = "a.yaml") -> Path:
        path = Path("manifests/tests") / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    return written


@pytest.fixture
def run_tests(write: Write) -> RunTests:
    """Run the access tests of a text."""

    def run(text: str, wanted: Callable[[AccessTest], bool] = lambda _: True) -> Results:
        write(text)
        return asyncio.run(runs.run(Path("manifests"), now=NOW, wanted=wanted))

    return run
