"""Every page that a person gets from the emulator, and the drift report, in Chromium: axe, phone and
desktop, both schemes.
"""

import base64
import hashlib
import json
import os
import re
import runpy
import ssl
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from entra_config.emulator import background, run_file, seed, state_files
from entra_config.emulator.clock import seconds_stamp
from entra_config.emulator.directory import Tenants
from entra_config.emulator.portal.pages import PAGES
from entra_config.report import drift_html, fleet_html, holders_html
from entra_config.report import html as plan_html
from entra_config.report.drift_history import Tally

ROOT = Path(__file__).parents[2]
SCREENSHOTS = ROOT / "output" / "screenshots" / "pages"
CLIENT, WITH_APPROVAL = "9a9e0000-0000-4000-8000-000000000001", "9a9e0000-0000-4000-8000-000000000002"
REDIRECT = "http://localhost/callback"
TASKS, ROLE, GRANT, POLICY, GONE = (f"9a9e0000-0000-4000-8000-00000000000{number}" for number in range(3, 8))
USER_READ, DIRECTORY_READ = "e1fe6dd8-ba31-4d61-89e7-88639da4683d", "06da0dbc-49e2-44d2-8312-53f166ab848a"
PORTAL = "/portal/contoso.onmicrosoft.com"
NAMES = (
    "start", "registrations", "registrations-none", "registration", "enterprise",
    "enterprise-application", "users", "person", "groups", "group", "roles", "role", "directory-roles",
    "directory-role", "grants", "grant", "policies", "policy", "policy-restricting", "deleted",
    "deleted-object", "found", "missing", "faults", "traffic", "traffic-opened", "changes", "edited",
    "changes-since", "back", "question", "question-input", "question-consent", "question-delete",
    "question-restore", "question-register", "registration-asking", "token", "token-compared",
    "token-refused", "token-pasted", "sign-in", "sign-in-problem", "consent", "consent-administrator",
    "approval",
    "admin-consent", "device-code", "device-code-problem", "device", "device-done", "error", "signed-out",
    "faults-on", "drift", "drift-none", "plan", "plan-of-many", "access",
    "fleet", "fleet-of-many",
)  # fmt: skip
REPORTS = ("drift", "plan", "access", "fleet")

pytestmark = [pytest.mark.browser, pytest.mark.pages]


def prepare(directory: Tenants) -> None:
    """Add a client that anybody may consent to, and one that asks for what an administrator must grant."""
    tenant = directory.default
    for app_id, name, scope in (
        (CLIENT, "Notebook", USER_READ),
        (WITH_APPROVAL, "Directory browser", DIRECTORY_READ),
    ):
        access = [{"resourceAppId": seed.GRAPH_APP_ID, "resourceAccess": [{"id": scope, "type": "Scope"}]}]
        app = seed.add_application(
            tenant, name, app_id=app_id, publicClient={"redirectUris": [REDIRECT]},
            requiredResourceAccess=access,
            isFallbackPublicClient=True,
        )  # fmt: skip
        principal = seed.add_service_principal(tenant, app)
        seed.assign(
            tenant,
            {**tenant.users.rows[seed.fixed_id(seed.CONTOSO, "user", "bob@contoso.com")], "type": "User"},
            principal,
        )
    _more_objects(directory)


def _more_objects(directory: Tenants) -> None:
    """Add an API with a role and a consent, an app management policy that refuses, and what is deleted."""
    tenant = directory.default
    scope = {
        "id": GONE, "value": "tasks.read", "type": "User", "isEnabled": True,
        "adminConsentDisplayName": "Read tasks", "adminConsentDescription": "Reads tasks.",
        "userConsentDisplayName": None, "userConsentDescription": None,
    }  # fmt: skip
    role = {
        "id": ROLE, "value": "Editor", "displayName": "Editor", "description": "Edits tasks.",
        "isEnabled": True, "allowedMemberTypes": ["User"],
    }  # fmt: skip
    tags = ["entra-config:owner=tasks/dev", "entra-config:key=api"]
    app = seed.add_application(
        tenant, "Tasks API", app_id=TASKS, appRoles=[role], api={"oauth2PermissionScopes": [scope]}, tags=tags
    )
    api = seed.add_service_principal(tenant, app)
    admins = tenant.one("groups", "displayName", "myapp admins")
    alice = tenant.user_by_name("alice@contoso.com")
    client = tenant.service_principal_by_app_id(CLIENT)
    assert admins
    assert alice
    assert client
    seed.assign(tenant, {**admins, "type": "Group"}, api, ROLE)
    seed.assign(tenant, {**alice, "type": "User"}, api, ROLE)
    ends = {"clientId": client["id"], "resourceId": api["id"], "principalId": None}
    grant = {"id": GRANT, "consentType": "AllPrincipals", "scope": "tasks.read tasks.gone", **ends}
    tenant.oauth2_permission_grants.put(grant)
    tenant.tables["appManagementPolicies"].put(
        {
            "id": POLICY, "displayName": "No secrets that live long", "description": "For what is new.",
            "deletedDateTime": None, "isEnabled": True,
            "restrictions": {
                "passwordCredentials": [
                    {"restrictionType": "passwordLifetime", "maxLifetime": "P90D", "state": "enabled"},
                    {"restrictionType": "customPasswordAddition", "state": "enabled"},
                ]
            },
        }
    )  # fmt: skip
    tenant.app_policies.add(app["id"], POLICY)
    erin = tenant.user_by_name("erin@contoso.com")
    assert erin
    assignment = seed.assign(tenant, {**erin, "type": "User"}, api, ROLE)
    tenant.app_role_assignments.remove(assignment["id"])
    tenant.users.remove(erin["id"])
    stamp = seconds_stamp(directory.clock.now())
    parked = {**erin, "_type": "user", "_assignments": [assignment], "_grants": []}
    tenant.deleted_items.put({**parked, "deletedDateTime": stamp})


def authorize(client: str = CLIENT, scope: str = "openid profile User.Read", **more: str) -> str:
    """Write the address of a sign-in, without the origin."""
    query = {
        "client_id": client,
        "redirect_uri": REDIRECT,
        "response_type": "code",
        "scope": scope,
        "state": "s",
        **more,
    }
    return f"/{seed.CONTOSO}/oauth2/v2.0/authorize?{urlencode(query)}"


def click(selector: str) -> dict[str, str]:
    """Press a button that leads to the next page."""
    return {"click": selector}


def fill(selector: str, value: str) -> dict[str, str]:
    """Fill in a field."""
    return {"fill": selector, "value": value}


def person(name: str) -> dict[str, str]:
    """Choose a user of the sign-in page."""
    return click(f"button.person:has-text('{name}@contoso.com')")


def portal_pages() -> dict[str, tuple[str, str, list[dict[str, str]]]]:
    """Tell the same of the portal's pages."""
    application = seed.fixed_id(seed.CONTOSO, "application", CLIENT)
    principal = seed.fixed_id(seed.CONTOSO, "servicePrincipal", CLIENT)
    user, group = (
        seed.fixed_id(seed.CONTOSO, kind, name)
        for kind, name in (("user", "alice@contoso.com"), ("group", "MyApp Admins"))
    )
    both = {"client": CLIENT, "person": "alice@contoso.com", "other": "bob@contoso.com"}
    # Alice holds the API's role twice, Bob does not; nobody consented to what the client asks of Graph.
    compared, refused = (urlencode({**both, "api": api}) for api in (TASKS, seed.GRAPH_APP_ID))
    lists = {
        "registrations": "Registrations", "enterprise": "Enterprise applications", "users": "Users",
        "groups": "Groups", "roles": "App roles", "grants": "Grants", "policies": "Policies",
        "deleted": "Deleted", "directory-roles": "Directory roles",
    }  # fmt: skip
    api = seed.fixed_id(seed.CONTOSO, "servicePrincipal", TASKS)
    asking = seed.fixed_id(seed.CONTOSO, "application", WITH_APPROVAL)
    erin = seed.fixed_id(seed.CONTOSO, "user", "erin@contoso.com")
    tasks = seed.fixed_id(seed.CONTOSO, "application", TASKS)
    uri = {"application": tasks, "uri": "https://preview.example/", "platform": "web"}
    added = f"{PORTAL}/edit/add-uri?{urlencode(uri)}"
    return {
        "start": ("/", "Contoso", []),
        "registrations-none": (f"{PORTAL}/registrations?q=Notebok", "Registrations", []),
        "registration": (f"{PORTAL}/registrations/{application}", "Notebook", []),
        "enterprise-application": (f"{PORTAL}/enterprise/{principal}", "Notebook", []),
        "person": (f"{PORTAL}/users/{user}", "Alice Archer", []),
        "group": (f"{PORTAL}/groups/{group}", "MyApp Admins", []),
        **{name: (f"{PORTAL}/{name}", heading, []) for name, heading in lists.items()},
        "role": (f"{PORTAL}/roles/{api}/{ROLE}", "Editor at Tasks API", []),
        "directory-role": (
            f"{PORTAL}/directory-roles/Application%20Administrator", "Application Administrator", [],
        ),
        "grant": (f"{PORTAL}/grants/{GRANT}", "Notebook at Tasks API", []),
        "policy": (f"{PORTAL}/policies/authorizationPolicy", "Authorization Policy", []),
        "policy-restricting": (
            f"{PORTAL}/policies/appManagementPolicies/{POLICY}", "No secrets that live long", [],
        ),
        "deleted-object": (f"{PORTAL}/deleted/{erin}", "Erin Evans", []),
        "found": (f"{PORTAL}/find?q=myapp", "Found", []),
        "missing": (f"{PORTAL}/users/nobody", "There is no such user", []),
        "faults": (f"{PORTAL}/faults", "Faults and clock", []),
        "traffic": (f"{PORTAL}/traffic", "Traffic", []),
        "traffic-opened": (f"{PORTAL}/traffic", "Traffic", [click("a.request")]),
        "changes": (f"{PORTAL}/changes", "Changes since", []),
        "edited": (added, "Tasks API", [click(".question button.main")]),
        "changes-since": (f"{PORTAL}/changes?since=beginning", "Changes since", [{"open": "details"}]),
        "back": (f"{PORTAL}/changes", "Go back to", [click(".heading button")]),
        "question": (f"{PORTAL}/edit/take-out?group={group}&member={user}", "Take Alice Archer out", []),
        "registration-asking": (f"{PORTAL}/registrations/{asking}", "Directory browser", []),
        "question-consent": (f"{PORTAL}/edit/consent?client={principal}&api={api}", "Let Notebook act", []),
        "question-delete": (f"{PORTAL}/edit/delete-group?group={group}", "Delete MyApp Admins?", []),
        "question-restore": (f"{PORTAL}/edit/restore?object={erin}", "Restore Erin Evans?", []),
        "question-register": (f"{PORTAL}/edit/register", "Register what?", []),
        "question-input": (f"{PORTAL}/edit/put-in?group={group}", "Put whom into", []),
        "token": (f"{PORTAL}/token", "Token lab", []),
        "token-compared": (f"{PORTAL}/token?{compared}", "Token lab", []),
        "token-refused": (f"{PORTAL}/token?{refused}", "Token lab", []),
        "token-pasted": (
            f"{PORTAL}/token", "A pasted token", [fill("#text", "a.b.c"), click("section button")],
        ),
    }  # fmt: skip


def pages(folder: Path, user_codes: list[str]) -> dict[str, tuple[str, str, list[dict[str, str]]]]:
    """Tell for each page its address, its heading, and what a person does to get there."""
    drifts = runpy.run_path(str(ROOT / "tests/unit/report/drifts.py"))
    reports = {"drift": drifts["sample"](), "drift-none": drifts["sample"](findings=False)}
    earlier = [
        Tally(
            reports["drift"].checked_at - timedelta(days=day), {"high": day % 3, "medium": day % 4, "low": 1}
        )
        for day in range(1, 20)
    ]
    for name, drift in reports.items():
        text = drift_html.render(drift, earlier=earlier if name == "drift" else ())
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    plans = runpy.run_path(str(ROOT / "tests/unit/report/plans.py"))
    plan = plans["worked_example"]()
    many = plans["of_many"](12)
    held = runpy.run_path(str(ROOT / "tests/unit/report/held.py"))["sample"]()
    fleets = runpy.run_path(str(ROOT / "tests/unit/report/fleets.py"))
    for name, text in (
        ("plan", plan_html.render(plan)),
        ("plan-of-many", plan_html.render(many)),
        ("access", holders_html.to_html(*held)),
        ("fleet", fleet_html.render(fleets["sample"](40))),
        ("fleet-of-many", fleet_html.render(fleets["many"](1000, 40_000))),
    ):
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    entered = [fill("#user_code", user_codes[0]), click("button.main")]
    finished = [fill("#user_code", user_codes[1]), click("button.main"), click("button[value=continue]")]
    directory_read = "openid Directory.Read.All"
    return {
        **portal_pages(),
        "sign-in": (authorize(), "Sign in", []),
        "sign-in-problem": (
            authorize(),
            "Sign in",
            [fill("#username", "nobody@contoso.com"), click("button.main")],
        ),
        "consent": (authorize(), "Permissions requested", [person("bob")]),
        "consent-administrator": (
            authorize(WITH_APPROVAL, directory_read),
            "Permissions requested",
            [person("grace")],
        ),
        "approval": (authorize(WITH_APPROVAL, directory_read), "Need admin approval", [person("bob")]),
        "admin-consent": (
            (
                f"/{seed.CONTOSO}/adminconsent?"
                f"{urlencode({'client_id': WITH_APPROVAL, 'redirect_uri': REDIRECT})}"
            ),
            "Permissions requested",
            [],
        ),
        "device-code": ("/devicelogin", "Enter code", []),
        "device-code-problem": (
            "/devicelogin",
            "Enter code",
            [fill("#user_code", "WRONG"), click("button.main")],
        ),
        "device": ("/devicelogin", "Are you trying to sign in", entered),
        "device-done": ("/devicelogin", "You have signed in", finished),
        "error": (authorize("00000000-0000-4000-8000-00000000dead"), "trouble signing you in", []),
        "signed-out": (f"/{seed.CONTOSO}/oauth2/v2.0/logout", "You signed out", []),
        # The clock moves on here: codes that wait for somebody would end by it.
        "faults-on": (
            f"{PORTAL}/faults",
            "Faults and clock",
            [fill("#latency_ms", "1"), click("form[action$=set] button.main"), click("button[value='3600']")],
        ),
        "drift": ((folder / "drift.html").as_uri(), "Drift of myapp/dev", []),
        "drift-none": ((folder / "drift-none.html").as_uri(), "Drift of myapp/dev", []),
        "plan": ((folder / "plan.html").as_uri(), "Plan of myapp/prod", []),
        "plan-of-many": ((folder / "plan-of-many.html").as_uri(), "Plan of myapp/prod", []),
        "fleet": ((folder / "fleet.html").as_uri(), "Fleet plan of shop", [{"open": "details.kind"}]),
        "fleet-of-many": (
            (folder / "fleet-of-many.html").as_uri(),
            "Fleet plan of shop",
            [{"press": "details.kind >> nth=40 >> summary >> nth=0", "shows": "details[open] h4"}],
        ),
        "access": ((folder / "access.html").as_uri(), "Access of myapp/prod", []),
    }


def key_of(certificate: Path) -> str:
    """Hash a certificate's key as Chromium's list of trusted keys wants it."""
    key = x509.load_pem_x509_certificate(certificate.read_bytes()).public_key()
    return base64.b64encode(
        hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest()
    ).decode()


def device_codes(origin: str, trust: ssl.SSLContext, number: int) -> list[str]:
    """Ask for user codes, as devices do."""
    form = {"client_id": CLIENT, "scope": "openid User.Read"}
    url = f"{origin}/{seed.CONTOSO}/oauth2/v2.0/devicecode"
    responses = [httpx.post(url, data=form, verify=trust).raise_for_status() for _ in range(number)]
    return [str(response.json()["user_code"]) for response in responses]


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, Any]]]:
    """Open every page in one browser; give the emulator's origin and what was found, by page."""
    folder = tmp_path_factory.mktemp("pages")
    state = folder / "emulator"
    running = background.start(run_file.ServerOptions(state, port=0), prepare=prepare)
    try:
        codes = device_codes(running.origin, background.trust_of(state), 2)
        listed = [
            {
                "name": name,
                "url": f"{running.origin}{path}" if path.startswith("/") else path,
                "heading": heading,
                "steps": steps,
                "paper": name.startswith(REPORTS),
                "large": name == "fleet-of-many",
            }
            for name, (path, heading, steps) in pages(folder, codes).items()
        ]
        world = {
            "pages": listed,
            "screenshots": str(SCREENSHOTS),
            "trustedKey": key_of(state / state_files.CERTIFICATE_FILE),
        }
        world["chromium"] = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        (folder / "world.json").write_text(json.dumps(world), encoding="utf-8")
        command = ["node", str(Path(__file__).with_name("page_audit.mjs")), str(folder / "world.json")]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=480)
        assert done.returncode == 0, done.stdout[-1000:] + done.stderr[-3000:]
        yield running.origin, {found["name"]: found for found in map(json.loads, done.stdout.splitlines())}
    finally:
        background.end(state)


@pytest.mark.parametrize("name", NAMES)
def test_the_page_is_accessible_and_whole_by_itself(audited: tuple[str, dict[str, Any]], name: str) -> None:
    """No axe violation, no sideways scrolling at 320 px, no complaint of the browser, and no request but
    for the page. A report is whole and dark on white on paper too, whatever is filtered out of the screen.
    """
    origin, found = audited

    # The browser itself says that the page of what is not there is answered 404.
    said = [each for each in found[name]["complaints"] if name != "missing" or "status of 404" not in each]
    assert said == []
    beyond = [url for url in found[name]["requests"] if not url.startswith((f"{origin}/", "file://"))]
    assert beyond == []
    if name.startswith(REPORTS):
        assert len(found[name]["requests"]) == 1


def test_every_route_of_the_portal_is_looked_at() -> None:
    """Each page that the portal shows is one of the list above: a new one has to be added to it."""
    seen = [path.partition("?")[0] for path, *_ in portal_pages().values()]
    missing = {
        route
        for route in PAGES
        if not any(re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", route), path) for path in seen if path != "/")
    }
    assert missing <= {"/portal/{tenant}"}


def test_every_page_is_looked_at(audited: tuple[str, dict[str, Any]]) -> None:
    """The list of names and the list of pages are the same."""
    assert sorted(audited[1]) == sorted(NAMES)
