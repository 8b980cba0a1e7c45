"""Changes through the portal: the question before, Graph as a person, its refusal, the audit log after."""

import html
import re
from urllib.parse import urlencode

import pytest

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
        "disable-policy": {"kind": "defaultAppManagementPolicy", "id": ""},
        "assign": {"resource": world.principal("api")["id"], "role": role, "holder": "bob@contoso.com"},
    }.items():
        before = world.directory.dump()
        response = browser.post(f"edit/{edit}", {**given, "sure": "yes"})
        assert response.status_code == 403, edit
        assert "Graph refused with 403" in text_of(response.text), edit
        assert world.directory.dump() == before, edit


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
