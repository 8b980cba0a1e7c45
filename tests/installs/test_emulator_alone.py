"""The wheel with the extra `emulator`, without the folders entra_config and entra_fleet: MSAL signs in,
azure-cli's requests are answered, and every page of the portal opens.
"""

from __future__ import annotations

import os
import re
import shutil
import ssl
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx
import jwt
import msal
import pytest
from starlette.routing import Route

from entra_emulator import seed
from tests.clients.browsing import follow_sign_in
from tests.installs.installed import ROOT, Installed, environment
from tests.unit.emulator.portal.browsing import SAME, Browser, graph
from tests.unit.emulator.portal.walking import NO_PAGES, Walk

pytestmark = [pytest.mark.installs, pytest.mark.xdist_group("alone")]

REDIRECT = "http://localhost:5001/callback"
GRAPH = "https://graph.microsoft.com/.default"
ROLE = {
    "id": "9d000000-0000-4000-8000-00000000000a",
    "value": "Reader",
    "displayName": "Reader",
    "description": "Reads",
    "isEnabled": True,
    "allowedMemberTypes": ["User", "Application"],
}
RECORDED = "tests/conformance/graph/test_graph_recordings.py"


@dataclass(frozen=True)
class Running:
    """An emulator that `entra-emulator start` started."""

    installed: Installed
    origin: str
    ca: Path

    @property
    def trust(self) -> ssl.SSLContext:
        """Return a TLS context that trusts this emulator only."""
        return ssl.create_default_context(cafile=str(self.ca))


class FarBrowser(Browser):
    """The portal of an emulator in another process."""

    def __init__(self, running: Running) -> None:
        super().__init__()
        self.origin = running.origin
        self.client = httpx.Client(
            base_url=running.origin, verify=running.trust, follow_redirects=True, timeout=60
        )

    def post(
        self, path: str, form: Mapping[str, str] | None = None, *, headers: Mapping[str, str] = SAME
    ) -> httpx.Response:
        """Send a form of a page of that emulator."""
        return super().post(path, form, headers={**headers, "Origin": self.origin})


def run(installed: Installed, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the emulator's own program."""
    return installed.python(str(installed.folder / "bin/entra-emulator"), *arguments)


@pytest.fixture(scope="module")
def running(wheel: Path, pins: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Install, delete the other two packages, and start."""
    folder = tmp_path_factory.mktemp("alone")
    environment(folder, sys.executable, f"{wheel}[emulator]", pins)
    installed = Installed(folder, tmp_path_factory.mktemp("desk"))
    for package in ("entra_config", "entra_fleet"):
        shutil.rmtree(installed.packages / package)
    assert "No module named 'entra_config'" in installed.python("-c", "import entra_config").stderr
    started = run(installed, "start", "--port", "0")
    assert started.returncode == 0, started.stderr
    try:
        variables = dict(re.findall(r"^export (\w+)=(.*)$", run(installed, "env").stdout, re.MULTILINE))
        yield Running(installed, variables["ENTRA_EMULATOR"], Path(variables["ENTRA_EMULATOR_CA"]))
    finally:
        stopped = run(installed, "stop")
    assert stopped.returncode == 0, stopped.stderr


def test_msal_signs_in(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """The deployer by its secret, and a user by the authorization code flow with PKCE."""
    # requests prefers this variable, where the machine sets it, to the `verify` of its session.
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(running.ca))
    settings = {
        "authority": f"{running.origin}/{seed.CONTOSO}",
        "instance_discovery": False,
        "verify": str(running.ca),
    }
    deployer = msal.ConfidentialClientApplication(
        seed.DEPLOYER_APP_ID, client_credential=seed.DEPLOYER_SECRET, **settings
    )
    token = deployer.acquire_token_for_client([GRAPH])["access_token"]
    assert jwt.decode(token, options={"verify_signature": False})["appid"] == seed.DEPLOYER_APP_ID

    browser = FarBrowser(running)
    page = {"displayName": "Page", "publicClient": {"redirectUris": [REDIRECT]}}
    made = graph(browser, "POST", "/applications", page).json()
    graph(browser, "POST", "/servicePrincipals", {"appId": made["appId"]})
    public = msal.PublicClientApplication(made["appId"], **settings)
    flow = public.initiate_auth_code_flow(["User.Read"], redirect_uri=REDIRECT)
    response = follow_sign_in(flow["auth_uri"], "bob@contoso.com", running.trust)
    signed_in = public.acquire_token_by_auth_code_flow(flow, response)
    assert signed_in["id_token_claims"]["preferred_username"] == "bob@contoso.com"


def test_azure_cli_s_requests_are_answered(running: Running, tmp_path: Path) -> None:
    """As the recorded sessions of azure-cli have them."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-n", "0", RECORDED]
    ran = subprocess.run(
        [*command, "--emulator-url", running.origin],
        cwd=ROOT,
        env={**os.environ, "SSL_CERT_FILE": str(running.ca)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout
    assert re.search(r"^\d+ passed", ran.stdout, re.MULTILINE), ran.stdout
    assert "skipped" not in ran.stdout


def test_every_page_of_the_portal_opens(running: Running) -> None:
    """Each link and each form of each page is followed; none fails without an extension."""
    browser = FarBrowser(running)
    policy = {"id": "mine", "displayName": "Mine"}
    graph(browser, "POST", "/policies/permissionGrantPolicies", policy)
    user = graph(browser, "GET", "/users/li@contoso.com").json()
    graph(browser, "DELETE", f"/users/{user['id']}")
    browser.post("snapshots/save", {"name": "before"})
    app = graph(browser, "POST", "/applications", {"displayName": "Api", "appRoles": [ROLE]}).json()
    principal = graph(browser, "POST", "/servicePrincipals", {"appId": app["appId"]}).json()
    given = {"principalId": principal["id"], "resourceId": principal["id"], "appRoleId": ROLE["id"]}
    graph(browser, "POST", f"/servicePrincipals/{principal['id']}/appRoleAssignedTo", given)
    consent = {"clientId": principal["id"], "resourceId": principal["id"], "consentType": "AllPrincipals"}
    graph(browser, "POST", "/oauth2PermissionGrants", {**consent, "scope": "user.read"})
    walked = Walk(browser)
    walked.all()
    routes = {route.path for route in browser.portal.routes() if isinstance(route, Route)}
    assert routes - walked.sorts() - set(NO_PAGES) - {"/"} == set()
    assert len(walked.responses) > 150
