"""An application and what it is held to in; its new identifier URIs that the tenant's policy refuses, with
their lines, out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from entra_config import uris
from entra_config.actual.found import Found
from entra_config.checks.restrictions import NON_DEFAULT, UNIQUE, Restriction, Restrictions
from entra_config.errors import Position
from entra_config.kinds.directory import Json
from entra_config.kinds.graph_values import at
from entra_config.kinds.identifier_uris import URIS, folded
from entra_config.manifest.model import Application
from entra_config.resource import Ref, Resource, Text, Value

VERSION = "api.requestedAccessTokenVersion"
SIGN_ON = "preferredSingleSignOnMode"
# Where the appId of an application that is not there yet will stand.
_TO_COME = "<appId>"


def refused(
    application: Application, after: Resource, body: Json, held: Restrictions, found: Found
) -> Iterator[tuple[Position | None, str]]:
    """Yield the place of each new URI that is refused, and what is said of it."""
    app_id = str(body.get("appId") or _TO_COME)
    live = folded(body.get(URIS) or ())
    unique, default = held.of("identifierUris", UNIQUE), held.of("identifierUris", NON_DEFAULT)
    tenant = found.tenant.id
    for value in after.values.get(URIS) or ():
        uri = _fill_app_id(value, after, app_id)
        if uri.casefold() in live:
            continue
        own = {f"api://{app_id}".casefold(), f"api://{tenant}/{app_id}".casefold()}
        broken = (
            unique
            if _concerned(unique, application, after, body) and not _names_us(uri, app_id, found)
            else None,
            default if _concerned(default, application, after, body) and uri.casefold() not in own else None,
        )
        restriction = next((each for each in broken if each is not None), None)
        if restriction is not None:
            position = after.positions.get(f"{URIS}.{value}") or after.positions.get(URIS) or after.position
            yield position, f"`{uri}` as an identifier URI{restriction.since}{restriction.unless}"


def _concerned(
    restriction: Restriction | None, application: Application, after: Resource, body: Json
) -> bool:
    """Tell whether a restriction holds for an application: not for what asks for version 2 tokens, or
    SAML, where it says so.
    """
    if restriction is None:
        return False
    version = after.values.get(VERSION, at(body, VERSION) if body else None)
    if restriction.body.get("excludeAppsReceivingV2Tokens") is True and version == 2:
        return False
    settings = application.enterprise.settings if application.enterprise is not None else {}
    saml = SIGN_ON in settings and settings[SIGN_ON].value == "saml"
    return not (restriction.body.get("excludeSaml") is True and saml)


def _names_us(uri: str, app_id: str, found: Found) -> bool:
    """Tell whether a URI has the tenant's id, the application's, or a verified domain
    (identifierUriConfiguration).
    """
    segments = {segment.casefold() for segment in re.split("[/:]", uri.partition(":")[2]) if segment}
    if {app_id.casefold(), found.tenant.id.casefold()} & segments:
        return True
    domains = found.claims.domains
    if domains is None:
        # Told as unknown already, with the domains.
        return True
    return uris.below(uris.host(uri), domains)


def _fill_app_id(uri: Value, after: Resource, app_id: str) -> str:
    """Return a URI as it will be, its own appId in it."""
    parts = uri.parts if isinstance(uri, Text) else (uri,)
    own = Ref(after.address, "appId")
    return "".join(app_id if part == own else str(part) for part in parts)
