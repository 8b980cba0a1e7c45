"""The organization, its domains, and what it sees of other tenants."""

from collections.abc import Callable

import pytest

from tests.conformance.graph_client import NOBODY, Graph, refused

fact = pytest.mark.fact


@fact("tenants found by id and by domain", source="tenantrelationship documentation", grade="D")
def test_tenant_information(as_app: Callable[..., Graph], graph: Graph) -> None:
    """A tenant is found by its id and by its domains, with the permission; an unknown one is 404."""
    reader = as_app("CrossTenantInformation.ReadBasic.All")
    path = "/tenantRelationships"
    by_domain = reader.get(f"{path}/findTenantInformationByDomainName(domainName='fabrikam.com')")
    assert by_domain.status_code == 200, by_domain.text
    assert by_domain.json()["displayName"] == "Fabrikam"
    by_id = reader.get(
        f"{path}/microsoft.graph.findTenantInformationByTenantId(tenantId='{by_domain.json()['tenantId']}')"
    )
    assert by_id.json() == by_domain.json()
    plain = reader.get(f"{path}/findTenantInformationByTenantId/{by_domain.json()['tenantId']}")
    refused(plain, 400, "BadRequest", "The function needs the parameter 'tenantId'.")
    refused(
        reader.get(f"{path}/findTenantInformationByDomainName(domainName='x.example')"),
        404,
        "Request_ResourceNotFound",
    )
    refused(
        graph.get(f"{path}/findTenantInformationByDomainName(domainName='x.example')"),
        403,
        "Authorization_RequestDenied",
    )


@fact("the properties of domains", source="domain documentation", grade="D", verdict="uncertain")
def test_domains(emulated: Graph) -> None:
    """Verified domains come first; a verified one has services."""
    choice = {"*": {"unverifiedDomains": ["contoso.net"]}}
    assert emulated.send("PATCH", "/_emulator/choices", choice).status_code == 200
    listed = emulated.get("/domains").json()
    assert listed["@odata.context"].endswith("/v1.0/$metadata#domains")
    everywhere = {
        "authenticationType": "Managed",
        "availabilityStatus": None,
        "isAdminManaged": True,
        "isRoot": True,
        "passwordValidityPeriodInDays": 2147483647,
        "passwordNotificationWindowInDays": 14,
        "state": None,
    }
    kinds = ("contoso.onmicrosoft.com", "isInitial"), ("contoso.com", "isDefault"), ("contoso.net", "")
    for row, (name, kind) in zip(listed["value"], kinds, strict=True):
        flags = {flag: flag == kind for flag in ("isInitial", "isDefault")}
        services = ["Email", "OfficeCommunicationsOnline"] if kind else []
        own = {"id": name, "isVerified": bool(kind), "supportedServices": services}
        assert row == {**everywhere, **flags, **own}
        one = emulated.get(f"/domains/{name.upper()}").json()
        assert one.pop("@odata.context").endswith("/v1.0/$metadata#domains/$entity")
        assert one == row
    refused(emulated.get("/domains/fabrikam.com"), 404, "Request_ResourceNotFound", "fabrikam")


@fact(
    "what a domain is used by, and its records",
    source="domain documentation",
    grade="D",
    verdict="uncertain",
)
def test_domain(graph: Graph) -> None:
    """A domain names its users and records of every kind; an unknown one is 404."""
    users = graph.get("/domains/contoso.com/domainNameReferences/").json()["value"]
    assert {item["@odata.type"] for item in users} == {"#microsoft.graph.user"}
    for tail, kinds in (
        ("verificationDnsRecords", {"Txt", "Mx"}),
        ("serviceConfigurationRecords", {"Mx", "Txt", "CName"}),
    ):
        records = graph.get(f"/domains/contoso.com/{tail}").json()["value"]
        assert {record["recordType"] for record in records} == kinds
        refused(graph.get(f"/domains/x.example/{tail}"), 404, "Request_ResourceNotFound")


@fact("the organization's contacts", source="organization-update documentation", grade="D")
def test_organization(as_app: Callable[..., Graph], graph: Graph) -> None:
    """Contacts and privacy statement are written with the permission; nothing else of the organization is."""
    writer = as_app("Organization.ReadWrite.All", "Directory.Read.All")
    path = f"/organization/{graph.get('/organization').json()['value'][0]['id']}"
    profile = {"contactEmail": "p@contoso.com", "statementUrl": "https://contoso.com/privacy"}
    assert (
        writer.patch(
            path, {"technicalNotificationMails": ["t@contoso.com"], "privacyProfile": profile}
        ).status_code
        == 204
    )
    body = graph.get(path).json()
    assert (body["technicalNotificationMails"], body["privacyProfile"]) == (["t@contoso.com"], profile)
    refused(writer.patch(path, {"displayName": "x"}), 400, "Request_BadRequest", "read-only")
    assert writer.patch(path, {"technicalNotificationMails": ["u@contoso.com"]}).status_code == 204
    assert graph.get(path).json()["privacyProfile"] == profile
    for response in (graph.get(f"/organization/{NOBODY}"), writer.patch(f"/organization/{NOBODY}", {})):
        refused(response, 404, "Request_ResourceNotFound", NOBODY)
    refused(graph.patch(path, {"technicalNotificationMails": []}), 403, "Authorization_RequestDenied")
