"""Smaller reads of a tenant: the audit log, its roles, the records of its domains, and reports."""

from __future__ import annotations

from entra_emulator.directory_roles import TEMPLATES
from entra_emulator.graph.call import CollectionResponse
from entra_emulator.identifiers import link_id
from entra_emulator.table import Row
from tests.unit.emulator.graph.sending import V1, World, short

CONTEXT = f"{V1}/$metadata#"
BETA = "https://graph.microsoft.com/beta/$metadata#"


def found(response: CollectionResponse) -> Row:
    """Return the body of a response that is no refusal."""
    assert response.status == 200, short(response)
    return response.body or {}


AUDITS = "/auditLogs/directoryAudits"


def logged(number: int = 3) -> World:
    """Return a world with so many records, a minute apart."""
    made = World()
    for place in range(number):
        made.send("PATCH", "/users/alice@contoso.com", {"city": f"c{place}"})
        made.clock.advance(60)
    return made


def test_pages_of_the_audit_log() -> None:
    """Hold that the next page goes on, how many records one has, and that one is read by its id."""
    made = logged()
    first = found(made.get(f"{AUDITS}?$top=2"))
    second = found(made.get(first["@odata.nextLink"].removeprefix(V1)))
    ids = [row["id"] for body in (first, second) for row in body["value"]]
    assert ids == [record["id"] for record in made.tenant.audit][::-1]
    assert "@odata.nextLink" not in found(made.get(f"{AUDITS}?$top=3"))
    one = found(made.get(f"{AUDITS}/{ids[0]}"))
    assert (one["id"], one["@odata.context"]) == (ids[0], f"{CONTEXT}auditLogs/directoryAudits/$entity")
    assert made.short("GET", f"{AUDITS}/none").startswith("404 Request_ResourceNotFound: Resource 'none'")
    assert made.short("GET", f"{AUDITS}?$top=1001").startswith("400 Request_BadRequest: Invalid page size")
    record = made.tenant.audit[0]
    made.tenant.audit[:] = [{**record, "id": str(number)} for number in range(1001)]
    assert len(found(made.get(AUDITS))["value"]) == 1000


ROLES = "/roleManagement/directory"


def test_directory_roles() -> None:
    """Hold the definitions, in the order of their ids, and who is assigned which."""
    made = World()
    definitions = found(made.get(f"{ROLES}/roleDefinitions"))
    rows = [
        {
            "id": TEMPLATES[name],
            "displayName": name,
            "isBuiltIn": True,
            "isEnabled": True,
            "templateId": TEMPLATES[name],
        }
        for name in sorted(TEMPLATES, key=TEMPLATES.__getitem__)
    ]
    assert definitions == {
        "@odata.context": f"{CONTEXT}roleManagement/directory/roleDefinitions",
        "value": rows,
    }
    one = found(made.get(f"{ROLES}/roleDefinitions/{rows[-1]['id'].upper()}"))
    assert one == {"@odata.context": f"{CONTEXT}roleManagement/directory/roleDefinitions/$entity", **rows[-1]}
    grace, alice = made.user("grace")["id"], made.user("alice")["id"]
    made.tenant.directory_roles[alice] = ["Application Administrator", "Of our own"]
    names = {grace: "Global Administrator", alice: "Application Administrator"}
    assigned = {
        who: {"id": link_id(TEMPLATES[name], who), "principalId": who, "directoryScopeId": "/",
              "roleDefinitionId": TEMPLATES[name]}
        for who, name in names.items()
    }  # fmt: skip
    path, context = f"{ROLES}/roleAssignments", f"{CONTEXT}roleManagement/directory/roleAssignments"
    for query, people in (
        ("", sorted((grace, alice), key=lambda who: str(assigned[who]["id"]))),
        (f"?$filter=principalId eq '{alice.upper()}'", [alice]),
        (f"?$filter=ROLEDEFINITIONID eq '{TEMPLATES['Global Administrator']}'", [grace]),
        ("?$filter=principalId eq 'none'", []),
    ):
        expected = {"@odata.context": context, "value": [assigned[who] for who in people]}
        assert found(made.get(f"{path}{query}")) == expected
    one = found(made.get(f"{path}/{assigned[alice]['id']}"))
    assert one == {"@odata.context": f"{context}/$entity", **assigned[alice]}
    for each in ("roleDefinitions", "roleAssignments"):
        assert made.short("GET", f"{ROLES}/{each}/none").startswith(
            "404 Request_ResourceNotFound: Resource 'none'"
        )
    for query in ("id eq 'x'", "principalId ne 'x'"):
        assert made.short("GET", f"{path}?$filter={query}").startswith("400 Request_UnsupportedQuery")


def test_records_of_a_domain() -> None:
    """Hold what proves that it is the tenant's, what mail needs, and what it is used by."""
    made = World()
    app = made.app("App", identifierUris=["api://x", "https://API.contoso.com/app"])
    made.app("Other", identifierUris=["https://notcontoso.com", "https://contoso.com.test"])
    exact = made.app("Exact", identifierUris=["https://contoso.com"])
    found_ids = {row["id"] for row in found(made.get("/domains/CONTOSO.com/domainNameReferences"))["value"]}
    assert found_ids == {row["id"] for row in made.tenant.users} | {app["id"], exact["id"]}
    of_other = found(made.get("/domains/contoso.onmicrosoft.com/domainNameReferences"))["value"]
    assert of_other == []
    proofs = found(made.get("/domains/contoso.com/verificationDnsRecords"))
    assert proofs["@odata.context"] == f"{CONTEXT}domains('contoso.com')/verificationDnsRecords"
    assert [{name: row[name] for name in row if name != "id"} for row in proofs["value"]] == [
        {
            "@odata.type": "#microsoft.graph.domainDnsTxtRecord",
            "isOptional": False,
            "label": "contoso.com",
            "recordType": "Txt",
            "supportedService": "Unspecified",
            "ttl": 3600,
            "text": "MS=ms17895697",
        },
        {
            "@odata.type": "#microsoft.graph.domainDnsMxRecord",
            "isOptional": False,
            "label": "contoso.com",
            "recordType": "Mx",
            "supportedService": "Unspecified",
            "ttl": 3600,
            "mailExchange": "ms17895697.msv1.invalid",
            "preference": 32767,
        },
    ]
    mail = found(made.get("/domains/contoso.com/serviceConfigurationRecords"))
    assert mail["@odata.context"] == f"{CONTEXT}domains('contoso.com')/serviceConfigurationRecords"
    hosts = [(row["recordType"], row["supportedService"], row["label"]) for row in mail["value"]]
    assert hosts == [
        ("Mx", "Email", "contoso.com"),
        ("Txt", "Email", "contoso.com"),
        ("CName", "Email", "autodiscover.contoso.com"),
    ]
    assert mail["value"][0]["mailExchange"] == "contoso-com.mail.protection.outlook.com"
    assert mail["value"][0]["preference"] == 0
    assert mail["value"][2]["@odata.type"] == "#microsoft.graph.domainDnsCnameRecord"
    ids = [row["id"] for body in (proofs, mail) for row in body["value"]]
    assert (len(set(ids)), {len(each) for each in ids}) == (5, {43})
    of_long = found(made.get("/domains/contoso.onmicrosoft.com/serviceConfigurationRecords"))
    assert len({row["id"] for row in of_long["value"]}) == 3
    for tail in ("domainNameReferences", "verificationDnsRecords", "serviceConfigurationRecords"):
        assert made.short("GET", f"/domains/fabrikam.com/{tail}").startswith("404 Request_ResourceNotFound")


def moment(time: str | None) -> Row:
    """Return a moment of a sign-in."""
    return {"lastSignInDateTime": time, "lastSignInRequestId": None}


def test_sign_ins_of_applications() -> None:
    """Hold that beta alone shows when each was last used, and with which key."""
    made = World()
    path = "reports/servicePrincipalSignInActivities"
    made.tenant.activity["b"] = {"delegatedClientSignInActivity": "2026-01-02T00:00:00Z"}
    made.tenant.activity["a"] = {
        "delegatedResourceSignInActivity": "2026-01-04T00:00:00Z",
        "applicationAuthenticationClientSignInActivity": "2026-01-03T00:00:00Z",
    }
    body = found(made.get(f"/{path}", version="beta"))
    none = moment(None)
    assert body == {
        "@odata.context": f"{BETA}{path}",
        "value": [
            {
                "id": "a",
                "appId": "a",
                "lastSignInActivity": moment("2026-01-04T00:00:00Z"),
                "delegatedClientSignInActivity": none,
                "delegatedResourceSignInActivity": moment("2026-01-04T00:00:00Z"),
                "applicationAuthenticationClientSignInActivity": moment("2026-01-03T00:00:00Z"),
                "applicationAuthenticationResourceSignInActivity": none,
            },
            {
                "id": "b",
                "appId": "b",
                "lastSignInActivity": moment("2026-01-02T00:00:00Z"),
                "delegatedClientSignInActivity": moment("2026-01-02T00:00:00Z"),
                "delegatedResourceSignInActivity": none,
                "applicationAuthenticationClientSignInActivity": none,
                "applicationAuthenticationResourceSignInActivity": none,
            },
        ],
    }
    for name in ("servicePrincipalSignInActivities", "appCredentialSignInActivities"):
        assert made.short("GET", f"/reports/{name}").startswith(
            "400 BadRequest: Resource not found for the segment"
        )


def test_sign_ins_with_keys() -> None:
    """Hold that the secrets of applications and service principals that were used are listed."""
    made = World()
    key = {"keyId": "k", "startDateTime": "2025-01-01T00:00:00Z", "endDateTime": None}
    app = made.app("App", passwordCredentials=[key, {**key, "keyId": "unused"}])
    principal = {**made.principal("Other"), "passwordCredentials": [{**key, "keyId": "l"}]}
    made.tenant.service_principals.put(principal)
    made.tenant.key_uses.update({"k": "2026-01-02T00:00:00Z", "l": "2026-01-03T00:00:00Z"})
    path = "reports/appCredentialSignInActivities"

    def used(name: str, app_id: str, origin: str, time: str) -> Row:
        kind = {"id": name, "keyId": name, "keyType": "clientSecret", "keyUsage": "verify", "appId": app_id}
        times = {"createdDateTime": "2025-01-01T00:00:00Z", "expirationDateTime": None}
        return {**kind, "credentialOrigin": origin, **times, "signInActivity": moment(time)}

    assert found(made.get(f"/{path}", version="beta")) == {
        "@odata.context": f"{BETA}{path}",
        "value": [
            used("k", app["appId"], "application", "2026-01-02T00:00:00Z"),
            used("l", principal["appId"], "servicePrincipal", "2026-01-03T00:00:00Z"),
        ],
    }
