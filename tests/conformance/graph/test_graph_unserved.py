"""What Graph has and the emulator has not: the answer that a client gets."""

import pytest

from tests.conformance.graph_client import Graph, refused

OBJECT = "11111111-2222-4333-8444-555555555555"
# What stands for the path in the answer, where it is not the path itself with `{id}` for the id.
PATHS = {
    "/applicationTemplates": "",
    f"/applicationTemplates/{OBJECT}/instantiate": "",
    f"/applications/{OBJECT}/setVerifiedPublisher": "",
    f"/directoryRoles/{OBJECT}/displayName": "",
    f"/Applications/{OBJECT}/SYNCHRONIZATION/Jobs": "applications/{id}/synchronization/jobs",
    "/directoryRoles": "",
    f"/directoryRoles(roleTemplateId='{OBJECT}')/members": "directoryRoles/{id}/members",
    "/roleManagement/directory/roleEligibilitySchedules": "",
    "/invitations": "",
    "/policies/crossTenantAccessPolicy": "",
    "/me/messages": "",
    "/users('$a@contoso.com')/messages": "users/{id}/messages",
    "/reports/getEmailActivityCounts(period='D7')": "reports/getEmailActivityCounts",
    "/security/microsoft.graph.security.runHuntingQuery": "security/runHuntingQuery",
    f"/servicePrincipals/{OBJECT}/microsoft.graph.addTokenSigningCertificate": (
        "servicePrincipals/{id}/addTokenSigningCertificate"
    ),
    f"/users/{OBJECT}/memberOf/microsoft.graph.directoryRole": "",
}


@pytest.mark.fact(
    "what the emulator does not serve is 501 in Graph's form",
    source="this project",
    grade="C",
    verdict="differs: Graph serves it",
)
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", PATHS)
def test_unserved(emulated: Graph, method: str, path: str) -> None:
    """The answer says what is not served, and takes no name for an object's id."""
    named = PATHS[path] or path.removeprefix("/").replace(OBJECT, "{id}")
    refused(emulated.send(method, path), 501, "NotImplemented", f"The emulator does not serve {named}.")


@pytest.mark.fact(
    "a relationship that the emulator does not expand is 501 in Graph's form",
    source="this project",
    grade="C",
    verdict="differs: Graph expands it",
)
@pytest.mark.parametrize("collection", ["applications", "servicePrincipals"])
def test_unserved_expand(emulated: Graph, collection: str) -> None:
    """One that Graph's schema has is not told as unknown, and the object does not come without it."""
    made = emulated.application()
    app = made if collection == "applications" else emulated.principal(made)
    text = "The emulator does not expand 'tokenIssuancePolicies'"
    for path in (f"/{collection}", f"/{collection}/{app['id']}"):
        refused(emulated.get(f"{path}?$expand=tokenIssuancePolicies"), 501, "NotImplemented", text)


@pytest.mark.fact(
    "numbers of what is not counted here",
    source="CSDL",
    grade="D",
    verdict="differs: Graph counts every list",
)
@pytest.mark.parametrize(
    "path",
    [
        "/domains",
        "/organization",
        "/schemaExtensions",
        f"/applications/{OBJECT}/federatedIdentityCredentials",
        f"/servicePrincipals/{OBJECT}/delegatedPermissionClassifications",
        f"/users/{OBJECT}/oauth2PermissionGrants",
    ],
)
def test_uncounted(emulated: Graph, path: str) -> None:
    """`$count` is taken for no object's id, and no other part of OData's for one either."""
    named = path.removeprefix("/").replace(OBJECT, "{id}")
    text = f"The emulator does not serve {named}/$count."
    refused(emulated.advanced(f"{path}/$count"), 501, "NotImplemented", text)
    for name in ("$value", "$ref", "$links", "$metadata", "$all"):
        refused(
            emulated.get(f"{path}/{name}"), 400, "BadRequest", f"Resource not found for the segment '{name}'."
        )


@pytest.mark.fact(
    "a name below a path that Graph's schema does not have",
    source="CSDL, msgraph-sdk-javascript#1178",
    grade="D",
)
@pytest.mark.parametrize(
    "path",
    [
        f"applications/{OBJECT}/setVerifiedPublishers",
        f"users/{OBJECT}/memberOf/microsoft.graph.nothing",
        f"users/{OBJECT}/memberOf/microsoft.graph.message",
        f"applications/{OBJECT}/displayName/more",
        "policies/nothing",
    ],
)
def test_no_name(emulated: Graph, path: str) -> None:
    """It is refused as Graph refuses it, in a cast too if the type is not derived from the one before."""
    refused(emulated.get(f"/{path}"), 400, "BadRequest")


@pytest.mark.fact("a path that Graph has not either", source="msgraph-sdk-javascript#1178", grade="R")
def test_no_path(reader: Graph) -> None:
    """A segment that Graph has not is named."""
    refused(
        reader.get("/v1.0/applicatoins"),
        400,
        "BadRequest",
        "Resource not found for the segment 'applicatoins'.",
    )


@pytest.mark.fact(
    "agent identities",
    source="microsoft/Agent365-devTools#28, recorded answers",
    grade="R",
    verdict="differs: blueprints are refused as Graph refuses them, and none is kept",
)
def test_agent_identities(graph: Graph) -> None:
    """A blueprint needs a sponsor; its principal needs a name of its own."""
    body = {"@odata.type": "Microsoft.Graph.AgentIdentityBlueprint", "displayName": "x"}
    refused(graph.post("/beta/applications", body), 400, "Request_BadRequest", "No sponsor specified.")
    sponsored = {**body, "sponsors@odata.bind": ["https://graph.microsoft.com/v1.0/users/x"]}
    refused(graph.post("/beta/applications", sponsored), 501, "NotImplemented")
    app = graph.application()
    path, sent = "/beta/servicePrincipals/graph.agentIdentityBlueprintPrincipal", {"appId": app["appId"]}
    refused(graph.post(path, sent), 501, "NotImplemented")
    graph.principal(app)
    refused(graph.post(path, sent), 409, "Request_MultipleObjectsWithSameKeyValue", "already in use")
