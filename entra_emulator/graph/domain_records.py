"""What a domain is used by, and the DNS records that go with it."""

import hashlib
from typing import Any

from entra_emulator.graph import linked, permissions
from entra_emulator.graph.call import Call, CollectionResponse
from entra_emulator.graph.errors import not_found
from entra_emulator.graph.routing import Route, Routes
from entra_emulator.identifiers import link_id

_TTL = 3600


def list_references(call: Call) -> CollectionResponse:
    """Answer GET /domains/{name}/domainNameReferences: users named below it, applications with its URIs."""
    name = _domain(call)
    users = [
        row["id"]
        for row in call.tenant.users
        if str(row["userPrincipalName"]).casefold().endswith(f"@{name}")
    ]
    apps = [
        row["id"]
        for row in call.tenant.applications
        if any(_below(name, uri) for uri in row["identifierUris"])
    ]
    return linked.response(call, users + apps)


def list_verification(call: Call) -> CollectionResponse:
    """Answer GET /domains/{name}/verificationDnsRecords: either proves that the domain is the tenant's."""
    name = _domain(call)
    mark = f"ms{int(call.tenant.tenant_id.replace('-', '')[:7], 16):08}"
    records = [
        _record(call, name, "Txt", None, text=f"MS={mark}"),
        _record(call, name, "Mx", None, mailExchange=f"{mark}.msv1.invalid", preference=32767),
    ]
    return _response(call, name, "verificationDnsRecords", records)


def list_services(call: Call) -> CollectionResponse:
    """Answer GET /domains/{name}/serviceConfigurationRecords: what mail needs."""
    name = _domain(call)
    host = f"{name.replace('.', '-')}.mail.protection.outlook.com"
    records = [
        _record(call, name, "Mx", "Email", mailExchange=host, preference=0),
        _record(call, name, "Txt", "Email", text="v=spf1 include:spf.protection.outlook.com -all"),
        _record(call, f"autodiscover.{name}", "CName", "Email", canonicalName="autodiscover.outlook.com"),
    ]
    return _response(call, name, "serviceConfigurationRecords", records)


def _record(call: Call, label: str, kind: str, service: str | None, **values: Any) -> dict[str, Any]:
    named = hashlib.sha256(f"{label} {kind} {service}".encode()).hexdigest()[:32]
    return {
        "@odata.type": f"#microsoft.graph.domainDns{'Cname' if kind == 'CName' else kind}Record",
        "isOptional": False,
        "label": label,
        "recordType": kind,
        "supportedService": service or "Unspecified",
        "ttl": _TTL,
        "id": link_id(
            call.tenant.tenant_id, f"{named[:8]}-{named[8:12]}-{named[12:16]}-{named[16:20]}-{named[20:]}"
        ),
        **values,
    }


def _response(call: Call, name: str, tail: str, records: list[dict[str, Any]]) -> CollectionResponse:
    return CollectionResponse(
        200, {"@odata.context": call.context(f"domains('{name}')/{tail}"), "value": records}
    )


def _domain(call: Call) -> str:
    name = str(call.params[0]).casefold()
    if name not in call.tenant.domains:
        raise not_found(name)
    return name


def _below(domain: str, uri: str) -> bool:
    host = uri.partition("://")[2].partition("/")[0].casefold()
    return host == domain or host.endswith(f".{domain}")


ROUTES: Routes = {
    ("GET", "domains/*/domainNameReferences"): Route(list_references, permissions.DOMAIN_READ),
    ("GET", "domains/*/verificationDnsRecords"): Route(list_verification, permissions.DOMAIN_READ),
    ("GET", "domains/*/serviceConfigurationRecords"): Route(list_services, permissions.DOMAIN_READ),
}
