"""A request's body and the row before it in, the row after it out: merged as PATCH merges."""

import base64
import binascii
import hashlib
from typing import TYPE_CHECKING, Any

from entra_emulator.graph import schema
from entra_emulator.graph.call import Call
from entra_emulator.graph.errors import ODataError, bad_request, invalid_value, missing_value
from entra_emulator.graph.properties import GRAPH, Entity
from entra_emulator.table import Row

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

_EMPTY: list[Any] = []
# How .NET names parts of a subject, where it is not as RFC 4514 does.
_NET_NAMES = {"ST": "S", "1.2.840.113549.1.9.1": "E"}
_SPECIAL = frozenset(',+="\n<>#;')


def merge(entity: Entity, old: Row, body: dict[str, Any], *, binds: tuple[str, ...] = ()) -> Row:
    """Check a body and merge it onto a row: scalars and collections replace, complex values merge by
    property.

    `binds` names the relationships that the request may set.
    """
    for name in body:
        if name.endswith("@odata.bind") and name.removesuffix("@odata.bind") not in binds:
            raise bad_request(f"Invalid property '{name}'.")
    checked = schema.check(entity.name, body)
    new = dict(old)
    for name, value in checked.items():
        row = entity.properties[name]
        if row.set_by == GRAPH:
            # Clients send back what they read; only a change of it is refused.
            if value not in (None, old.get(name), []):
                raise bad_request(f"Property '{name}' is read-only and cannot be set.")
        elif row.merges and isinstance(value, dict) and isinstance(old.get(name), dict):
            new[name] = _merged(old[name], value)
        elif row.merges and value is None:
            new[name] = row.initial
        elif name in old or entity.keeps_others:
            new[name] = _completed(row.type, value)
        else:
            raise invalid_value(name, entity.resource)
    return new


def require(entity: Entity, body: dict[str, Any], *, filled: bool = False) -> None:
    """Refuse a new object without what it must have; `filled` refuses an empty value too."""
    for name in entity.required:
        value = body.get(name)
        if value is None or (filled and not value):
            raise missing_value(name, entity.resource)


def check_version(call: Call, entity: Entity, body: dict[str, Any]) -> None:
    """Refuse at v1.0 what only the beta endpoint has."""
    for name in entity.beta & body.keys():
        if call.version != "beta":
            raise bad_request(f"Invalid property '{name}'.")


def finish_application(call: Call, old: Row | None, new: Row) -> Row:
    """Fill in what Graph fills in: origins of roles, certificate names; refuse secrets that come by PATCH."""
    new["appRoles"] = [{**role, "origin": "Application"} for role in new["appRoles"]]
    scopes = [
        {k: v for k, v in scope.items() if k != "origin"} for scope in new["api"]["oauth2PermissionScopes"]
    ]
    new["api"] = {
        **new["api"],
        "oauth2PermissionScopes": [{**s, "type": s["type"] or "User"} for s in scopes],
    }
    new["keyCredentials"] = certificates(call, old, new["keyCredentials"])
    if new["passwordCredentials"] and new["passwordCredentials"] != (old or {}).get(
        "passwordCredentials", _EMPTY
    ):
        # A whole fetched application that is sent back (msgraph-sdk-dotnet#2788).
        raise bad_request("New password credentials must be generated using service actions.")
    if old is not None and old["uniqueName"] is not None and new["uniqueName"] != old["uniqueName"]:
        raise bad_request("Property 'uniqueName' is read-only and cannot be set.")
    return new


def certificates(call: Call, old: Row | None, sent: list[Row]) -> list[Row]:
    """Complete key credentials: known ones keep their key, new ones are named after their certificate."""
    known = {key["keyId"]: key for key in old["keyCredentials"]} if old else {}
    completed = []
    for each in sent:
        item = {**each, "keyId": each["keyId"] and each["keyId"].lower()}
        before = known.get(item["keyId"])
        if before is not None and item["key"] is None:
            completed.append({**before, **{k: v for k, v in item.items() if v is not None}})
            continue
        if item["key"] is None:
            raise invalid_value("keyCredentials", "Application")
        completed.append(_certificate(call, item))
    return completed


def _certificate(call: Call, item: Row) -> Row:
    try:
        data = key_bytes(item["key"])
        certificate = certificate_of(data)
    except (binascii.Error, ValueError) as error:
        raise _key_error() from error
    from cryptography.hazmat.primitives.serialization import Encoding

    thumbprint = (
        hashlib.sha1(certificate.public_bytes(Encoding.DER), usedforsecurity=False).hexdigest().upper()
    )
    return {
        **item,
        "key": base64.b64encode(data).decode(),
        # azure-cli recording: the thumbprint and the subject, where the request leaves them out.
        "customKeyIdentifier": item["customKeyIdentifier"] or thumbprint,
        "displayName": item["displayName"] or _subject(certificate),
        "keyId": item["keyId"] or call.graph.directory.ids.guid(),
        "startDateTime": item["startDateTime"]
        or certificate.not_valid_before_utc.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "endDateTime": item["endDateTime"] or certificate.not_valid_after_utc.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "type": item["type"] or "AsymmetricX509Cert",
        "usage": item["usage"] or "Verify",
    }


def _subject(certificate: "Certificate") -> str:
    """Write the subject as .NET does: the last part first, quotes around special characters."""
    parts = []
    for rdn in reversed(certificate.subject.rdns):
        for attribute in rdn:
            name = attribute.rfc4514_attribute_name
            name = _NET_NAMES.get(name, f"OID.{name}" if name[0].isdecimal() else name)
            value = str(attribute.value)
            if _SPECIAL & set(value) or value != value.strip():
                value = '"' + value.replace('"', '""') + '"'
            parts.append(f"{name}={value}")
    return ", ".join(parts)


def key_bytes(text: str) -> bytes:
    """Decode the base64 of a key; azure-cli sends that of a PEM file with its line breaks."""
    return base64.b64decode("".join(text.split()), validate=True)


def certificate_of(data: bytes) -> "Certificate":
    """Read a certificate, in DER or PEM; ValueError where it is none."""
    from cryptography import x509

    if data.startswith(b"-----BEGIN"):
        return x509.load_pem_x509_certificate(data)
    return x509.load_der_x509_certificate(data)


def _key_error() -> ODataError:
    return bad_request(
        "Key credential value is invalid: it is not a certificate.", "KeyCredentialsInvalidValue"
    )


def _merged(old: Row, value: Row) -> Row:
    merged = dict(old)
    for name, item in value.items():
        before = old.get(name)
        merged[name] = {**before, **item} if isinstance(before, dict) and isinstance(item, dict) else item
        if item is None and isinstance(before, dict):
            merged[name] = _cleared(before)
    return merged


def _cleared(value: Row) -> Row:
    """Give a complex value with nothing set."""
    blank: Row = {}
    for name, item in value.items():
        if isinstance(item, list):
            blank[name] = []
        elif isinstance(item, dict):
            blank[name] = _cleared(item)
        else:
            blank[name] = False if isinstance(item, bool) else None
    return blank


def _completed(kind: str, value: Any) -> Any:
    if isinstance(value, dict) and kind in schema.types() and not schema.types()[kind].open:
        # Absent sub-lists become empty ones (optionalClaims in a recording).
        return schema.complete(kind, value)
    return value
