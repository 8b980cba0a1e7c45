"""Compare a Terraform state with the tenant: which applications it means, which resources belong to them, and
what differs.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from entra_config.errors import UsageError
from entra_config.graph.client import Graph
from entra_config.graph.odata import literal
from entra_config.graph.request import Request
from entra_config.importing.tenant import Export, Json, WantedRegistrations
from entra_config.importing.terraform import arguments
from entra_config.importing.terraform.state import Instance, digest
from entra_config.kinds.graph_values import at

_APPLICATION = re.compile(r"azuread_application(_registration)?")
# Their ids begin with the object that they belong to. What is not here is nothing that a manifest has.
_PART = re.compile(
    r"azuread_(application(_[a-z0-9_]+)?|app_role_assignment|"
    r"service_principal(_(password|certificate|delegated_permission_grant))?)"
)
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Claims:
    """The applications of a state that the tenant confirms, by appId, and those that it does not."""

    confirmed: Mapping[str, Instance]
    missing: tuple[Instance, ...]

    @property
    def wanted(self) -> WantedRegistrations:
        """Return what to read from the tenant."""
        return WantedRegistrations(tuple(self.confirmed))

    def name(self, export: Export) -> Export:
        """Return the export with keys from addresses; what Terraform never destroys is protected."""
        names = {app_id: each.address.words for app_id, each in self.confirmed.items()}
        protected = frozenset(app_id for app_id, each in self.confirmed.items() if each.retained)
        return replace(export, names=names, protected=protected)


async def confirm(graph: Graph, instances: Sequence[Instance], wanted: WantedRegistrations) -> Claims:
    """Return the wanted applications. An id of the state counts only if the object with that id has the
    client id that the state has for it.
    """
    claimed = [each for each in instances if _APPLICATION.fullmatch(each.address.type) and not each.deposed]
    if not claimed:
        raise UsageError("the Terraform state has no `azuread_application`, so there is nothing to import")
    asked = [each for each in claimed if _GUID.fullmatch(each.app_id)]
    requests = [
        Request(
            "GET", f"/applications?$filter=appId%20eq%20{literal(each.app_id)}&$select=id,appId,displayName"
        )
        for each in asked
    ]
    answers = await graph.lists(requests) if requests else []
    live = {id(each): items[0] for each, items in zip(asked, answers, strict=True) if items}
    confirmed = {
        each.app_id: each for each in reversed(asked) if each.object_id == live.get(id(each), {}).get("id")
    }
    if wanted.app_ids or wanted.names:
        names = {each.app_id: str(live[id(each)]["displayName"]) for each in confirmed.values()}
        unknown = [each for each in wanted.app_ids if each.lower() not in names]
        unknown += [each for each in wanted.names if each not in names.values()]
        if unknown:
            raise UsageError(f"the Terraform state has no application '{unknown[0]}' that the tenant has too")
        app_ids = {each.lower() for each in wanted.app_ids}
        confirmed = {
            app_id: each
            for app_id, each in confirmed.items()
            if app_id in app_ids or names[app_id] in wanted.names
        }
    missing = tuple(each for each in claimed if each.object_id != live.get(id(each), {}).get("id"))
    return Claims(dict(reversed(confirmed.items())), missing)


@dataclass(frozen=True, slots=True)
class Belonging:
    """The instances that belong to imported applications: what goes to the manifest, and what a manifest has
    no key for.
    """

    transferred: tuple[Instance, ...]
    staying: tuple[Instance, ...]


def belonging(instances: Sequence[Instance], export: Export, app_ids: Collection[str]) -> Belonging:
    """Return what belongs to the imported applications, these included."""
    imported = [each for each in export.registrations if each.application["appId"] in app_ids]
    owners = {str(each.application["id"]) for each in imported}
    owners |= {str(each.principal["id"]) for each in imported if each.principal}
    held = {str(row["id"]) for each in imported for row in (*each.holds, *each.grants)}
    found = [each for each in instances if not each.deposed and _is_part(each.id, owners, held)]
    transferred = tuple(each for each in found if _PART.fullmatch(each.address.type))
    return Belonging(transferred, tuple(each for each in found if each not in transferred))


def _is_part(id_: str, owners: Collection[str], held: Collection[str]) -> bool:
    # 3.x writes `/applications/ID/appRoles/ID`, versions before it `ID/role/ID`. The id of a gallery
    # application ends with its service principal.
    first, *rest = id_.strip("/").split("/")
    if first == "applicationTemplates":
        first = rest[-1] if rest else ""
    elif first in {"applications", "servicePrincipals"}:
        first = rest[0] if rest else ""
    return first.lower() in owners or id_.rpartition("/")[2] in held


def drift(instance: Instance, application: Json) -> list[str]:
    """Return the properties whose value in the state is not the tenant's."""
    found = []
    for attribute, path in (arguments.APPLICATION | arguments.ENTRIES | arguments.REQUESTED).items():
        stored = _stored(instance.digests, attribute.split("."))
        if stored is None:
            continue
        live: Any = at(application, path)
        if attribute in arguments.ENTRIES:
            live = [{"id": item["id"]} for item in live or ()]
        if stored != digest(live):
            found.append(path)
    return found


def _stored(digests: Any, path: Sequence[str]) -> str | None:
    for name in path:
        block = digests[0] if isinstance(digests, list) and digests else digests
        digests = block.get(name) if isinstance(block, Mapping) else None
    return digests if isinstance(digests, str) else None


def warnings(claims: Claims, instances: Sequence[Instance], export: Export) -> Iterator[str]:
    """Yield what a reader of the import must know of the state; no value of it is in any sentence."""
    for each in claims.missing:
        yield (
            f"skipped: {each.address}, because the tenant has no application with the object id and the "
            "client id that the state has"
        )
    applications = {each.application["appId"]: each.application for each in export.registrations}
    for app_id, each in claims.confirmed.items():
        if app_id in applications and (names := drift(each, applications[app_id])):
            yield (
                f"drift: {each.address}: the tenant and the Terraform state differ in {', '.join(names)}. "
                "The manifest has the tenant's values"
            )
    for each in instances:
        if each.deposed and _PART.fullmatch(each.address.type):
            yield (
                f"{each.address} has a deposed object, which the next `terraform apply` deletes. "
                "Let Terraform finish that first"
            )
        elif each.tainted and _PART.fullmatch(each.address.type):
            yield f"{each.address} is tainted, so Terraform would replace it. First run `terraform untaint`"
    if secrets := [str(each.address) for each in instances if each.secret]:
        yield (
            f"the Terraform state contains the secrets of {', '.join(secrets)}. Everybody who can read the "
            "state has them. A secret stays valid when its resource is removed from Terraform. "
            "To end one: `entra-config credentials remove`"
        )
