"""What Graph is asked first of a manifest: ours by mark, others by what they are called."""

from __future__ import annotations

import pytest

from entra_config.actual import questions
from entra_config.actual.fetch import Questions
from entra_config.actual.question import (
    ORGANIZATION,
    OUR_APPLICATIONS,
    OUR_PRINCIPALS,
    ApiOfOthers,
    ByIds,
    ExternalPrincipal,
    NameBearers,
)
from entra_config.graph.request import Request
from entra_config.kinds import microsoft_graph
from entra_config.manifest.model import (
    EnterpriseApplication,
    Given,
    Manifest,
    Named,
    RoleAssignees,
    Setting,
)
from entra_config.manifest.parts import ApiPermission
from entra_config.manifest.sections import microsoft
from tests.unit.actual.asked import API, APP, GRAPH, KEYLESS, PRINCIPAL, STORAGE, app, declared, get


def by_ids(*ids: str) -> Request:
    """Make the request of objects by their ids."""
    types = ["user", "group", "servicePrincipal"]
    return Request("POST", "/directoryObjects/getByIds", {"ids": [*ids], "types": types})


def first(manifest: Manifest, signed_in: str = "") -> Questions:
    """Return what is asked besides what is asked of every tenant."""
    found = questions.first_level(manifest, signed_in)
    return {
        each: request
        for each, request in found.items()
        if each not in {ORGANIZATION, OUR_APPLICATIONS, OUR_PRINCIPALS}
    }


def test_of_every_tenant_its_name_and_what_bears_our_mark_is_asked() -> None:
    """By the owner's tag, with the properties that are needed and no others."""
    marks = "tags/any(t:t%20eq%20'entra-config%3Aowner%3Dmyapp%2Fprod')"
    assert questions.first_level(declared(), "") == {
        ORGANIZATION: get("/organization?$select=id,displayName,verifiedDomains"),
        OUR_APPLICATIONS: get(f"/applications?$filter={marks}&$select={APP}&$top=999"),
        OUR_PRINCIPALS: get(f"/servicePrincipals?$filter={marks}&$select={PRINCIPAL}&$top=999"),
    }


def test_properties_that_the_manifest_writes_are_asked_once_and_in_order() -> None:
    """By their first part; what beta alone has is not asked of v1.0; without keys where it is asked often."""
    enterprise = EnterpriseApplication("api", {"loginUrl": Setting(1), "tags": Setting(1)})
    manifest = declared(
        app(settings=("web.redirectUris", "info.termsOfServiceUrl", "signInAudienceRestrictions")),
        app("spa", settings=("defaultRedirectUri",), enterprise=enterprise),
    )
    assert questions.application_select(manifest) == f"{APP},defaultRedirectUri,info"
    assert questions.application_select(manifest, keys=False) == f"{KEYLESS},defaultRedirectUri,info"
    assert questions.principal_select(manifest) == f"{PRINCIPAL},loginUrl"


def test_written_properties_are_asked_in_order() -> None:
    """Whatever the order of the manifest is."""
    names = ("serviceManagementReference", "certification", "logo", "info", "verifiedPublisher", "addIns")
    enterprise = EnterpriseApplication("api", {each: Setting(1) for each in names})
    manifest = declared(app(settings=names, enterprise=enterprise))
    assert questions.application_select(manifest) == ",".join([APP, *sorted(names)])
    assert questions.principal_select(manifest) == ",".join([PRINCIPAL, *sorted(names)])


def test_whoever_was_named_until_it_was_over_is_named_after_the_others() -> None:
    """Once each: by id where there is one, else by name, and by what it may be."""
    now = (Named("li@x"), Named("Team", "g1"))
    before = (Named("li@x"), Named("Other", "g1"), Named("Team", "g2"), Named("bo@x"), Named("bo@x", "u2"))
    manifest = declared(deployers=now, written=declared(deployers=before))
    either = ("group", "servicePrincipal")
    assert list(questions.named_objects(manifest)) == [
        (("user",), now[0]),
        (either, now[1]),
        (either, before[2]),
        (("user",), before[3]),
        (("user",), before[4]),
    ]


def others_of(key: str, path: str, select: str = API) -> Questions:
    """Return the question for an API of others."""
    return {ApiOfOthers(key): get(f"/servicePrincipals{path}$select={select}")}


@pytest.mark.parametrize(
    ("manifest", "asked"),
    [
        (
            declared(
                enterprise_applications={
                    "hr": EnterpriseApplication("hr", app_id="a1", named=Named("HR", "s1"))
                }
            ),
            others_of("hr", "?$filter=appId%20eq%20'a1'&"),
        ),
        (
            declared(enterprise_applications={"hr": EnterpriseApplication("hr", named=Named("HR", "s1"))}),
            others_of("hr", "/s1?"),
        ),
        (
            declared(enterprise_applications={"hr": EnterpriseApplication("hr", named=Named("HR"))}),
            others_of("hr", "?$filter=displayName%20eq%20'HR'&"),
        ),
        (
            declared(enterprise_applications={"hr": EnterpriseApplication("hr")}),
            others_of("hr", "?$filter=displayName%20eq%20'hr'&"),
        ),
        (
            declared(
                app(
                    api_permissions={
                        each: ApiPermission(each, own=False) for each in (GRAPH, "a9", "spa", "hr")
                    }
                ),
                app("spa"),
                enterprise_applications={"hr": EnterpriseApplication("hr")},
                grants=(Given(Named("x", "1"), "Azure Storage"),),
            ),
            others_of("hr", "?$filter=displayName%20eq%20'hr'&")
            | others_of("Azure Storage", f"?$filter=appId%20eq%20'{STORAGE}'&")
            | others_of(GRAPH, f"?$filter=appId%20eq%20'{microsoft_graph.APP_ID}'&", "id,appId,displayName")
            | others_of("a9", "?$filter=appId%20eq%20'a9'&")
            | {ByIds("0"): by_ids("1")},
        ),
        (
            declared(
                app(
                    external_authorized_clients={"c2": (), "c1": (), microsoft.CLIENTS["Microsoft Teams"]: ()}
                )
            ),
            {
                ExternalPrincipal(each): get(
                    f"/servicePrincipals(appId='{each}')?$select=id,appId,displayName,appOwnerOrganizationId"
                )
                for each in ("c1", "c2")
            },
        ),
    ],
)
def test_apis_and_clients_of_others_are_asked_once(manifest: Manifest, asked: Questions) -> None:
    """By appId, by id or by name; of Microsoft Graph, whose table is known, the ids alone; in order."""
    found = first(manifest)
    assert found == asked
    assert list(found) == list(asked)


def test_apis_and_clients_of_others_are_asked_in_order() -> None:
    """Whatever the order of the manifest is."""
    names = [f"{number}a" for number in (7, 3, 9, 1, 5, 8)]
    manifest = declared(
        app(
            api_permissions={each: ApiPermission(each, own=False) for each in names},
            external_authorized_clients=dict.fromkeys(names, ()),
        )
    )
    found = list(first(manifest))
    assert found == [*map(ApiOfOthers, sorted(names)), *map(ExternalPrincipal, sorted(names))]


def bearers(type_: str, name: str) -> Questions:
    """Return the question who bears a name."""
    return {NameBearers(type_, name): questions.by_name(type_, name)}


HELD = {
    ("api", "A"): RoleAssignees(
        "api", "A", (Named("li@x"), Named("bo@x", "u1")), (Named("HR"),),
        service_principals=(Named("CI"), Named("o/p/k", by_marks=True)),
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("manifest", "signed_in", "asked"),
    [
        (
            declared(assignments=HELD),
            "me",
            bearers("group", "HR")
            | bearers("marks", "o/p/k")
            | bearers("servicePrincipal", "CI")
            | bearers("servicePrincipal", "o/p/k")
            | bearers("user", "li@x")
            | {ByIds("0"): by_ids("me", "u1")},
        ),
        (
            declared(deployers=(Named("ci@x"), Named("CI"), Named("a1", by_app_id=True))),
            "",
            bearers("appId", "a1")
            | bearers("group", "CI")
            | bearers("servicePrincipal", "CI")
            | bearers("user", "ci@x"),
        ),
        (
            declared(
                app(
                    owners=(Named("li@x"), Named("CI")),
                    enterprise=EnterpriseApplication("e", owners=(Named("bo@x"),)),
                )
            ),
            "",
            bearers("servicePrincipal", "CI") | bearers("user", "bo@x") | bearers("user", "li@x"),
        ),
        (declared(app(enterprise=EnterpriseApplication("e"))), "", {}),
        (
            declared(grants=(Given(Named("Job"), "api"),)),
            "",
            bearers("servicePrincipal", "Job") | others_of("api", "?$filter=appId%20eq%20'api'&"),
        ),
        (
            declared(
                written=declared(deployers=(Named("li@x"), Named("bo@x", "u1"))), deployers=(Named("li@x"),)
            ),
            "me",
            bearers("user", "li@x") | {ByIds("0"): by_ids("me", "u1")},
        ),
    ],
)
def test_names_without_ids_are_looked_for_and_ids_are_read(
    manifest: Manifest, signed_in: str, asked: Questions
) -> None:
    """Each by what it may be; who is signed in, too, and whoever was named until it was over."""
    found = first(manifest, signed_in)
    assert found == asked
    assert [each for each in found if isinstance(each, NameBearers)] == [
        each for each in asked if isinstance(each, NameBearers)
    ]


def test_a_thousand_ids_go_in_one_request() -> None:
    """One more is another request, told by its number."""
    ids = [f"{number:04}" for number in range(1001)]
    found = first(declared(deployers=tuple(Named(each, each) for each in ids)))
    assert found == {ByIds("0"): by_ids(*ids[:1000]), ByIds("1"): by_ids("1000")}


def test_who_bears_a_name_is_asked_by_the_property_that_names() -> None:
    """A UPN, an appId, or a display name; marks by their owner."""
    fields = "id,appId,displayName,appOwnerOrganizationId,tags"
    marks = "tags/any(t:t%20eq%20'entra-config%3Aowner%3Do%2Fp')"
    paths = {
        "user": "/users?$filter=userPrincipalName%20eq%20'o%2Fp%2Fk'"
        "&$select=id,displayName,userPrincipalName",
        "group": "/groups?$filter=displayName%20eq%20'o%2Fp%2Fk'&$select=id,displayName",
        "servicePrincipal": f"/servicePrincipals?$filter=displayName%20eq%20'o%2Fp%2Fk'&$select={fields}",
        "appId": f"/servicePrincipals?$filter=appId%20eq%20'o%2Fp%2Fk'&$select={fields}",
        "marks": f"/servicePrincipals?$filter={marks}&$select={fields}&$top=999",
    }
    assert {type_: questions.by_name(type_, "o/p/k") for type_ in paths} == {
        type_: get(path) for type_, path in paths.items()
    }
