"""The page where an administrator gives a consent that `policy.consent` does not allow.

A page is named only if it grants exactly what was skipped. For delegated permissions that is the consent page
with just these scopes. The page for application permissions grants everything that the client requests, so it
is named only if the client requests, consents to and lacks one and the same list.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from entra_config.checks.dangers import danger
from entra_config.kinds.application_steps import REQUIRED
from entra_config.manifest.model import Application, Manifest
from entra_config.plan.model import SkippedConsent, Work

_PORTALS = {
    "https://login.microsoftonline.com": "portal.azure.com",
    "https://login.microsoftonline.us": "portal.azure.us",
    "https://login.partner.microsoftonline.cn": "portal.azure.cn",
}
_TYPES = {"delegated": "Scope", "application": "Role"}


@dataclass(frozen=True, slots=True)
class ConsentLink:
    """A page that grants exactly these permissions to one client."""

    client: str
    skipped: tuple[SkippedConsent, ...]
    url: str


def find_links(
    authority: str, manifest: Manifest, plan: Work, applications: Mapping[str, Mapping[str, Any]]
) -> Iterator[ConsentLink]:
    """Yield the pages for what a plan skipped; `applications` are the live registrations by key."""
    by_client: dict[str, list[SkippedConsent]] = defaultdict(list)
    for refusal in plan.refusals:
        if refusal.skipped is not None:
            by_client[refusal.skipped.client].append(refusal.skipped)
    for client, skipped in by_client.items():
        application = applications.get(client)
        if application is not None:
            yield from _links(authority, plan.tenant.id, manifest.applications[client], skipped, application)


def _links(
    authority: str,
    tenant_id: str,
    declared: Application,
    skipped: list[SkippedConsent],
    application: Mapping[str, Any],
) -> Iterator[ConsentLink]:
    harmless = [each for each in skipped if danger(each.permission, each.kind) is None]
    app_id = str(application["appId"])
    returns = any(
        (application.get(platform) or {}).get("redirectUris") for platform in ("web", "spa", "publicClient")
    )
    by_scopes = returns and all(each.kind == "delegated" for each in harmless)
    everything = len(harmless) == len(skipped) and _requests_exactly(declared, application, skipped)
    if everything and not by_scopes:
        # The consent page sends the administrator back to a reply address, so it needs one.
        page = consent_page(authority, tenant_id, app_id) if returns else _portal_page(authority, app_id)
        if page:
            yield ConsentLink(declared.key, tuple(skipped), page)
        return
    by_api: dict[str, list[SkippedConsent]] = defaultdict(list)
    for each in harmless if returns else ():
        if each.kind == "delegated":
            by_api[each.api_app_id].append(each)
    for scopes in by_api.values():
        wanted = " ".join(f"{each.api_app_id}/{each.permission}" for each in scopes)
        yield ConsentLink(
            declared.key,
            tuple(scopes),
            f"{authority.rstrip('/')}/{quote(tenant_id)}/v2.0/adminconsent?"
            + urlencode({"client_id": app_id, "scope": wanted}, quote_via=quote, safe="/"),
        )


def consent_page(authority: str, tenant_id: str, client_id: str) -> str:
    """Return the page where an administrator consents to everything that a client requests."""
    return f"{authority.rstrip('/')}/{quote(tenant_id)}/adminconsent?client_id={quote(client_id)}"


def _portal_page(authority: str, client_id: str) -> str:
    """Return the portal's page that grants all that a client requests, "" if the cloud has no portal."""
    portal = _PORTALS.get(authority.rstrip("/"))
    blade = "#view/Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/~/CallAnAPI/appId"
    return f"https://{portal}/{blade}/{quote(client_id)}" if portal else ""


def _requests_exactly(
    declared: Application, application: Mapping[str, Any], skipped: Iterable[SkippedConsent]
) -> bool:
    """Return True if what was skipped is all that the client requests, in the manifest and in the tenant."""
    skipped = tuple(skipped)
    live = {
        (str(api["resourceAppId"]), access["type"], access["id"])
        for api in application.get(REQUIRED) or ()
        for access in api["resourceAccess"]
    }
    requested, consented = (set(_names(declared, consents=each)) for each in (False, True))
    names = {(each.api, each.kind, each.permission) for each in skipped}
    ids = {(each.api_app_id, _TYPES[each.kind], each.id) for each in skipped}
    return requested == consented == names and live == ids


def _names(declared: Application, *, consents: bool) -> Iterator[tuple[str, str, str]]:
    for api, permission in declared.api_permissions.items():
        kinds: Mapping[str, AbstractSet[str]] = (
            {
                "delegated": permission.delegated_consent or frozenset(),
                "application": permission.application_consent or frozenset(),
            }
            if consents
            else {
                "delegated": frozenset(permission.delegated),
                "application": frozenset(permission.application),
            }
        )
        for kind, names in kinds.items():
            yield from ((api, kind, name) for name in names)
