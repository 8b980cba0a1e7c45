"""Each page that a person gets from the emulator: its address, its heading, and how to get there."""

import runpy
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

from entra_config.report import drift_html, holders_html
from entra_config.report import html as plan_html
from entra_config.report.drift_history import Tally
from entra_emulator import seed
from entra_fleet.report import html
from tests.e2e.deployment import ROOT
from tests.e2e.page_objects import CLIENT, GRANT, POLICY, REDIRECT, ROLE, TASKS, WITH_APPROVAL

PORTAL = "/portal/contoso.onmicrosoft.com"
NAMES = (
    "start", "registrations", "registrations-none", "registration", "enterprise",
    "enterprise-application", "users", "person", "groups", "group", "roles", "role", "directory-roles",
    "directory-role", "grants", "grant", "policies", "policy", "policy-restricting", "deleted",
    "deleted-object", "found", "missing", "faults", "traffic", "traffic-opened", "changes", "edited",
    "changes-since", "restore", "question", "question-input", "question-consent", "question-delete",
    "question-restore", "question-register", "registration-asking", "token", "token-compared",
    "token-refused", "token-pasted", "sign-in", "sign-in-problem", "consent", "consent-administrator",
    "approval",
    "admin-consent", "device-code", "device-code-problem", "device", "device-done", "error", "signed-out",
    "faults-on", "drift", "drift-none", "plan", "plan-of-many", "access",
    "fleet", "fleet-of-many",
)  # fmt: skip


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
        "restore": (f"{PORTAL}/changes", "Restore", [click(".heading button")]),
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
        ("fleet", html.render(fleets["sample"](40))),
        ("fleet-of-many", html.render(fleets["many"](1000, 40_000))),
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
