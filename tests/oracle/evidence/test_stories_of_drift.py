"""What administrators did in real tenants and drift told wrongly, each as a story: the event, who did it, and
whether it is drift.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Literal

import pytest

from entra_emulator.fault_plan import FaultPlan
from tests.oracle.evidence import engine, histories, project
from tests.oracle.evidence.scene import Report, Scene, group, user

GRACE = "grace@contoso.com"
HOUR = 3600
Story = Callable[[Scene], None]


def told(
    *stories: Story,
    pinned: bool | Literal["deployer"] = True,
    deployers: bool = True,
    readable: bool = True,
    last: bool = False,
) -> Report:
    """Return the report two hours after the last story; `last`: with a report from before that story. The
    lock file has all names and applications, only the deployer, or is not there.

    Each story begins two hours after the one before, the first two hours after the deployment.
    """

    async def tell() -> Report:
        scene = await asyncio.to_thread(histories._opened, deployers=deployers)
        content = project.manifest(deployers=deployers)
        lock = project.lock(scene.rows, scene.own) if pinned else None
        if lock is not None and pinned == "deployer":
            ids = {project.DEPLOYER: lock["servicePrincipals"][project.DEPLOYER]}
            lock = {"tenantId": lock["tenantId"], "servicePrincipals": ids}
        scene.clock.advance(HOUR)
        since = scene.clock.now()
        before: Report | None = None
        for story in stories:
            scene.clock.advance(HOUR)
            if last and story is stories[-1]:
                before = await engine.report(
                    scene, content, since=since, last=before, lock=lock, readable=readable
                )
            scene.clock.advance(HOUR)
            story(scene)
        scene.clock.advance(2 * HOUR)
        return await engine.report(scene, content, since=since, last=before, lock=lock, readable=readable)

    return asyncio.run(tell())


def found(report: Report, part: str = "findings") -> dict[str, str]:
    """Return what a report tells, each with who did it; empty where nobody is named."""
    return {each["sentence"]: each["attribution"]["actor"]["name"] for each in report.document[part]}


def patch(scene: Scene, table: str, row: Any, body: Any) -> None:
    """Change an object as grace."""
    assert scene.send("grace", "PATCH", f"/{table}/{row['id']}", body) is not None, scene.acts[-1]


def untag(scene: Scene) -> None:
    """Take all tags off the API."""
    patch(scene, "applications", scene.ours("api"), {"tags": []})


def retag(scene: Scene) -> None:
    """Write another owner on the API."""
    patch(
        scene,
        "applications",
        scene.ours("api"),
        {"tags": ["entra-config:owner=evil/prod", "entra-config:key=api"]},
    )


def revalue(scene: Scene) -> None:
    """Give the role Reader another value in place."""
    api: Any = scene.ours("api")
    roles = [{name: each[name] for name in each if name != "origin"} for each in api["appRoles"]]
    patch(scene, "applications", api, {"appRoles": [{**each, "isEnabled": False} for each in roles]})
    for each in roles:
        each["value"] = "SuperAdmin" if each["value"] == "Reader" else each["value"]
    patch(scene, "applications", api, {"appRoles": roles})


RETAGGED = "ownership tags of api changed (the application would no longer be managed)"
REVALUED = "value of role Reader changed to SuperAdmin in api"


@pytest.mark.parametrize("pinned", [True, False])
@pytest.mark.parametrize("deployers", [True, False])
@pytest.mark.parametrize(("story", "sentence"), [(untag, RETAGGED), (retag, RETAGGED), (revalue, REVALUED)])
def test_what_an_object_is_known_by_is_changed(
    story: Story, sentence: str, *, pinned: bool, deployers: bool
) -> None:
    """One finding, of whoever did it: nothing was removed, and the deployer did nothing."""
    report = told(story, pinned=pinned, deployers=deployers)
    assert found(report) == {sentence: GRACE}
    assert report.document["findings"][0]["risk"] == "high"
    assert report.document["drifted"]


@pytest.mark.parametrize("readable", [True, False])
@pytest.mark.parametrize(
    ("path", "noun", "value"), [("appRoles", "app role", "Writer"), ("scopes", "scope", "see")]
)
def test_a_role_or_scope_is_removed_and_added_again(
    path: str, noun: str, value: str, *, readable: bool
) -> None:
    """Under another id: who holds or requests the former id proves without the log that it is another one."""

    def story(scene: Scene) -> None:
        api: Any = scene.ours("api")
        entries = api["appRoles"] if path == "appRoles" else api["api"]["oauth2PermissionScopes"]
        entries = [{name: each[name] for name in each if name != "origin"} for each in entries]

        def write(now: list[Any]) -> None:
            body = {path: now} if path == "appRoles" else {"api": {"oauth2PermissionScopes": now}}
            patch(scene, "applications", api, body)

        patch(scene, "applications", api, {"api": {"preAuthorizedApplications": []}})
        write([{**each, "isEnabled": False} for each in entries])
        write([each for each in entries if each["value"] != value])
        new_id = "0aaaaaaa-0000-4000-8000-000000000001"
        write([{**each, "id": new_id} if each["value"] == value else each for each in entries])

    reported = found(told(story, readable=readable))
    assert {f"{noun} {value} added to api", f"{noun} {value} removed from api"} <= reported.keys()
    others = {each for each in reported if not each.startswith((noun, "authorized client "))}
    assert others == set()
    assert set(reported.values()) == {GRACE if readable else ""}


def test_without_pin_and_log_it_cannot_be_identified() -> None:
    """The uniqueName is no proof without a pinned deployer: nothing is told as removed, and nobody named."""
    report = told(untag, pinned=False, deployers=False, readable=False)
    (sentence,) = found(report)
    assert sentence.startswith("cannot be identified: was api; candidates: 'Shop API' (appId ")
    assert found(report)[sentence] == ""
    assert report.document["drifted"]


@pytest.mark.parametrize("name", ["web", "api"])
def test_a_pinned_deployers_creation_identifies_alone(name: str) -> None:
    """Tags and name are changed, no application is pinned and nobody may read the log: `uniqueName` and
    `createdByAppId` still prove which one it is. Without a deployer in the manifest they prove nothing.
    """

    def story(scene: Scene) -> None:
        patch(scene, "applications", scene.ours(name), {"tags": [], "displayName": "Something else"})

    retagged = f"ownership tags of {name} changed (the application would no longer be managed)"
    report = told(story, pinned="deployer", readable=False)
    assert found(report) == {retagged: "", f"displayName of {name} changed": ""}
    assert report.document["drifted"]
    (sentence,) = found(told(story, pinned=False, deployers=False, readable=False))
    assert sentence.startswith(f"cannot be identified: was {name}; candidates: 'Something else' (appId ")


def test_the_last_report_identifies_it_without_the_log() -> None:
    """By the appId that it had then."""
    assert found(told(untag, pinned=False, deployers=False, readable=False, last=True)) == {RETAGGED: ""}


def plant(scene: Scene) -> None:
    """Write another owner on the web client, and our tags on a registration that is not ours."""
    web: Any = scene.ours("web")
    owned = web["tags"]
    patch(scene, "applications", web, {"tags": ["entra-config:owner=evil/prod"]})
    planted: Any = scene.send("grace", "POST", "/applications", {"displayName": "Shop"})
    patch(scene, "applications", planted, {"tags": owned})


CANDIDATES = "cannot be identified: was web; candidates: 'Shop' (appId "


def test_a_report_does_not_prove_what_it_could_not_identify() -> None:
    """The next report that reads it is as unsure."""
    kept = {"pinned": False, "deployers": False, "readable": False}
    for report in (told(plant, **kept), told(plant, lambda _: None, **kept, last=True)):
        (sentence,) = found(report)
        assert sentence.startswith(CANDIDATES)


def test_a_record_of_who_got_our_tags_identifies_nothing() -> None:
    """The log no longer has how ours was made, and not what it lost; it has what the other got."""

    def story(scene: Scene) -> None:
        scene.rows.audit.clear()
        scene.faults.set(FaultPlan(audit_stub_rate=1))
        patch(scene, "applications", scene.ours("web"), {"tags": []})
        scene.faults.set(FaultPlan())
        planted: Any = scene.send("grace", "POST", "/applications", {"displayName": "Shop"})
        owned = ["entra-config:owner=shop/prod", "entra-config:key=web"]
        patch(scene, "applications", planted, {"tags": owned})
        patch(scene, "applications", planted, {"tags": [*owned, "team:shop"]})

    (sentence,) = found(told(story, pinned=False, deployers=False))
    assert sentence.startswith(CANDIDATES)


def delete_principal(scene: Scene) -> None:
    """Delete the service principal of the web client."""
    web: Any = scene.ours("web")
    principal: Any = scene.principal(web)
    assert scene.send("grace", "DELETE", f"/servicePrincipals/{principal['id']}") is not None


def restore_registration(scene: Scene) -> None:
    """Delete the web client; carol restores the registration, which Graph does without its principal."""
    id_ = scene.own["web"]
    assert scene.send("grace", "DELETE", f"/applications/{id_}") is not None
    scene.clock.advance(600)
    assert scene.send("carol", "POST", f"/directory/deletedItems/{id_}/restore", {}) is not None


@pytest.mark.parametrize("pinned", [True, False])
@pytest.mark.parametrize("story", [delete_principal, restore_registration])
def test_consents_go_with_a_service_principal(story: Story, *, pinned: bool) -> None:
    """One finding for all that went with it, of whoever deleted it: the restore brought back the registration
    alone and explains nothing.
    """
    lost = "it lost what Microsoft Graph, api granted"
    assert found(told(story, pinned=pinned)) == {f"enterprise application web deleted: {lost}": GRACE}


@pytest.mark.parametrize("pinned", [True, False])
def test_a_deleted_service_principal_hides_nothing_of_its_registration(*, pinned: bool) -> None:
    """Plan restores it before it puts back what else was taken away, and drift reports both."""

    def story(scene: Scene) -> None:
        api: Any = scene.ours("api")
        principal: Any = scene.principal(api)
        assert scene.send("grace", "DELETE", f"/servicePrincipals/{principal['id']}") is not None
        assert (
            scene.send("grace", "DELETE", f"/applications/{api['id']}/owners/{user('judy')}/$ref") is not None
        )
        patch(scene, "applications", api, {"api": {"preAuthorizedApplications": []}})
        job = f"/applications/{scene.own['job']}/federatedIdentityCredentials"
        credential = scene.rows.federated_identity_credentials.find("application", scene.own["job"])[0]
        principal = scene.principal(scene.ours("job") or {})
        assert scene.send("grace", "DELETE", f"/servicePrincipals/{principal['id']}") is not None
        assert scene.send("grace", "DELETE", f"{job}/{credential['id']}") is not None

    reported = found(told(story, pinned=pinned))
    assert set(reported.values()) == {GRACE}
    beginnings = (
        "authorized client phone → api removed",
        "authorized client web → api removed",
        "enterprise application api deleted",
        "enterprise application job deleted",
        "federated credential job/github removed",
        "owner api ← ",
    )
    assert len(reported) == len(beginnings)
    assert all(any(each.startswith(words) for each in reported) for words in beginnings)


def delete_group(scene: Scene) -> None:
    """Delete a group that holds a role."""
    assert scene.send("grace", "DELETE", f"/groups/{group('All Staff')}") is not None


@pytest.mark.parametrize("pinned", [True, False])
def test_a_group_that_holds_a_role_is_deleted(*, pinned: bool) -> None:
    """Plan refuses what needs it, so it is drift; the last report tells how many people it was."""
    assert found(told(delete_group, pinned=pinned)) == {
        "group All Staff deleted: its members lost Reader of api": GRACE
    }
    report = told(delete_group, pinned=pinned, last=True)
    assert found(report) == {"group All Staff deleted: 12 people lost Reader of api": GRACE}
    assert report.document["drifted"]


def test_an_application_of_others_that_holds_a_role_is_deleted() -> None:
    """The same of a service principal that the manifest names."""

    def story(scene: Scene) -> None:
        rows = scene.rows.service_principals
        robot = next(row["id"] for row in rows if row["displayName"] == project.ROBOT)
        assert scene.send("grace", "DELETE", f"/servicePrincipals/{robot}") is not None

    report = told(story)
    assert found(report) == {"application Emulator admin deleted: it lost Writer of api": GRACE}
    assert report.document["drifted"]


def report_about_api(
    story: Callable[[Scene, Any], None], by: str, *, readable: bool = True, last: bool = False
) -> Report:
    """Return the report after a story about an API of others at which the web client has consent.

    `by` is how the manifest names that API: `appId` alone, a `declared appId`, a `name`, or a `pinned name`.
    """

    async def tell() -> Report:
        scene = await asyncio.to_thread(histories._opened, deployers=True)
        body = {"displayName": project.HR, "api": {"oauth2PermissionScopes": [project.SEE]}}
        app: Any = scene.send("grace", "POST", "/applications", body)
        principal: Any = scene.send("grace", "POST", "/servicePrincipals", {"appId": app["appId"]})
        content, lock = project.manifest(deployers=True), project.lock(scene.rows, scene.own)
        key = app["appId"] if by == "appId" else "hr"
        if by == "declared appId":
            content["enterpriseApplications"] = {key: {"appId": app["appId"]}}
        elif by != "appId":
            content["enterpriseApplications"] = {key: {"displayName": project.HR}}
        if by == "pinned name":
            lock["servicePrincipals"][project.HR] = principal["id"]
        web = content["applications"]["web"]["apiPermissions"]
        web[key] = {"delegated": ["see"], "adminConsent": True}
        content["environments"]["prod"]["policy"]["consent"][key] = {"delegated": ["see"]}
        scene.clock.advance(HOUR)
        since = await engine.deploy(scene, content, lock=lock)
        assert since is not None, scene.acts[-1]
        scene.clock.advance(HOUR)
        before = await engine.report(scene, content, since=since, lock=lock) if last else None
        scene.clock.advance(HOUR)
        story(scene, principal)
        scene.clock.advance(2 * HOUR)
        return await engine.report(scene, content, since=since, last=before, lock=lock, readable=readable)

    return asyncio.run(tell())


NAMINGS = ("appId", "declared appId", "name", "pinned name")
API_DELETED = f"application {project.HR} deleted: web lost what it granted"


def delete_api(scene: Scene, principal: Any) -> None:
    """Delete the service principal of the API as grace."""
    assert scene.send("grace", "DELETE", f"/servicePrincipals/{principal['id']}") is not None


def purge_api(scene: Scene, principal: Any) -> None:
    """Delete the service principal of the API, and delete it for good as carol."""
    delete_api(scene, principal)
    scene.clock.advance(600)
    assert scene.send("carol", "DELETE", f"/directory/deletedItems/{principal['id']}") is not None


def rename_api(scene: Scene, principal: Any) -> None:
    """Give the API another name."""
    (app,) = scene.rows.applications.find("appId", principal["appId"])
    patch(scene, "applications", app, {"displayName": "People API"})


@pytest.mark.parametrize("by", NAMINGS)
def test_an_api_that_a_client_uses_is_deleted(by: str) -> None:
    """The event, who did it and who lost by it, however the manifest names the API; plan refuses what needs
    it.
    """
    report = report_about_api(delete_api, by)
    assert found(report) == {API_DELETED: GRACE}
    assert report.document["drifted"]
    assert report.planned


@pytest.mark.parametrize("readable", [True, False])
@pytest.mark.parametrize("by", ["appId", "declared appId", "pinned name"])
def test_an_api_that_a_client_uses_is_purged(by: str, *, readable: bool) -> None:
    """The tenant has no trace of it but in the log: the finding is the same without, and of nobody."""
    report = report_about_api(purge_api, by, readable=readable)
    (sentence,) = found(report)
    if by == "pinned name":
        assert sentence == API_DELETED
    else:
        assert sentence.startswith("application ")
        assert sentence.endswith(" deleted, or never in this tenant: web lost what it granted")
    assert found(report)[sentence] == (GRACE if readable else "")
    assert report.document["drifted"]


def test_an_api_that_only_its_name_tells_is_purged() -> None:
    """The record of its deletion has that name."""
    assert found(report_about_api(purge_api, "name")) == {API_DELETED: GRACE}


@pytest.mark.parametrize(("by", "last"), [("appId", False), ("pinned name", False), ("name", True)])
def test_without_a_log_the_deleted_api_is_the_same_finding_of_nobody(by: str, *, last: bool) -> None:
    """The deleted object, the pin or the report before identifies it."""
    assert found(report_about_api(delete_api, by, readable=False, last=last)) == {API_DELETED: ""}


@pytest.mark.parametrize("by", NAMINGS)
def test_an_api_that_is_there_is_no_drift(by: str) -> None:
    """An API of others that only its name tells is identified by that name."""
    report = report_about_api(lambda _scene, _principal: None, by)
    assert (found(report), report.document["drifted"], report.planned) == ({}, False, False)


def test_an_api_gets_another_name() -> None:
    """A pin still leads to it; without one plan no longer finds it. An appId is no name."""
    sentence = f"application {project.HR} renamed to People API"
    pinned, unpinned = report_about_api(rename_api, "pinned name"), report_about_api(rename_api, "name")
    assert (found(pinned), found(pinned, "information")) == ({}, {sentence: GRACE})
    assert not pinned.document["drifted"]
    assert found(unpinned) == {f"{sentence} (it is not pinned, so plan no longer finds it)": GRACE}
    assert found(report_about_api(rename_api, "declared appId")) == {}


def test_an_api_that_got_the_name_of_a_renamed_one_is_not_taken_for_it() -> None:
    """The record of the rename tells which one the manifest means: nobody took or gave a consent."""

    def story(scene: Scene, principal: Any) -> None:
        rename_api(scene, principal)
        body = {"displayName": project.HR, "api": {"oauth2PermissionScopes": [project.SEE]}}
        app: Any = scene.send("carol", "POST", "/applications", body)
        assert scene.send("carol", "POST", "/servicePrincipals", {"appId": app["appId"]}) is not None

    sentence = (
        f"application {project.HR} renamed to People API (it is not pinned, so plan no longer finds it)"
    )
    assert found(report_about_api(story, "name")) == {sentence: GRACE}


@pytest.mark.parametrize("last", [False, True])
def test_a_renamed_api_that_no_record_tells_is_a_candidate(*, last: bool) -> None:
    """A client still has the consent that the manifest declares for it: that is no finding by itself, and the
    deployer, who gave it, is not named. The report before identifies the API.
    """
    report = report_about_api(rename_api, "name", readable=False, last=last)
    (sentence,) = found(report)
    if last:
        assert sentence.startswith(f"application {project.HR} renamed to People API")
    else:
        beginning = f"cannot be identified: was application {project.HR}; candidates: 'People API' (appId "
        assert sentence.startswith(beginning)
    assert found(report)[sentence] == ""
    assert report.document["drifted"]


def test_a_missing_consent_that_the_policy_does_not_allow_is_a_finding() -> None:
    """Carol renames a pinned API, so that `policy.consent` means another one, and grace takes the consent
    away: plan skips it, and drift reports it all the same.
    """

    def story(scene: Scene, principal: Any) -> None:
        (app,) = scene.rows.applications.find("appId", principal["appId"])
        body = {"displayName": "People API"}
        assert scene.send("carol", "PATCH", f"/applications/{app['id']}", body) is not None
        (grant,) = scene.rows.oauth2_permission_grants.find("resourceId", principal["id"])
        assert scene.send("grace", "DELETE", f"/oauth2PermissionGrants/{grant['id']}") is not None

    report = report_about_api(story, "pinned name")
    (sentence,) = found(report)
    assert sentence.startswith(
        'admin consent to see taken away: web → hr "People API", or never given; plan skips it: '
    )
    assert found(report)[sentence] == GRACE
    assert report.document["drifted"]


LOST = "web, phone, site, job lost what it granted; holders lost Admin, Reader, Writer"


def delete_ours(scene: Scene) -> None:
    """Delete the API of ours as grace."""
    assert scene.send("grace", "DELETE", f"/applications/{scene.own['api']}") is not None


def purge_ours(scene: Scene) -> None:
    """Delete the API of ours as grace, and delete it for good as carol."""
    delete_ours(scene)
    _purge(scene)


def purge_principal(scene: Scene) -> None:
    """Delete the service principal of the API of ours as grace, and delete it for good as carol."""
    principal: Any = scene.principal(scene.ours("api") or {})
    assert scene.send("grace", "DELETE", f"/servicePrincipals/{principal['id']}") is not None
    _purge(scene)


def _purge(scene: Scene) -> None:
    scene.clock.advance(600)
    for row in list(scene.rows.deleted_items):
        assert scene.send("carol", "DELETE", f"/directory/deletedItems/{row['id']}") is not None


@pytest.mark.parametrize(("pinned", "readable"), [(True, True), (False, True), (True, False)])
@pytest.mark.parametrize(
    ("story", "noun"),
    [
        (delete_ours, "application"),
        (purge_ours, "application"),
        (purge_principal, "enterprise application"),
    ],
)
def test_an_api_of_ours_that_clients_use_is_deleted(
    story: Story, noun: str, *, pinned: bool, readable: bool
) -> None:
    """One finding shows who lost what by it. Plan creates what was purged again with other ids: that their
    references to it differ is part of that finding too.
    """
    report = told(story, pinned=pinned, readable=readable)
    assert found(report) == {f"{noun} api deleted: {LOST}": GRACE if readable else ""}
    assert report.document["drifted"]
    assert report.planned


@pytest.mark.parametrize("pinned", [True, False])
def test_only_a_pin_of_the_lock_file_is_called_one(*, pinned: bool) -> None:
    """What an earlier report alone shows of an application that is purged is no pin."""
    report = told(purge_ours, pinned=pinned, readable=False, last=True)
    assert found(report) == {f"application api deleted: {LOST}": ""}
    assert any("the lock file pins" in text for text in report.document["warnings"]) is pinned


def test_tags_alone_do_not_replace_what_a_pin_proves() -> None:
    """The pinned API is deleted for good, and somebody puts its tags on another application: drift compares
    nothing with that one.
    """

    def story(scene: Scene) -> None:
        owned = list((scene.ours("api") or {})["tags"])
        purge_ours(scene)
        planted: Any = scene.send("carol", "POST", "/applications", {"displayName": "Shop API"})
        patch(scene, "applications", planted, {"tags": owned})

    assert found(told(story)) == {f"application api deleted: {LOST}": GRACE}


@pytest.mark.parametrize("pinned", [True, False])
def test_a_client_of_ours_is_purged(*, pinned: bool) -> None:
    """The entry that still authorizes its former appId is no finding of its own."""

    def story(scene: Scene) -> None:
        assert scene.send("grace", "DELETE", f"/applications/{scene.own['web']}") is not None
        _purge(scene)

    lost = "it lost what Microsoft Graph, api granted"
    assert found(told(story, pinned=pinned)) == {f"application web deleted: {lost}": GRACE}


def rename_user(scene: Scene) -> None:
    """Give ivan another UPN."""
    patch(scene, "users", {"id": user("ivan")}, {"userPrincipalName": "robert@contoso.com"})


def rename_group(scene: Scene) -> None:
    """Give a group another name."""
    patch(scene, "groups", {"id": group("All Staff")}, {"displayName": "Everybody"})


@pytest.mark.parametrize(
    ("story", "sentence"),
    [
        (rename_user, "ivan@contoso.com renamed to robert@contoso.com"),
        (rename_group, "group All Staff renamed to Everybody"),
    ],
)
def test_a_name_is_changed(story: Story, sentence: str) -> None:
    """A pin still leads there, so it is information; without one plan no longer finds it. No old assignment
    of the deployer is reported.
    """
    pinned = told(story)
    assert (found(pinned), found(pinned, "information")) == ({}, {sentence: GRACE})
    assert not pinned.document["drifted"]
    unpinned = told(story, pinned=False)
    assert found(unpinned) == {f"{sentence} (it is not pinned, so plan no longer finds it)": GRACE}
    assert unpinned.document["drifted"]


def test_who_holds_a_changed_role_is_a_candidate() -> None:
    """Nothing proves which group was renamed: the holder of the role is not reported as an added one."""

    def story(scene: Scene) -> None:
        revalue(scene)
        rename_group(scene)

    (role, group_) = sorted(found(told(story, pinned=False, readable=False)), reverse=True)
    assert role == REVALUED
    assert group_.startswith("cannot be identified: was group All Staff; candidates: group ")


def test_a_user_who_left_is_information() -> None:
    """Plan passes over users who are gone, so there is no drift."""

    def story(scene: Scene) -> None:
        assert scene.send("grace", "DELETE", f"/users/{user('ivan')}") is not None

    report = told(story)
    assert found(report, "information") == {"ivan@contoso.com deleted: this user lost Writer of api": GRACE}
    assert not report.document["drifted"]


OWNED = ("entra-config:owner=shop/prod", "entra-config:key=nightly")


@pytest.mark.parametrize("tags", [OWNED, ()], ids=["tagged", "untagged"])
def test_an_undeclared_client_that_is_tagged_as_ours_is_not_called_foreign(tags: tuple[str, ...]) -> None:
    """It may be a key that left the manifest, so each finding about it shows whose tags it has."""

    def story(scene: Scene) -> None:
        registered: Any = scene.send("grace", "POST", "/applications", {"displayName": "Nightly"})
        patch(scene, "applications", registered, {"tags": [*tags]})
        client: Any = scene.send("grace", "POST", "/servicePrincipals", {"appId": registered["appId"]})
        app_ids.append(registered["appId"])
        api: Any = scene.ours("api")
        resource = (scene.principal(api) or {})["id"]
        (admin,) = (role["id"] for role in api["appRoles"] if role["value"] == "Admin")
        role = {"principalId": client["id"], "resourceId": resource, "appRoleId": admin}
        path = f"/servicePrincipals/{resource}/appRoleAssignedTo"
        assert scene.send("grace", "POST", path, role) is not None
        consent = {"clientId": client["id"], "resourceId": resource, "scope": "see"}
        consent["consentType"] = "AllPrincipals"
        assert scene.send("grace", "POST", "/oauth2PermissionGrants", consent) is not None

    app_ids: list[str] = []
    report = told(story)
    called = f"Nightly ({app_ids[0]}{', tagged as managed by shop/prod' if tags else ''})"
    assert found(report) == {
        f"undeclared holder Admin of {called} added to api": GRACE,
        f"undeclared consent see of {called} added to api": GRACE,
    }
    assert not any(
        words in text for text in report.formats.values() for words in ("foreign", "not ours", "a stranger")
    )


def test_no_drift_is_what_plan_says() -> None:
    """A tenant in which nothing happened, pinned or not."""
    for pinned in (True, False):
        report = told(lambda _: None, pinned=pinned)
        assert not report.planned
        assert not report.document["drifted"]
