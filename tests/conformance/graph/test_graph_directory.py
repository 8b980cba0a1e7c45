"""Groups, users, organization, domains and directory objects."""

import struct
import uuid
from collections.abc import Callable

import pytest

from tests.conformance.graph_client import Graph, refused

fact = pytest.mark.fact
# AZ-GROUP of 2022, and what groups have since 2023: lists that are empty, and what is null.
_EMPTY = {
    "creationOptions",
    "groupTypes",
    "onPremisesProvisioningErrors",
    "proxyAddresses",
    "resourceBehaviorOptions",
    "resourceProvisioningOptions",
    "serviceProvisioningErrors",
}
_NULL = {
    "classification",
    "deletedDateTime",
    "expirationDateTime",
    "isAssignableToRole",
    "mail",
    "membershipRule",
    "membershipRuleProcessingState",
    "onPremisesDomainName",
    "onPremisesLastSyncDateTime",
    "onPremisesNetBiosName",
    "onPremisesSamAccountName",
    "onPremisesSecurityIdentifier",
    "onPremisesSyncEnabled",
    "preferredDataLocation",
    "preferredLanguage",
    "theme",
    "uniqueName",
    "visibility",
}


def link(object_id: str) -> dict[str, str]:
    """Write a reference to an object."""
    return {"@odata.id": f"https://graph.microsoft.com/v1.0/directoryObjects/{object_id}"}


@fact("group shape", source="AZ-GROUP, recorded answers", grade="R", seen="2024-10")
def test_group(graph: Graph) -> None:
    """A new group has Graph's defaults; its SID is derived from its id; renewed is created."""
    group = graph.group(description="d")
    raw = uuid.UUID(group["id"]).bytes_le
    assert list(group)[1:8] == [
        "id",
        "deletedDateTime",
        "classification",
        "createdDateTime",
        "creationOptions",
        "description",
        "displayName",
    ]
    assert list(group)[-4:] == [
        "uniqueName",
        "visibility",
        "onPremisesProvisioningErrors",
        "serviceProvisioningErrors",
    ]
    assert {name for name, value in group.items() if value == []} == _EMPTY
    assert {name for name, value in group.items() if value is None} == _NULL
    assert (group["mailEnabled"], group["securityEnabled"]) == (False, True)
    assert group["renewedDateTime"] == group["createdDateTime"]
    assert group["securityIdentifier"] == "S-1-12-1-" + "-".join(map(str, struct.unpack("<4I", raw)))
    assert graph.get(f"/groups/{group['id']}/owners").json()["value"] == []


@fact("mailNickname is not unique, four properties are required", source="AZ-GROUP", grade="R")
def test_group_names(graph: Graph) -> None:
    """Two groups may share names; a missing property is named."""
    twins = [graph.group(displayName="twins")["mailNickname"] for _ in range(2)]
    assert twins[0] == twins[1]
    body = {"displayName": "x", "mailEnabled": False, "mailNickname": "x", "securityEnabled": True}
    for name in body:
        text = f"A value is required for property '{name}' of resource 'Group'."
        without = {key: value for key, value in body.items() if key != name}
        refused(graph.post("/groups", without), 400, "Request_BadRequest", text)
        refused(graph.post("/groups", {**body, name: None}), 400, "Request_BadRequest", text)


@fact("members and transitive checks", source="AZ-GROUP", grade="R")
def test_members(graph: Graph) -> None:
    """Membership is checked through nested groups, members are listed directly with their type."""
    parent, child, leaf = graph.group(), graph.group(), graph.group()
    for outer, inner in ((parent, child), (child, leaf)):
        assert graph.post(f"/groups/{outer['id']}/members/$ref", link(inner["id"])).status_code == 204
    body = {"groupIds": [parent["id"], child["id"]]}
    checked = graph.post(f"/directoryObjects/{leaf['id']}/checkMemberGroups", body)
    assert sorted(checked.json()["value"]) == sorted(body["groupIds"])
    assert checked.json()["@odata.context"].endswith("#Collection(Edm.String)")
    assert checked.headers["x-ms-resource-unit"] == "4"
    members = graph.get(f"/groups/{parent['id']}/members")
    assert [item["id"] for item in members.json()["value"]] == [child["id"]]
    assert members.json()["value"][0]["@odata.type"] == "#microsoft.graph.group"
    assert members.headers["x-ms-resource-unit"] == "3"
    all_groups = graph.post(f"/groups/{leaf['id']}/getMemberGroups", {"securityEnabledOnly": False})
    assert sorted(all_groups.json()["value"]) == sorted(body["groupIds"])
    assert all_groups.headers["x-ms-resource-unit"] == "2"
    assert graph.delete(f"/groups/{parent['id']}/members/{child['id']}/$ref").status_code == 204
    assert graph.post(f"/directoryObjects/{leaf['id']}/checkMemberGroups", body).json()["value"] == [
        child["id"]
    ]


@fact("members of version 1.0 leave service principals out", source="KNOWN", grade="D")
def test_service_principal_member(graph: Graph) -> None:
    """A service principal can be a member; only beta lists it."""
    group = graph.group()
    principal = graph.principal(graph.application())
    assert graph.post(f"/groups/{group['id']}/members/$ref", link(principal["id"])).status_code == 204
    assert graph.get(f"/groups/{group['id']}/members").json()["value"] == []
    assert len(graph.get(f"/beta/groups/{group['id']}/members").json()["value"]) == 1


@fact("a member that is there already", source="PNP", grade="C")
def test_member_twice(graph: Graph) -> None:
    """The same member again is refused."""
    group, member = graph.group(), graph.group()
    graph.post(f"/groups/{group['id']}/members/$ref", link(member["id"]))
    text = (
        "One or more added object references already exist for the following modified properties: 'members'."
    )
    refused(
        graph.post(f"/groups/{group['id']}/members/$ref", link(member["id"])), 400, "Request_BadRequest", text
    )
    gone = f"/groups/{group['id']}/members/{member['id'].upper()}/$ref"
    assert graph.delete(gone).status_code == 204
    refused(
        graph.delete(gone), 400, "Request_BadRequest", "One or more removed object references do not exist"
    )


@fact("a group that is its own member", source="MicrosoftDocs/azure-docs#43313", grade="R")
def test_own_member(graph: Graph) -> None:
    """Groups may be in each other, and in themselves; whoever is in them is, once."""
    group, other = graph.group(), graph.group()
    for outer, inner in ((group, group), (group, other), (other, group)):
        assert graph.post(f"/groups/{outer['id']}/members/$ref", link(inner["id"])).status_code == 204
    every = {group["id"], other["id"]}
    assert {item["id"] for item in graph.get(f"/groups/{group['id']}/members").json()["value"]} == every
    found = graph.post(
        f"/directoryObjects/{other['id']}/getMemberGroups", {"securityEnabledOnly": False}
    ).json()["value"]
    assert len(found) == len(set(found))
    assert group["id"] in found


@fact("members@odata.bind", source="group-post-members documentation", grade="D")
def test_bound_members(graph: Graph) -> None:
    """Up to twenty members come with one PATCH."""
    group, one, two = graph.group(), graph.group(), graph.group()
    bound = {"members@odata.bind": [link(one["id"])["@odata.id"], link(two["id"])["@odata.id"]]}
    assert graph.patch(f"/groups/{group['id']}", bound).status_code == 204
    assert len(graph.get(f"/groups/{group['id']}/members").json()["value"]) == 2


@fact("user: eleven properties, id last in reads", source="AZ-USER, AZ-OWNER", grade="R")
def test_user_shape(reader: Graph) -> None:
    """A user shows eleven properties, the id last."""
    user = reader.get("/users?$top=1").json()["value"][0]
    names = (
        "businessPhones displayName givenName jobTitle mail mobilePhone officeLocation preferredLanguage "
        "surname"
    )
    assert list(user) == [*names.split(), "userPrincipalName", "id"]


@fact("users by principal name; the id is first after a create", source="AZ-USER", grade="R")
def test_user(graph: Graph) -> None:
    """A user is made, found, changed and deleted by principal name."""
    domain = next(item["id"] for item in graph.get("/domains").json()["value"] if item["isDefault"])
    name = f"conformance@{domain}"
    body = {
        "userPrincipalName": name,
        "displayName": "C",
        "mailNickname": "conformance",
        "accountEnabled": True,
        "passwordProfile": {"password": "not-a-real-1-password"},
    }
    made = graph.post("/users", body)
    assert made.status_code == 201
    assert list(made.json())[1] == "id"
    assert graph.patch(f"/users/{made.json()['id']}", {"displayName": "D"}).status_code == 204
    assert graph.get(f"/users/{name}").json()["displayName"] == "D"
    group = graph.group()
    graph.post(f"/groups/{group['id']}/members/$ref", link(made.json()["id"]))
    member_of = graph.get(f"/users/{name}/memberOf")
    assert [item["@odata.type"] for item in member_of.json()["value"]] == ["#microsoft.graph.group"]
    assert member_of.headers["x-ms-resource-unit"] == "2"
    assert graph.delete(f"/users/{name}").status_code == 204
    assert graph.get(f"/users/{name}").status_code == 404


@fact("organization and domains", source="DOC21, KNOWN", grade="D")
def test_organization(reader: Graph) -> None:
    """The organization is a list of one, and names its domains."""
    listed = reader.get("/organization").json()["value"]
    assert len(listed) == 1
    names = {item["name"] for item in listed[0]["verifiedDomains"]}
    assert names == {item["id"] for item in reader.get("/domains").json()["value"]}


@fact("domains are not queried", source="microsoft-graph-docs#12782; of a filter alone", grade="R")
@pytest.mark.parametrize(
    "option", ["$filter=isInitial eq true", "$top=1", "$orderby=id", "$search=x", "$expand=x"]
)
def test_domains_are_not_queried(reader: Graph, option: str) -> None:
    """Each option but $select is refused."""
    refused(reader.get(f"/domains?{option}"), 400, "Request_UnsupportedQuery")


@fact("$select of domains", source="domain-get documentation", grade="D")
def test_selected_domains(reader: Graph) -> None:
    """Of the list and of one."""
    for domain in reader.get("/domains?$select=id,isDefault").json()["value"]:
        one = reader.get(f"/domains/{domain['id']}?$select=id,isDefault").json()
        assert one.pop("@odata.context").endswith("#domains(id,isDefault)/$entity")
        assert one == domain


@fact("getByIds", source="directoryobject-getbyids documentation", grade="D")
def test_get_by_ids(graph: Graph) -> None:
    """Objects of several types come by id; what is not there is left out."""
    app = graph.application()
    principal = graph.principal(app)
    ids = [app["id"], principal["id"], "00000000-0000-4000-8000-00000000dead"]
    found = graph.post("/directoryObjects/getByIds", {"ids": ids}).json()["value"]
    assert {item["@odata.type"] for item in found} == {
        "#microsoft.graph.application",
        "#microsoft.graph.servicePrincipal",
    }
    some = graph.post("/directoryObjects/getByIds", {"ids": ids, "types": ["application"]}).json()["value"]
    assert [item["id"] for item in some] == [app["id"]]
    again = {"ids": [each.upper() for each in ids[::-1] + ids], "types": ["directoryObject"]}
    every = graph.post("/directoryObjects/getByIds", again).json()["value"]
    assert [item["id"] for item in every] == [principal["id"], app["id"]]
    for empty in ({"ids": []}, {"ids": ids, "types": ["group"]}):
        assert graph.post("/directoryObjects/getByIds", empty).json()["value"] == []


@fact("names with plus and slash", source="AZ-SPCH", grade="R")
def test_special_characters(graph: Graph) -> None:
    """Percent-encoded plus and slash are taken as they are."""
    group = graph.group(displayName="conformance+/1")
    found = graph.get("/groups?$filter=displayName eq 'conformance%2B%2F1'").json()["value"]
    assert [item["id"] for item in found] == [group["id"]]
    found = graph.get("/groups?$filter=startswith%28displayName%2C%27conformance%2B%27%29").json()["value"]
    assert [item["id"] for item in found] == [group["id"]]


@fact("revokeSignInSessions", source="user-revokesigninsessions documentation", grade="D")
def test_revoked_sessions_of_a_user(graph: Graph, as_user: Callable[..., Graph]) -> None:
    """The answer is true as a bare value, the instant can be selected; oneself needs no administrator,
    others do.
    """
    bob = graph.get("/users/bob@contoso.com").json()
    response = graph.post(f"/users/{bob['id']}/revokeSignInSessions")
    assert response.status_code == 200
    assert response.json()["value"] is True
    assert response.json()["@odata.context"].endswith("$metadata#Edm.Boolean")
    selected = graph.get("/users/bob@contoso.com?$select=signInSessionsValidFromDateTime").json()
    assert selected["signInSessionsValidFromDateTime"].endswith("Z")
    assert "signInSessionsValidFromDateTime" not in graph.get("/users/bob@contoso.com").json()
    himself = as_user("bob@contoso.com", "User.ReadWrite")
    assert himself.post("/me/revokeSignInSessions").json()["value"] is True
    refused(himself.post("/users/alice@contoso.com/revokeSignInSessions"), 403, "Authorization_RequestDenied")
    refused(graph.post("/users/nobody@contoso.com/revokeSignInSessions"), 404, "Request_ResourceNotFound")
