"""Changes through the portal: the question before, Graph as a person, its refusal, the audit log after."""

import html
import re
from urllib.parse import urlencode

import pytest

from entra_emulator.fault_plan import FaultPlan
from entra_emulator.portal.proposals import PROPOSALS
from entra_emulator.presets import PRESETS
from tests.unit.emulator.portal import example
from tests.unit.emulator.portal.browsing import CONTOSO, Browser, group_of, text_of


@pytest.fixture
def browser() -> Browser:
    """Give an API whose roles come directly and through groups."""
    return example.through_groups()


def last_record(browser: Browser) -> tuple[str, str]:
    """Give what the audit log's last record says: the activity, and who did it."""
    record = browser.world.tenant.audit[-1]
    by = record["initiatedBy"]["user"] or record["initiatedBy"]["app"]
    return str(record["activityDisplayName"]).strip(), str(by.get("userPrincipalName"))


def test_who_is_taken_out_loses_what_the_question_said(browser: Browser) -> None:
    """The question, the request as the person, the next token, and the record."""
    alice, admins = browser.world.user("alice")["id"], group_of(browser, "MyApp Admins")
    requested = browser.get(f"edit/take-out?group={admins}&member={alice}").text
    text = text_of(requested)
    assert "− Alice Archer loses Admin at Api." in text
    assert "= keeps Reader, Writer at Api." in text
    assert "Otherwise the change stays." in text
    assert "Take out as Grace Green" in text
    assert f"DELETE /groups/{admins}/members/{alice}/$ref" in text
    given = {"group": admins, "member": alice, "sure": "yes", "then": f"{CONTOSO}/users/{alice}"}
    done = browser.post("edit/take-out", given)
    assert done.url.path == f"{CONTOSO}/users/{alice}"
    assert "Done: Take Alice Archer out of MyApp Admins." in text_of(done.text)
    later = text_of(browser.get(f"users/{alice}").text)
    assert "MyApp Admins" not in later.split("Audit trail")[0]
    assert "Done:" not in later
    assert last_record(browser) == ("Remove member from group", "grace@contoso.com")
    seen = browser.emulator.traffic.newest_first()[0]
    assert (seen.method, seen.status, seen.headers["user-agent"]) == ("DELETE", 204, "entra-emulator portal")


def test_a_post_without_the_answer_asks_again(browser: Browser) -> None:
    """Nothing is done before somebody said yes."""
    alice, admins = browser.world.user("alice")["id"], group_of(browser, "MyApp Admins")
    before = browser.world.directory.dump()
    assert "Keep in" in browser.post("edit/take-out", {"group": admins, "member": alice}).text
    assert browser.world.directory.dump() == before


def test_graph_refuses_whoever_has_no_right_and_the_page_says_so(browser: Browser) -> None:
    """Bob has no directory role: each change is refused by Graph, and nothing is done."""
    bob, alice, world = browser.world.user("bob")["id"], browser.world.user("alice")["id"], browser.world
    browser.post("as", {"as": bob})
    app = world.application("daemon")
    assignment = next(row for row in world.tenant.app_role_assignments if row["principalId"] == alice)
    role = next(each["id"] for each in world.application("api")["appRoles"] if each["value"] == "Writer")
    for edit, given in {
        "take-out": {"group": group_of(browser, "MyApp Admins"), "member": alice},
        "put-in": {"group": group_of(browser, "MyApp Admins"), "person": "bob@contoso.com"},
        "take-away": {"assignment": assignment["id"]},
        "add-secret": {"application": app["id"], "name": "mine"},
        "add-uri": {"application": app["id"], "uri": "https://evil.example", "platform": "web"},
        "disable-user": {"user": alice},
        "new-user": {"name": "N", "upn": "n@contoso.com"},
        "delete": {"application": app["id"]},
        "delete-principal": {"principal": world.principal("daemon")["id"]},
        "delete-user": {"user": alice},
        "delete-group": {"group": group_of(browser, "MyApp Admins")},
        "consent": {
            "client": world.principal("spa")["id"],
            "api": "Api",
            "who": "everybody",
            "scopes": "user.write",
        },
        "assign": {"resource": world.principal("api")["id"], "role": role, "holder": "bob@contoso.com"},
    }.items():
        before = world.directory.dump()
        response = browser.post(f"edit/{edit}", {**given, "sure": "yes"})
        assert response.status_code == 403, edit
        assert "Graph refused with 403" in text_of(response.text), edit
        assert world.directory.dump() == before, edit


def test_changes_are_made_through_graph(browser: Browser) -> None:
    """What the directory has after each, as Grace."""
    world, tenant = browser.world, browser.world.tenant
    bob, admins = world.user("bob")["id"], group_of(browser, "MyApp Admins")
    app, principal = world.application("daemon")["id"], world.principal("api")["id"]

    def do(edit: str, **given: str) -> str:
        response = browser.post(f"edit/{edit}", {**given, "sure": "yes"})
        assert response.status_code == 200, (edit, text_of(response.text))
        return response.text

    do("put-in", group=admins, person="bob@contoso.com")
    assert bob in tenant.members.targets(admins)
    do("take-out", group=admins, member=bob)
    assert bob not in tenant.members.targets(admins)
    role = next(each["id"] for each in world.application("api")["appRoles"] if each["value"] == "Writer")
    do("assign", resource=principal, role=role, holder="bob@contoso.com")
    row = next(each for each in tenant.app_role_assignments if each["principalId"] == bob)
    do("take-away", assignment=row["id"])
    assert row["id"] not in tenant.app_role_assignments
    secret = re.search(r"<code>([^<]{20,})</code>", do("add-secret", application=app, name="mine"))
    assert secret
    key = next(
        each for each in world.application("daemon")["passwordCredentials"] if each["displayName"] == "mine"
    )
    assert secret[1][:3] == key["hint"]
    do("remove-secret", application=app, key=key["keyId"])
    do("add-uri", application=app, uri="https://daemon.example/cb", platform="web")
    assert world.application("daemon")["web"]["redirectUris"] == ["https://daemon.example/cb"]
    do("remove-uri", application=app, uri="https://daemon.example/cb", platform="web")
    assert world.application("daemon")["web"]["redirectUris"] == []
    grant = next(each for each in tenant.oauth2_permission_grants if each["resourceId"] == principal)
    do("withdraw", grant=grant["id"])
    do("disable-user", user=bob)
    assert world.user("bob")["accountEnabled"] is False
    do("enable-user", user=bob)
    assert world.user("bob")["accountEnabled"] is True
    do("new-user", name="New Person", upn="new@contoso.com")
    assert world.user("new")["displayName"] == "New Person"
    made_group = text_of(do("new-group", name="New Group"))
    assert "Done: Make the group New Group." in made_group
    group = tenant.one("groups", "displayName", "new group")
    assert group is not None
    assert (group["securityEnabled"], group["mailNickname"]) == (True, "NewGroup")
    do("add-role", application=app, value="Jobs.Run", description="Runs jobs", holders="User,Application")
    (added,) = world.application("daemon")["appRoles"]
    assert (added["value"], added["allowedMemberTypes"]) == ("Jobs.Run", ["User", "Application"])
    do("add-scope", application=app, value="jobs.read", description="Reads jobs", consent="Admin")
    (scope,) = world.application("daemon")["api"]["oauth2PermissionScopes"]
    assert (scope["value"], scope["type"], scope["isEnabled"]) == ("jobs.read", "Admin", True)
    do("remove-role", application=app, role=added["id"])
    do("remove-scope", application=app, scope=scope["id"])
    assert world.application("daemon")["appRoles"] == []
    assert world.application("daemon")["api"]["oauth2PermissionScopes"] == []
    do("delete", application=app)
    assert app in tenant.deleted_items
    do("restore", object=app)
    assert app in tenant.applications
    text = do("register", name="Made by hand", audience="AzureADMyOrg", preset="az")
    assert "Made by hand" in text_of(text)
    made = next(row for row in tenant.applications if row["displayName"] == "Made by hand")
    assert world.user("grace")["id"] in tenant.owners.targets(made["id"])
    do("add-principal", application=made["id"])
    client = tenant.service_principal_by_app_id(made["appId"])
    assert client
    consented = text_of(do("consent", client=made["appId"], api="Api", who="everybody", scopes="user.read"))
    assert "Made by hand acts for everybody at Api with 1 scope" in consented
    do("consent", client="Made by hand", api=principal, who="everybody", scopes="user.write user.read")
    assert scopes_of(browser, client["id"], None) == ["user.read user.write"]
    do("consent", client="Made by hand", api="Api", who="bob@contoso.com", scopes="user.read")
    assert scopes_of(browser, client["id"], bob) == ["user.read"]
    do("delete-principal", principal=client["id"])
    assert "Its registration stays." not in text_of(browser.get(f"registrations/{made['id']}").text)
    do("purge", object=client["id"])
    assert client["id"] not in tenant.deleted_items
    do("delete-user", user=bob)
    assert bob in tenant.deleted_items
    do("delete-group", group=admins)
    assert admins not in tenant.groups
    assert admins in tenant.deleted_items


@pytest.mark.parametrize("preset", PRESETS)
def test_an_application_is_registered_as_a_tool_leaves_it(browser: Browser, preset: str) -> None:
    """With the values of recorded answers, signed in to the tool's client; then it is owned by the person."""
    given = {"name": "Mine", "audience": "AzureADMultipleOrgs", "preset": preset, "sure": "yes"}
    done = browser.post("edit/register", given)
    tenant, values = browser.world.tenant, PRESETS[preset]
    (app,) = tenant.applications.find("displayName", "mine")
    assert done.url.path == f"{CONTOSO}/registrations/{app['id']}"
    assert tenant.owners.targets(app["id"]) == [browser.world.user("grace")["id"]]
    assert (app["signInAudience"], app.get("applicationTemplateId") or "") == (
        "AzureADMultipleOrgs",
        values.template,
    )
    for name, value in values.application.items():
        found = app[name]
        assert (found if not isinstance(value, dict) else {key: found[key] for key in value}) == (
            [{**role, "origin": "Application"} for role in value] if name == "appRoles" else value
        )
    principal = tenant.service_principal_by_app_id(app["appId"])
    assert (principal is None) == (values.principal is None)
    if principal is not None and values.principal is not None:
        assert sorted(principal["tags"]) == sorted(values.principal["tags"])
        assert (principal.get("applicationTemplateId") or "") == values.template
    assert browser.emulator.traffic.newest_first()[0].caller.appid == values.client


def scopes_of(browser: Browser, client: str, person: str | None) -> list[str]:
    """Give the scopes of a client's grants for everybody, or for a person."""
    rows = browser.world.tenant.oauth2_permission_grants.find("clientId", client)
    return [row["scope"] for row in rows if row["principalId"] == person]


def test_app_management_policies_are_switched_and_deleted(browser: Browser) -> None:
    """By Graph, whose refusal is shown to whoever may not; the one that each tenant has is not deleted."""
    world = browser.world
    rows = world.tenant.tables["appManagementPolicies"]
    own = {"id": "9d000000-0000-4000-8000-00000000000c", "displayName": "Short secrets", "isEnabled": True}
    rows.put({**own, "description": "", "deletedDateTime": None, "restrictions": {}})
    kinds = [
        {"kind": "appManagementPolicies", "id": own["id"]},
        {"kind": "defaultAppManagementPolicy", "id": ""},
    ]
    for given in kinds:
        page = f"policies/{given['kind']}/{given['id']}".rstrip("/")
        words = ("Disable", "Enable") if "Disable…" in browser.get(page).text else ("Enable", "Disable")
        browser.post("as", {"as": world.user("bob")["id"]})
        edit = f"edit/{words[0].casefold()}-policy"
        assert "403" in text_of(browser.post(edit, {**given, "sure": "yes"}).text)
        browser.post("as", {"as": world.user("grace")["id"]})
        for word in words:
            assert f"{word}…" in browser.get(page).text
            edit = f"edit/{word.casefold()}-policy"
            question = text_of(browser.get(f"{edit}?{urlencode(given)}").text)
            assert f"{word} as Grace Green" in question
            assert browser.post(edit, {**given, "sure": "yes"}).status_code == 200
            assert f"{word.casefold()}d already." in browser.get(f"{edit}?{urlencode(given)}").text
    assert browser.post("edit/delete-policy", {**kinds[1], "sure": "yes"}).status_code == 404
    assert "It holds for 0 objects" in text_of(browser.get(f"edit/delete-policy?{urlencode(kinds[0])}").text)
    assert browser.post("edit/delete-policy", {**kinds[0], "sure": "yes"}).status_code == 200
    assert own["id"] not in rows
    assert browser.get(f"edit/enable-policy?{urlencode(kinds[0])}").status_code == 404


def test_a_tenant_that_lets_nobody_register_refuses(browser: Browser) -> None:
    """Graph's refusal, shown; whoever has a directory role may."""
    browser.world.directory.choose({"*": {"usersMayRegister": False}})
    given = {"name": "Mine", "audience": "AzureADMyOrg", "preset": "az", "sure": "yes"}
    browser.post("as", {"as": browser.world.user("bob")["id"]})
    response = browser.post("edit/register", given)
    assert (response.status_code, "Graph refused with 403" in text_of(response.text)) == (403, True)
    browser.post("as", {"as": browser.world.user("grace")["id"]})
    assert browser.post("edit/register", given).status_code == 200
    assert last_record(browser)[1] == "grace@contoso.com"


def test_what_is_gone_is_named(browser: Browser) -> None:
    """A page that was open while somebody else changed things."""
    for edit in (*PROPOSALS, "nothing-like-it"):
        if edit not in ("new-user", "new-group", "register", "consent"):
            assert browser.get(f"edit/{edit}").status_code == 404, edit
            assert browser.post(f"edit/{edit}", {"sure": "yes"}).status_code == 404, edit
    admins = group_of(browser, "MyApp Admins")
    response = browser.get(f"edit/put-in?group={admins}&person=nobody@contoso.com")
    assert "There is no nobody@contoso.com in Contoso." in text_of(response.text)


@pytest.mark.parametrize(
    ("edit", "field", "typed", "said"),
    [
        (
            "put-in",
            "person",
            "Myap Writers",
            "There is no Myap Writers in Contoso. Did you mean MyApp Writers",
        ),
        ("consent", "api", "Apii", "There is no application Apii in Contoso. Did you mean Api?"),
        ("consent", "who", "<b>nobody", "There is nobody <b>nobody in Contoso."),
    ],
)
def test_a_mistyped_name_is_asked_for_again(
    browser: Browser, edit: str, field: str, typed: str, said: str
) -> None:
    """With what is near, what was typed in the field, and everything else kept."""
    given = {
        "put-in": {"group": group_of(browser, "MyApp Admins")},
        "consent": {"client": "Daemon", "api": "Api", "who": "everybody", "scopes": "user.read"},
    }[edit] | {field: typed}
    for response in (
        browser.get(f"edit/{edit}?{urlencode(given)}"),
        browser.post(f"edit/{edit}", {**given, "sure": "yes"}),
    ):
        assert response.status_code == 404
        assert said in text_of(response.text)
        inputs = dict(re.findall(r'<input [^>]*name="([^"]+)"[^>]* value="([^"]*)"', response.text))
        kept = {name: html.unescape(value) for name, value in inputs.items()}
        assert {name: kept[name] for name in given} == given


def test_a_cut_connection_is_told(browser: Browser) -> None:
    """A fault that is on meets the portal's own calls, too."""
    browser.emulator.faults.set(FaultPlan(cut_after_rate=1.0))
    given = {"name": "N", "upn": "n@contoso.com", "sure": "yes"}
    assert "nobody knows whether it was done" in browser.post("edit/new-user", given).text


def test_changes_since_a_snapshot_and_back(browser: Browser) -> None:
    """Taken, changed, compared with who did it, gone back to after a question."""
    world, alice = browser.world, browser.world.user("alice")["id"]
    assert browser.post("snapshots/save", {"name": "before the test"}).status_code == 200
    assert "Nothing changed." in text_of(browser.get("changes").text)
    admins = group_of(browser, "MyApp Admins")
    browser.post("edit/take-out", {"group": admins, "member": alice, "sure": "yes"})
    app = world.application("daemon")["id"]
    browser.post(
        "edit/add-uri", {"application": app, "uri": "https://e.example/", "platform": "web", "sure": "yes"}
    )
    text = text_of(browser.get("changes?since=before+the+test").text)
    assert "+ redirect URI (web) https://e.example/ Grace Green" in text
    assert "− Alice Archer in MyApp Admins Grace Green" in text
    assert "are undone" in text_of(browser.post("snapshots/restore", {"name": "before the test"}).text)
    assert alice not in world.tenant.members.targets(admins)
    browser.post("snapshots/restore", {"name": "before the test", "sure": "yes"})
    assert alice in world.directory.default.members.targets(admins)
    browser.post("snapshots/drop", {"name": "before the test"})
    assert browser.emulator.snapshots.kept() == []
    for action, name in (
        ("save", "<b>"),
        ("save", ""),
        ("restore", "nothing"),
        ("drop", "nothing"),
        ("x", "y"),
    ):
        assert browser.post(f"snapshots/{action}", {"name": name, "sure": "yes"}).status_code == 404
    assert browser.get("changes?since=nothing").status_code == 404
