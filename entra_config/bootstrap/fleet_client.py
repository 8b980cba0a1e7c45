"""Check the client that signs in to the tenants of a fleet: what it lacks, and who can sign in through it.

A token of that client opens every tenant, so no user may sign in through it: it is not a public client and
has no redirect URI. Its registration is in one tenant, its home, and cannot be read from the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from entra_config.actual import itself, makers
from entra_config.checks import consent_links
from entra_config.checks import privileges as levels
from entra_config.checks.examination import Examination
from entra_config.graph import clouds, privileges
from entra_config.graph.client import Graph
from entra_config.graph.odata import by_key
from entra_config.graph.request import Request
from entra_config.kinds.directory import Json
from entra_config.manifest.model import Manifest

_PLATFORMS = {"publicClient": "mobile and desktop", "web": "web", "spa": "single page"}


@dataclass(frozen=True, slots=True)
class ExaminedTenant:
    """What is missing in a tenant, and where the client's registration is; "" where nobody knows."""

    found: tuple[Examination, ...]
    home: str = ""


def consent_page(tenant_id: str, client_id: str) -> str:
    """Return the address where an administrator of a tenant consents to what the client requests."""
    return consent_links.consent_page(clouds.GLOBAL.authority, tenant_id, client_id)


async def tenant(graph: Graph, manifests: Iterable[Manifest]) -> ExaminedTenant:
    """Return what the client that is signed in lacks for some projects."""
    path = f"/servicePrincipals/{graph.identity.object_id}?$select=id,appId,appOwnerOrganizationId"
    (response,) = await graph.send([Request("GET", path)])
    body = response.body if response.ok and isinstance(response.body, dict) else {}
    held = await itself.held(graph)
    found = list(_lacking(manifests, held)) if held is not None else []
    if held is None:
        # Whoever may read the directory may read itself.
        wanted = ", ".join(levels.reading().permissions)
        found.append(Examination("bad", "reading", f"lacks {wanted}: it may not even read itself"))
    return ExaminedTenant(tuple(found), str(body.get("appOwnerOrganizationId") or ""))


def _lacking(manifests: Iterable[Manifest], held: list[str]) -> Iterator[Examination]:
    needed = {name for each in manifests for name in levels.least(levels.of_manifest(each))}
    reading = privileges.lacking(levels.reading().permissions, held)
    applying = [each for each in privileges.lacking(needed, held) if each not in reading]
    if reading:
        yield Examination("bad", "reading", f"lacks {', '.join(reading)}")
    if applying:
        yield Examination("note", "applying", f"lacks {', '.join(applying)}")


async def home(graph: Graph, client_id: str) -> Examination:
    """Return whether anybody may sign in through a client, by its registration in its home tenant."""
    path = f"{by_key('applications', 'appId', client_id)}?$select={makers.SELECT}"
    (response,) = await graph.send([Request("GET", path)])
    if not response.ok or not isinstance(response.body, dict):
        return Examination(
            "note", "home", f"its registration cannot be read in its home tenant {graph.tenant_id}"
        )
    ways = list(_ways(response.body))
    if ways:
        said = (
            f"people may sign in through it: {', '.join(ways)}; take that out, in its home {graph.tenant_id}"
        )
        return Examination("bad", "home", said)
    return Examination("good", "home", f"nobody signs in through it, says its home tenant {graph.tenant_id}")


def _ways(app: Json) -> Iterator[str]:
    """Yield each way in which a person can sign in through an application."""
    if app.get("isFallbackPublicClient"):
        yield "public client flows are allowed"
    for key, noun in _PLATFORMS.items():
        if (app.get(key) or {}).get("redirectUris"):
            yield f"redirect URIs ({noun})"
