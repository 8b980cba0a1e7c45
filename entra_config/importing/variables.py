"""Replace the hosts and tenants that repeat in an import by variables of the environment."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from entra_config.importing.application import Entry
from entra_config.importing.yaml_writer import Placeholder, escape_placeholders

OFTEN = 3
# The keys where a reviewer expects an address, and those where he expects a tenant.
_ADDRESSES = ("redirectUris", "platforms", "logoutUrl", "homePageUrl", "identifierUris")
_TENANTS = ("signInAudienceRestrictions", "federatedCredentials")
# The scheme and host of an address, with the first label of the host. A loopback address says nothing.
_HOST = re.compile(
    r"\Ahttps?://(?!localhost[:/])(?:www\.)?([A-Za-z][\w-]*)[\w.-]*(?::\d+)?(?=[/?#]|\Z)", re.ASCII
)
_GUID = re.compile(r"(?<![\w-])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![\w-])", re.ASCII)


def extract(entries: Collection[Entry], tenant_id: str) -> dict[str, str]:
    """Return the variables by name, after the entries refer to them."""
    addresses = [text for entry in entries for key in _ADDRESSES for text in _texts(entry.get(key))]
    hosts = Counter(found[0] for text in addresses if (found := _HOST.match(text)))
    issuers = [
        str(credential.get("issuer"))
        for entry in entries
        for credential in entry.get("federatedCredentials", {}).values()
    ]
    allowed = [text for entry in entries for text in _texts(entry.get("signInAudienceRestrictions"))]
    tenants = Counter(id_ for text in (*issuers, *allowed) for id_ in _GUID.findall(text) if id_ != tenant_id)
    variables: dict[str, str] = {}
    for value, number in (hosts + tenants).items():
        if number >= OFTEN:
            variables[_choose_name(value, variables)] = value
    places = {value: f"${{{name}}}" for name, value in variables.items()} | {tenant_id: "${tenantId}"}
    for entry in entries:
        entry |= {key: _refer(entry[key], places) for key in (*_ADDRESSES, *_TENANTS) if key in entry}
    return variables


def _texts(value: Any) -> Iterator[str]:
    """Yield every text in a value."""
    if isinstance(value, str):
        yield value
    elif value is not None:
        for item in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(item)


def _choose_name(value: str, taken: Collection[str]) -> str:
    """Return `ordersWebUrl` for `https://orders-web.contoso.com`."""
    host = _HOST.match(value)
    first, *others = re.findall("[A-Za-z0-9]+", host[1] if host else "partnerTenantId")
    wish = "".join([first.lower(), *map(str.capitalize, others), "Url"]) if host else first
    names = (wish, *(f"{wish}{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)


def _refer(value: Any, places: Mapping[str, str]) -> Any:
    """Return a value that refers to variables."""
    match value:
        case str():
            escaped = value if isinstance(value, Placeholder) else escape_placeholders(value)
            text = _HOST.sub(lambda found: places.get(found[0], found[0]), escaped)
            text = _GUID.sub(lambda found: places.get(found[0], found[0]), text)
            return value if text == escaped else Placeholder(text)
        case Mapping():
            return {key: _refer(item, places) for key, item in value.items()}
        case list():
            return [_refer(item, places) for item in value]
        case _:
            return value
