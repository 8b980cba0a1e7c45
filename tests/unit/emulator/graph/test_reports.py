"""Pages of the audit log, and the records of a domain."""

from __future__ import annotations

from entra_emulator.graph.call import CollectionResponse
from entra_emulator.table import Row
from tests.unit.emulator.graph.sending import V1, World, short

CONTEXT = f"{V1}/$metadata#"


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
