"""The deployers that a manifest names and what the tenant says of them in; whose creations prove themselves,
out.

A client that many share proves nothing (`az login` is one for everybody), nor does one that a person can sign
in through. How one signs in through the client of a fleet is read in its home, where its registration is:
elsewhere its appId proves it, which is one in all tenants and nobody's to choose.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from entra_config.actual import pins, unique_names
from entra_config.actual.fetch import Questions, Responses
from entra_config.actual.names import principal
from entra_config.actual.question import ByIds, DeployerRegistration, NameBearers
from entra_config.actual.questions import APP_ID
from entra_config.graph.odata import by_key
from entra_config.graph.request import Request
from entra_config.kinds.directory import Json
from entra_config.manifest.model import Manifest
from entra_config.plan.model import Deployer

SELECT = "id,appId,isFallbackPublicClient,publicClient,web,spa"
MANAGED = "ManagedIdentity"


def questions(manifest: Manifest, responses: Responses, signed_in: str) -> Questions:
    """Return the question for the registration of each named deployer that has one in this tenant."""
    return {
        DeployerRegistration(item["appId"]): Request(
            "GET", f"{by_key('applications', 'appId', item['appId'])}?$select={SELECT}"
        )
        for _, item in _named(manifest, responses, signed_in)
        if item.get("servicePrincipalType") != MANAGED
        and item.get("appOwnerOrganizationId") == manifest.tenant_id
    }


def proven(manifest: Manifest, responses: Responses, signed_in: str, apps: Iterable[Json]) -> frozenset[str]:
    """Return the appIds of the applications that a deployer made for this owner: both is immutable, and
    both is read.
    """
    makers = {each.app_id for each in trusted(manifest, responses, signed_in)}
    ours = (app for app in apps if unique_names.is_of(manifest, app.get("uniqueName")))
    return frozenset(app["appId"] for app in ours if app.get("createdByAppId") in makers)


def trusted(manifest: Manifest, responses: Responses, signed_in: str) -> tuple[Deployer, ...]:
    """Return the deployers whose creations prove themselves."""
    of_fleet = {named.name for named in manifest.deployers or () if named.by_app_id}
    return tuple(
        Deployer(name, item["id"], item["appId"])
        for name, item in _named(manifest, responses, signed_in)
        if item.get("servicePrincipalType") == MANAGED
        or (item["appId"] in of_fleet and item.get("appOwnerOrganizationId") != manifest.tenant_id)
        or _signs_in_alone(responses[DeployerRegistration(item["appId"])])
    )


def _named(
    manifest: Manifest, responses: Responses, signed_in: str
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield each service principal that `deployers` names and pins, by its appId too, or names while it is
    signed in as itself; with its name there.
    """
    known = {item["id"]: item for item in responses.every(ByIds)}
    for named in manifest.deployers or ():
        if named.by_app_id:
            yield from ((named.name, item) for item in responses[NameBearers(APP_ID, named.name)])
            continue
        found = [{"id": named.id}] if named.id else responses[NameBearers("servicePrincipal", named.name)]
        for item in found:
            whole = known.get(item["id"]) if named.id or item["id"] == signed_in else None
            if whole is not None and str(whole.get("@odata.type")).endswith(".servicePrincipal"):
                reported = pins.difference(manifest, named, principal(whole)) if manifest.protected else None
                if reported is None or reported.pinned:
                    yield named.name, whole


def _signs_in_alone(registrations: list[Json]) -> bool:
    """Tell whether nobody signs in through an application: no public client, no page to come back to."""
    if len(registrations) != 1:
        return False
    [app] = registrations
    platforms = ("publicClient", "web", "spa")
    return not app.get("isFallbackPublicClient") and not any(
        (app.get(each) or {}).get("redirectUris") for each in platforms
    )
