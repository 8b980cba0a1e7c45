"""What confirms by key that something is absent, and who the deployers are."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from entra_config.actual import later_questions
from entra_config.actual.fetch import Questions, Responses
from entra_config.actual.later_questions import MANY_KEYS
from entra_config.actual.question import (
    DELETED_APPLICATIONS,
    DELETED_PRINCIPALS,
    OUR_APPLICATIONS,
    About,
    AllCertificates,
    ApplicationByAppId,
    ByIds,
    Certificates,
    ExpandedGroup,
    GroupMembers,
    HeldBy,
    NameBearers,
    PrincipalByAppId,
    UniqueNameHolder,
)
from entra_config.kinds.details import ENTERPRISE_OWNERS, OWNERS, RoleHolding
from entra_config.kinds.directory import Subject
from entra_config.kinds.table import KINDS
from entra_config.manifest.model import (
    Application,
    Given,
    Named,
)
from tests.unit.actual.asked import APP, KEYLESS, PRINCIPAL, app, declared, get

BODY, OWN = {"id": "o1", "appId": "a1"}, {"id": "p1", "appId": "a1"}


def principal(app_id: str) -> Questions:
    """Return the question for a service principal by its appId."""
    return {PrincipalByAppId(app_id): get(f"/servicePrincipals(appId='{app_id}')?$select={PRINCIPAL}")}


HOLDER = {
    UniqueNameHolder("myapp.prod.api"): get(f"/applications(uniqueName='myapp.prod.api')?$select={KEYLESS}")
}
GONE = {
    DELETED_PRINCIPALS: get(
        f"/directory/deletedItems/microsoft.graph.servicePrincipal?$select={PRINCIPAL}&$top=999"
    )
}
DELETED = GONE | {
    DELETED_APPLICATIONS: get(f"/directory/deletedItems/microsoft.graph.application?$select={APP}&$top=999")
}
PIN = {ApplicationByAppId("a1"): get(f"/applications(appId='a1')?$select={APP}")} | principal("a1")


@pytest.mark.parametrize(
    ("application", "sure", "tagged", "asked"),
    [
        pytest.param(app(), Subject("api", BODY, OWN), True, {}, id="whole"),
        pytest.param(app(), Subject("api", BODY), True, principal("a1") | GONE, id="no principal"),
        pytest.param(app(), Subject("api", None), True, {}, id="no application"),
        pytest.param(app(), None, True, HOLDER | DELETED, id="absent"),
        pytest.param(app(app_id="a1"), None, True, DELETED, id="pinned by hand, and absent"),
        pytest.param(
            app(app_id="a1", locked=True), None, True, HOLDER | DELETED, id="pinned by the lock file"
        ),
        pytest.param(app(app_id="a1"), Subject("api", BODY, OWN), True, {}, id="pinned, and listed"),
        pytest.param(
            app(app_id="a1"), Subject("api", BODY), True, principal("a1") | GONE, id="pinned, no principal"
        ),
        pytest.param(app(app_id="a1"), Subject("api", BODY, OWN), False, PIN, id="pinned, not listed"),
    ],
)
def test_what_no_list_shows_is_confirmed_by_key(
    application: Application, sure: Subject | None, asked: Questions, *, tagged: bool
) -> None:
    """By its appId, its unique name, and among what is deleted."""
    responses = Responses()
    responses.add(OUR_APPLICATIONS, [BODY] if tagged else [])
    found = later_questions.second_level(declared(application), responses, {"api": sure} if sure else {})
    assert found == asked


def test_each_application_is_confirmed() -> None:
    """Whatever the one before it lacks."""
    found = later_questions.second_level(declared(app(), app("spa")), Responses(), {})
    holder = get(f"/applications(uniqueName='myapp.prod.spa')?$select={KEYLESS}")
    assert found == HOLDER | DELETED | {UniqueNameHolder("myapp.prod.spa"): holder}


def test_who_the_deployers_are_and_what_grants_hold_is_asked() -> None:
    """Members of groups, expanded for service principals; roles; and users whom no list shows, by key."""
    responses = Responses()
    responses.add(
        ByIds("0"), [{"@odata.type": f"#microsoft.graph.{type_}", "id": type_} for type_ in ("group", "user")]
    )
    responses.add(NameBearers("servicePrincipal", "Job"), [{"id": "s1"}])
    responses.add(ByIds("1"), [{"@odata.type": "#microsoft.graph.servicePrincipal", "id": "s2"}])
    responses.add(NameBearers("group", "HR"), [{"id": "hr"}])
    manifest = declared(
        grants=(Given(Named("Job"), "api"), Given(Named("Gone"), "api"), Given(Named("Id", "s2"), "api")),
        deployers=(
            Named("no one@x"),
            Named("Team", "group"),
            Named("Li", "user"),
            Named("Lost"),
            Named("HR"),
        ),
    )
    assert later_questions.second_level(manifest, responses, {}) == {
        NameBearers("user", "no one@x"): get("/users/no%20one%40x?$select=id,displayName,userPrincipalName"),
        HeldBy("s1"): get(f"/servicePrincipals/s1/appRoleAssignments?{RoleHolding.SELECT}&$top=999"),
        HeldBy("s2"): get(f"/servicePrincipals/s2/appRoleAssignments?{RoleHolding.SELECT}&$top=999"),
        GroupMembers("hr"): get("/groups/hr/members?$select=id&$top=999"),
        ExpandedGroup("hr"): get("/groups/hr?$select=id&$expand=members($select=id)"),
        GroupMembers("group"): get("/groups/group/members?$select=id&$top=999"),
        ExpandedGroup("group"): get("/groups/group?$select=id&$expand=members($select=id)"),
    }


def test_what_kinds_ask_is_asked_of_each_that_is_not_deleted() -> None:
    """Each detail of each application, by its key."""
    kinds = [kind for kind in KINDS if kind.name == "owner"]
    found = later_questions.details(
        subjects(
            Subject("gone", BODY, deleted=True),
            Subject("api", BODY, OWN),
            Subject("spa", {**BODY, "id": "o2"}),
        ),
        iter(kinds),
        declared(app(), app("spa")),
    )
    asked = [each for each in found if isinstance(each, About)]
    assert [(each.key, each.detail) for each in asked] == [
        ("api", OWNERS),
        ("api", ENTERPRISE_OWNERS),
        ("spa", OWNERS),
    ]
    assert [str(found[each].path).partition("?")[0] for each in asked] == [
        "/applications/o1/owners",
        "/servicePrincipals/p1/owners",
        "/applications/o2/owners",
    ]


def subjects(*each: Subject) -> Mapping[str, Subject]:
    """Return subjects by key."""
    return {one.key: one for one in each}


def test_of_what_is_found_by_name_alone_the_rest_is_asked() -> None:
    """Its service principal, unless that was asked or it is deleted; its certificates, where they lack."""
    asked = Responses()
    asked.add(PrincipalByAppId("a3"), [])
    found = subjects(
        Subject("one", BODY),
        Subject("whole", {**BODY, "appId": "a2"}, {**OWN, "keyCredentials": []}),
        Subject("asked", {**BODY, "appId": "a3"}),
        Subject("gone", {**BODY, "appId": "a4", "deletedDateTime": "2026"}),
        Subject("theirs", None, None),
        Subject("two", {"id": "o5", "appId": "a5", "deletedDateTime": None, "keyCredentials": []}),
    )
    assert later_questions.lost(declared(), found, asked) == principal("a1") | principal("a5")
    lacking = get("/applications/o1?$select=id,keyCredentials")
    assert later_questions.certificates(found) == {Certificates("o1"): lacking}


def test_certificates_of_many_applications_are_two_lists() -> None:
    """Graph answers 150 requests a minute that ask for certificates: of many, each is not asked alone."""
    many = [Subject(f"k{number}", {**BODY, "id": f"o{number}"}) for number in range(MANY_KEYS - 1)]
    few = later_questions.certificates(subjects(*many))
    assert len(few) == MANY_KEYS - 1
    more = subjects(*many, Subject("last", {**BODY, "keyCredentials": []}, {"id": "p1", "appId": "a1"}))
    assert later_questions.certificates(more) == {
        AllCertificates(name): get(f"/{name}?$select=id,keyCredentials&$top=999")
        for name in ("applications", "servicePrincipals")
    }
    alone = get("/servicePrincipals/p1?$select=id,keyCredentials")
    assert later_questions.certificates_by_key(more) == {**few, Certificates("p1"): alone}
