"""Undo after each change: the directory is as it was, by a request of the same person; else the reason."""

import html
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from entra_emulator import seed
from entra_emulator.portal.done import KEPT
from entra_emulator.portal.proposals import PROPOSALS
from entra_emulator.snapshots.compare import DirectoryDifference, differences
from tests.unit.emulator.graph import certificates
from tests.unit.emulator.portal import example
from tests.unit.emulator.portal.browsing import CONTOSO, Browser, graph, text_of
from tests.unit.emulator.portal.showing import names

SPA = "https://localhost:5173/"
X = {"application": "app:Daemon", "uri": "https://x.example/", "platform": "web"}
CONSENT = {"client": "sp:Spa", "api": "sp:Api", "scopes": "user.admin"}
TEXTS = {"application": "app:Daemon", "value": "Jobs.Run", "description": "Runs jobs"}
ROLE, SCOPE = seed.fixed_id("role"), seed.fixed_id("scope")
POLICY = {"kind": "appManagementPolicies"}
KEY, ENCRYPTS = seed.fixed_id("certificate"), seed.fixed_id("encrypts")
TRUSTED = {"name": "main", "issuer": "https://idp.example", "subject": "main", "audience": "api://x"}
# Each change that the portal offers: names stand for ids.
UNDONE = [
    ("take-out", {"group": "group:MyApp Writers", "member": "user:Erin Evans"}),
    ("put-in", {"group": "group:MyApp Writers", "person": "user:Oscar Olsen"}),
    ("take-away", {"assignment": "Bob Baker→Api/Writer"}),
    ("assign", {"resource": "sp:Api", "role": "role:Api/Writer", "holder": "user:Oscar Olsen"}),
    ("add-secret", {"application": "app:Daemon", "name": "mine"}),
    ("add-uri", X),
    ("remove-uri", {"application": "app:Spa", "uri": SPA, "platform": "spa"}),
    ("add-certificate", {"application": "app:Daemon", "certificate": certificates.key()}),
    ("remove-certificate", {"application": "app:Web", "key": KEY}),
    ("remove-certificate", {"application": "app:Web", "key": ENCRYPTS}),
    ("add-federated", {"application": "app:Daemon", **TRUSTED}),
    ("remove-federated", {"application": "app:Web", "federated": "trusted"}),
    ("add-owner", {"kind": "applications", "object": "app:Daemon", "owner": "user:Oscar Olsen"}),
    ("add-owner", {"kind": "groups", "object": "group:MyApp Writers", "owner": "sp:Daemon"}),
    ("remove-owner", {"kind": "applications", "object": "app:Web", "owner": "user:Oscar Olsen"}),
    ("withdraw", {"grant": "grant:Spa/Api"}),
    ("withdraw", {"grant": "grant:Spa/Api/Bob Baker"}),
    ("withdraw", {"grant": "grant:Spa/Api", "scopes": "user.read"}),
    ("consent", {**CONSENT, "who": "everybody"}),
    ("consent", {**CONSENT, "who": "user:Bob Baker"}),
    ("consent", {**CONSENT, "who": "user:Oscar Olsen"}),
    ("disable-user", {"user": "user:Bob Baker"}),
    ("enable-user", {"user": "user:Carol Clark"}),
    ("new-user", {"name": "New", "upn": "new@contoso.com"}),
    ("new-group", {"name": "New"}),
    ("add-role", {**TEXTS, "holders": "User,Application"}),
    ("add-scope", {**TEXTS, "consent": "Admin"}),
    ("remove-role", {"application": "app:Daemon", "role": ROLE}),
    ("remove-role", {"application": "app:Daemon", "role": seed.fixed_id("old")}),
    ("remove-scope", {"application": "app:Daemon", "scope": SCOPE}),
    ("register", {"name": "New", "audience": "AzureADMyOrg", "preset": "az"}),
    ("register", {"name": "New", "audience": "AzureADMyOrg", "preset": "gallery"}),
    ("add-principal", {"application": "app:Alone"}),
    ("delete", {"application": "app:Alone"}),
    ("delete", {"application": "app:Api"}),
    ("delete-principal", {"principal": "sp:Daemon"}),
    ("delete-user", {"user": "user:Bob Baker"}),
    ("delete-group", {"group": "group:MyApp Writers"}),
    ("restore", {"object": "deleted user:Judy Jones"}),
    ("restore", {"object": "deleted group:MyApp Admins"}),
    ("disable-policy", {**POLICY, "id": "no-secrets"}),
    ("enable-policy", {**POLICY, "id": "off"}),
]
FINAL = [
    ("remove-secret", {"application": "app:Daemon", "key": "key:Daemon"}),
    ("purge", {"object": "deleted user:Judy Jones"}),
    ("delete-policy", {**POLICY, "id": "unused"}),
]


@pytest.fixture
def browser() -> Browser:
    """Give the portal of the example tenant with deleted objects, a disabled policy, roles and a scope."""
    made = example.browser()
    world = made.world
    seed.add_application(world.tenant, "Alone")
    daemon = f"/applications/{world.application('daemon')['id']}"
    role = {"description": "Runs", "allowedMemberTypes": ["User"]}
    run = {**role, "id": ROLE, "value": "Run", "displayName": "Runs jobs", "isEnabled": True}
    old = {**role, "id": seed.fixed_id("old"), "value": "Old", "displayName": "Old", "isEnabled": False}
    scope = {"id": SCOPE, "value": "jobs.read", "type": "Admin", "isEnabled": True}
    scope |= {"adminConsentDisplayName": "Reads", "adminConsentDescription": "Reads jobs"}
    body = {"appRoles": [run, old], "api": {"oauth2PermissionScopes": [scope]}}
    assert graph(made, "PATCH", daemon, body).status_code == 204
    web = f"/applications/{world.application('web')['id']}"
    signs = {"keyId": KEY, "key": certificates.key(), "displayName": "deploy"}
    encrypts = {**signs, "keyId": ENCRYPTS, "key": certificates.key(30), "usage": "Encrypt"}
    assert graph(made, "PATCH", web, {"keyCredentials": [signs, encrypts]}).status_code == 204
    issuer = TRUSTED["issuer"]
    seed.add_federated_credential(world.tenant, world.application("web"), "trusted", issuer, "s")
    world.tenant.owners.add(world.application("web")["id"], world.user("oscar")["id"])
    world.assign("user:bob", "daemon", "Run")
    for deleted in (f"/users/{world.user('judy')['id']}", f"/groups/{example.group(world, 'MyApp Admins')}"):
        assert graph(made, "DELETE", deleted).status_code == 204
    off = {"id": "off", "displayName": "Off", "isEnabled": False, "restrictions": {}}
    made.world.tenant.tables["appManagementPolicies"].put({**off, "description": "", "deletedDateTime": None})
    return made


def named(browser: Browser, form: Mapping[str, str]) -> dict[str, str]:
    """Return a form with ids in place of names."""
    ids = {name: row_id for row_id, name in names(browser.world).items()}
    ids |= {row["name"]: row["id"] for row in browser.world.tenant.federated_identity_credentials}
    return {name: ids.get(value, value) for name, value in form.items()}


def do(browser: Browser, edit: str, form: Mapping[str, str]) -> httpx.Response:
    """Make a change; return the page after it."""
    response = browser.post(f"edit/{edit}", {**named(browser, form), "sure": "yes"})
    assert response.status_code == 200, text_of(response.text)
    return response


def undo_link(page: str) -> str:
    """Return the address behind *Undo…*, empty without one."""
    found = re.search(r'<a href="([^"]+)">Undo…</a>', page)
    return html.unescape(found[1]) if found else ""


def undo(browser: Browser, link: str) -> httpx.Response:
    """Ask for an Undo and say yes."""
    path, _, key = link.partition("?change=")
    return browser.post(path, {"change": key, "sure": "yes"})


def left(browser: Browser, before: str) -> list[DirectoryDifference]:
    """Return what differs from a snapshot and a request could have put back: not what is deleted, with its
    links, nor the id of an assignment or a consent that was made anew.
    """
    deleted = browser.world.tenant.deleted_items
    found = [
        each
        for each in differences(browser.emulator.snapshots.directory(before), browser.world.directory)
        if each.place not in ("secrets", "deletedItems")
        and not (each.kind == "added" and each.id.partition("/")[0] in deleted)
        and not _is_reordered(each)
    ]
    anew = Counter((each.place, each.name) for each in found if each.kind != "changed")
    return [each for each in found if anew[each.place, each.name] != 2]


def _is_reordered(each: DirectoryDifference) -> bool:
    """Return True if only the order of roles, scopes or redirect URIs differs, which Graph does not keep."""
    return each.kind == "changed" and all(
        _parts(one.name, one.before) == _parts(one.name, one.after) for one in each.properties
    )


def _parts(name: str, value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _parts(key, part) for key, part in value.items()}
    found = value.split() if name == "scope" else value
    return sorted(map(str, found)) if isinstance(found, list) else found


def test_every_change_is_undone_or_has_no_undo() -> None:
    """A new change of the portal needs a row here."""
    assert {edit for edit, _ in (*UNDONE, *FINAL)} == set(PROPOSALS)


@pytest.mark.parametrize(("edit", "form"), UNDONE, ids=lambda value: value if isinstance(value, str) else "")
def test_undo_leads_back(browser: Browser, edit: str, form: dict[str, str]) -> None:
    """Asked about, sent as the same person, with its own record; then that has an Undo, too."""
    browser.emulator.snapshots.save("before")
    page = do(browser, edit, form).text
    assert left(browser, "before"), "something changed"
    records = len(browser.world.tenant.audit)
    browser.post("as", {"as": browser.world.user("frank")["id"]})
    question = browser.get(undo_link(page))
    assert question.status_code == 200, text_of(question.text)
    assert "as Grace Green" in text_of(question.text)
    assert ("There is no Undo" in question.text) == (edit == "add-secret")
    response = undo(browser, undo_link(page))
    assert response.status_code == 200, text_of(response.text)
    assert left(browser, "before") == []
    new = browser.world.tenant.audit[records:]
    assert {record["initiatedBy"]["user"]["userPrincipalName"] for record in new} == {"grace@contoso.com"}
    if edit == "add-secret":
        assert undo_link(response.text) == "", "a removed secret does not come back"
        return
    assert undo_link(response.text) not in ("", undo_link(page))
    assert undo(browser, undo_link(response.text)).status_code == 200
    assert left(browser, "before"), "the change is made again"


@pytest.mark.parametrize(("edit", "form"), FINAL)
def test_what_nothing_takes_back_says_so_before(browser: Browser, edit: str, form: dict[str, str]) -> None:
    """The question says it, and the next page offers no Undo."""
    question = browser.post(f"edit/{edit}", named(browser, form))
    assert "There is no Undo for this change." in question.text
    page = do(browser, edit, form).text
    assert "Done: " in page
    assert undo_link(page) == ""


OSCAR = {"group": "group:MyApp Writers", "person": "user:Oscar Olsen"}


def refusal(browser: Browser, link: str) -> str:
    """Return why there is no Undo: the question and the answer say the same, and nothing is changed."""
    before = browser.world.directory.dump()
    pages = [browser.get(link), undo(browser, link)]
    assert [page.status_code for page in pages] == [404, 404]
    assert browser.world.directory.dump() == before
    (text,) = {text_of(page.text) for page in pages}
    return text


def test_what_was_changed_since_has_no_undo(browser: Browser) -> None:
    """The page names who changed it by the audit log, if that has a record, and leads to the object."""
    browser.emulator.snapshots.save("before")
    link = undo_link(do(browser, "put-in", OSCAR).text)
    ids = named(browser, OSCAR)
    path = f"/groups/{ids['group']}/members/{ids['person']}/$ref"
    assert graph(browser, "DELETE", path).status_code == 204
    said = "Oscar Olsen in MyApp Writers was changed since by Emulator admin (Remove member from group)"
    assert f"{said}: there is no Undo any more. Open MyApp Writers" in refusal(browser, link)
    link = undo_link(do(browser, "put-in", OSCAR).text)
    browser.emulator.snapshots.restore("before")
    assert "Oscar Olsen in MyApp Writers was changed since: there is no" in refusal(browser, link)


def test_what_was_deleted_for_good_since_has_no_undo(browser: Browser) -> None:
    """Its record names it; there is nothing to open."""
    bob = {"user": browser.world.user("bob")["id"]}
    link = undo_link(do(browser, "delete-user", bob).text)
    assert graph(browser, "DELETE", f"/directory/deletedItems/{bob['user']}").status_code == 204
    text = refusal(browser, link)
    assert "by Emulator admin (Hard Delete user)" in text
    assert "Open" not in text


def test_other_changes_of_the_same_object_do_not_matter(browser: Browser) -> None:
    """Another redirect URI of the same platform and another property stay as they are."""
    link = undo_link(do(browser, "add-uri", X).text)
    do(browser, "add-uri", {**X, "uri": "https://y.example/"})
    browser.world.set("daemon", notes="by hand")
    assert undo(browser, link).status_code == 200
    app = browser.world.application("daemon")
    assert (app["web"]["redirectUris"], app["notes"]) == (["https://y.example/"], "by hand")


def test_each_tab_shows_its_own_change(browser: Browser) -> None:
    """The address names the change: a page of another tab shows nothing, a reload the same again."""
    first, second = (
        do(browser, edit, {"user": "user:Erin Evans"}) for edit in ("disable-user", "enable-user")
    )
    for page, words in ((first, "Disable Erin Evans."), (second, "Enable Erin Evans.")):
        assert f"Done: {words}" in text_of(browser.client.get(page.url).text)
    assert "Done:" not in browser.get("users").text
    assert "Done:" not in browser.get("users?done=nothing").text
    key = first.url.params["done"]
    assert "Done:" in browser.get(f"users?done={key}").text
    assert "Done:" not in browser.get(f"/portal/fabrikam.onmicrosoft.com/users?done={key}").text


def test_the_portal_knows_the_last_changes_alone(browser: Browser) -> None:
    """Of older ones, and of another tenant's, there is no Undo."""
    link = undo_link(do(browser, "put-in", OSCAR).text)
    assert "Put Oscar Olsen into" not in refusal(browser, link.replace("contoso", "fabrikam"))
    for number in range(KEPT):
        do(browser, ("enable-user", "disable-user")[number % 2], {"user": "user:Carol Clark"})
    assert "The portal does not know this change any more" in refusal(browser, link)
    assert len(browser.portal.done) == KEPT


def test_undo_leads_back_to_where_the_change_was_asked_for(browser: Browser) -> None:
    """The page that the change led to is the page that its Undo leads to."""
    page = do(browser, "put-in", {**OSCAR, "then": f"{CONTOSO}/users?q=osc#main"})
    assert page.url.path == f"{CONTOSO}/users"
    assert page.url.params["q"] == "osc"
    assert undo(browser, undo_link(page.text)).url.params["q"] == "osc"
