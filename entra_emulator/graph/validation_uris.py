"""Rules of identifier URIs and redirect URIs: an application row in, a refusal out where one is broken."""

import re
from urllib.parse import SplitResult, urlsplit

from entra_emulator.graph import restrictions
from entra_emulator.graph.call import Call
from entra_emulator.graph.errors import bad_request, invalid_value, taken
from entra_emulator.identifiers import is_guid
from entra_emulator.table import Row
from entra_emulator.tenant import Tenant

_LONGEST_URI = 256
_LONGEST_IDENTIFIER = 255
_MOST_URIS = {"AzureADMyOrg": 256, "AzureADMultipleOrgs": 256}
_MOST_PERSONAL = 100
_LONGEST_PERSONAL, _MOST_IDENTIFIERS = 120, 50
_FORBIDDEN = set("!$'(),;")
_LOCAL = {"localhost", "127.0.0.1"}
_WEB_SCHEMES = {"http", "https", "ms-appx-web"}


def check_identifier_uris(call: Call, old: Row | None, new: Row) -> None:
    """Check the identifier URIs that were added."""
    known = set(old["identifierUris"]) if old else set()
    if new["signInAudience"] not in _MOST_URIS and len(new["identifierUris"]) > _MOST_IDENTIFIERS:
        raise invalid_value("identifierUris", "Application")
    for uri in new["identifierUris"]:
        if new["identifierUris"].count(uri) > 1:
            raise bad_request("Request contains a property with duplicate values.")
        if uri not in known:
            _check_identifier(call.tenant, new, uri)
            restrictions.check_uri(call, new, uri)


def _check_identifier(tenant: Tenant, app: Row, uri: str) -> None:
    parts = _split(uri)
    if parts is None or not parts.scheme or uri.endswith("/") or len(uri) > _LONGEST_IDENTIFIER:
        raise invalid_value("identifierUris", "Application")
    # A soft-deleted application keeps its URIs reserved (azure-cli test comments).
    for name in ("applications", "deletedItems"):
        if any(row["id"] != app["id"] for row in tenant.tables[name].find("identifierUris", uri.casefold())):
            raise taken("identifierUris")
    if app["signInAudience"] not in _MOST_URIS and _is_organizations(uri, parts):
        raise invalid_value("identifierUris", "Application")
    if parts.scheme not in {"http", "https"}:
        _check_custom_uri(tenant, app, uri)
    else:
        host = (parts.hostname or "").casefold()
        if not tenant.verifies(host):
            text = (
                "Values of identifierUris property must use a verified domain of the organization or "
                f"its subdomain: '{uri}'"
            )
            raise bad_request(text, "HostNameNotOnVerifiedDomain")


def _is_organizations(uri: str, parts: SplitResult) -> bool:
    """Say whether a URI is of a form that applications for personal accounts may not have
    (supported-accounts-validation).
    """
    return (
        parts.scheme == "urn"
        or bool(parts.query or parts.fragment)
        or "*" in uri
        or len(uri) > _LONGEST_PERSONAL
    )


def _check_custom_uri(tenant: Tenant, app: Row, uri: str) -> None:
    """Refuse `api://<guid>` whose GUID is neither the application's nor the tenant's."""
    segments = [segment.casefold() for segment in re.split("[/:]", uri.partition(":")[2]) if segment]
    own = {app["appId"].casefold(), tenant.tenant_id} & set(segments)
    if not own and uri.casefold().startswith("api:") and len(segments) == 1 and is_guid(segments[0]):
        raise invalid_value("identifierUris", "Application")


def check_redirect_uris(old: Row | None, new: Row) -> None:
    """Check the redirect URIs that were added, and their number."""
    total = 0
    for platform in ("web", "spa", "publicClient"):
        uris = new[platform]["redirectUris"]
        total += len(uris)
        known = set(old[platform]["redirectUris"]) if old else set()
        if len(set(uris)) != len(uris):
            raise bad_request("Request contains a property with duplicate values.")
        if not all(uri in known or _is_redirect_uri(uri, platform, new["signInAudience"]) for uri in uris):
            # Graph names the outer property only (msgraph-sdk-powershell#3149).
            raise invalid_value(platform, "Application")
    if total > _MOST_URIS.get(new["signInAudience"], _MOST_PERSONAL):
        raise invalid_value("web", "Application")
    _check_page_urls(new)


def _check_page_urls(new: Row) -> None:
    web = new["web"]
    # An empty homePageUrl is refused, null clears it.
    if web["homePageUrl"] == "" or web["logoutUrl"] == "":
        raise invalid_value("web", "Application")
    if web["logoutUrl"] and not (
        web["logoutUrl"].startswith("https://") and len(web["logoutUrl"]) <= _LONGEST_IDENTIFIER
    ):
        raise invalid_value("web", "Application")


def _is_redirect_uri(uri: str, platform: str, audience: str) -> bool:
    if len(uri) > _LONGEST_URI or any(c.isspace() for c in uri):
        return False
    parts = _split(uri)
    if parts is None or not parts.scheme:
        return False
    scheme = parts.scheme.casefold()
    if scheme == "urn":
        return platform != "spa"
    if scheme not in _WEB_SCHEMES:
        return platform == "publicClient" or (platform == "spa" and scheme == "brk-multihub")
    host = parts.hostname
    if "#" in uri or not host or set(uri) & _FORBIDDEN or host.startswith("::"):
        return False
    if scheme == "http" and host.casefold() not in _LOCAL:
        return False
    personal = audience not in _MOST_URIS
    return not (personal and ("*" in host or parts.query))


def _split(uri: str) -> SplitResult | None:
    try:
        parts = urlsplit(uri)
        _ = parts.hostname, parts.port
    except ValueError:
        return None
    return parts
