"""Make the labels that show in an emulator's pages where a manifest declares each thing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from entra_config import claimants
from entra_config.emulator_labels import places
from entra_config.kinds import secret_names
from entra_config.kinds.table import SIGN_IN_LISTS
from entra_config.manifest.sections import microsoft

if TYPE_CHECKING:
    from entra_config.errors import Position
    from entra_config.manifest.model import Manifest
    from entra_config.resource import Address, Facts

Label = dict[str, str]
# Graph's name of a part, by the word that the address of a place has for it.
_PARTS = {
    "appRole": "appRoles",
    "scope": "oauth2PermissionScopes",
    "identifierUri": "identifierUris",
    "redirectUri": "redirectUris",
    "property": "properties",
    "credential": "credentials",
}
_LINKS = {"permissionGrant": "oauth2PermissionGrants", "authorizedClient": "preAuthorizedApplications"}
_SIGN_INS = {each.kind: each.path for each in SIGN_IN_LISTS}


@dataclass(frozen=True, slots=True)
class LiveObjects:
    """The manifest's applications in the tenant by key, and the ids of their service principals by appId."""

    applications: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    principals: Mapping[str, str] = field(default_factory=dict)


def make_labels(
    manifest: Manifest,
    live: LiveObjects,
    planned: Iterable[tuple[Address, Position, Facts]] = (),
    *,
    shorten: Callable[[str], str] = str,
) -> list[Label]:
    """Return a label for each thing that a manifest declares and the tenant has an object for.

    `planned` are the resources of a plan, which knows the ids of holders that are not pinned. `shorten`
    returns the name to show for a file.
    """
    names = places.labels(manifest)
    found: dict[tuple[str, ...], Label] = {}
    for address, position in places.places(manifest, planned).items():
        place = position._replace(file=shorten(position.file)).short
        for label in _labels(manifest, live, address, place):
            if name := names.get(address):
                label["name"] = name
            # A key id in the lock file proves more than the name of a secret does, and comes later.
            found[tuple(value for name, value in label.items() if name not in ("text", "name"))] = label
    return list(found.values())


def _labels(manifest: Manifest, live: LiveObjects, address: str, text: str) -> Iterator[Label]:
    kind, _, joined = address.partition(".")
    key, *rest = map(unquote, joined.split("/"))
    app = live.applications.get(key)
    match kind, rest:
        case _ if kind in {"application", "owner", *_SIGN_INS}:
            yield from _of_application(app, live, kind, rest, text) if app else ()
        case "enterpriseApplication", _:
            yield from _enterprise(manifest, live, key, rest, text)
        case "appRoleAssignment", [role, holder]:
            type_, _, name = holder.partition(":")
            source = _app_id(manifest, live, name) if type_ == "servicePrincipal" else name
            yield _link("appRoleAssignments", source, _app_id(manifest, live, key), role, text)
        case (("permissionGrant" | "authorizedClient"), [api, scope]):
            client, target = (_app_id(manifest, live, each) for each in (key, api))
            yield _link(_LINKS[kind], client, target, scope, text)


def _of_application(
    app: Mapping[str, Any], live: LiveObjects, kind: str, rest: list[str], text: str
) -> Iterator[Label]:
    """Return the labels of an application of the manifest, or of one of its parts."""
    id_ = str(app["id"])
    match kind, rest:
        case "application", []:
            yield {"object": id_, "text": text, "name": claimants.key_of(app)}
        case "application", ["secret", label]:
            for key_id in _named(app, label):
                yield _part(id_, "credentials", key_id, f"{text} (by its name alone)")
        case "application", [noun, value] if noun in _PARTS:
            yield _part(id_, _PARTS[noun], _resolved(value, live), text)
        case _, [name] if kind in _SIGN_INS:
            yield _part(id_, _SIGN_INS[kind], name, text)
        case "owner", [name]:
            yield {"link": "owners", "from": name, "to": id_, "text": text}


def _enterprise(
    manifest: Manifest, live: LiveObjects, key: str, rest: list[str], text: str
) -> Iterator[Label]:
    principal = live.principals.get(_app_id(manifest, live, key))
    if principal and not rest:
        yield {"object": principal, "text": text, "name": key}
    elif principal:
        yield {"object": principal, "part": "properties", "value": rest[-1], "text": text}


def _part(object_id: str, part: str, value: str, text: str) -> Label:
    return {"object": object_id, "part": part, "value": value, "text": text}


def _link(link: str, source: str, target: str, value: str, text: str) -> Label:
    return {"link": link, "from": source, "to": target, "value": value, "text": text}


def _named(app: Mapping[str, Any], label: str) -> Iterator[str]:
    """Return the key ids of the live credentials that bear the name that a rotation gives."""
    for entry in (*(app.get("passwordCredentials") or ()), *(app.get("keyCredentials") or ())):
        parsed = secret_names.parse(entry.get("displayName"))
        if parsed is not None and parsed.label == label:
            yield str(entry["keyId"])


def _app_id(manifest: Manifest, live: LiveObjects, name: str) -> str:
    """Return the client id of what a manifest names; the name itself if that is not known."""
    if name in manifest.applications:
        return str((live.applications.get(name) or {}).get("appId") or name)
    known = microsoft.APIS.get(name) or microsoft.CLIENTS.get(name)
    external = manifest.enterprise_applications.get(name)
    if external is None or known:
        return known or name
    return external.app_id or (external.named.id or external.named.name if external.named else name)


def _resolved(value: str, live: LiveObjects) -> str:
    """Return a URI with the client ids that it names by `${application.KEY.appId}`."""
    for key, app in live.applications.items():
        value = value.replace(f"${{application.{key}.appId}}", str(app["appId"]))
    return value
