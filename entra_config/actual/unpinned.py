"""Find the names and applications of a manifest that a lock file leaves unpinned, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from entra_config.actual.found import Found
from entra_config.actual.questions import everybody
from entra_config.claimants import described
from entra_config.errors import Problem
from entra_config.manifest.environments.pins import Lock
from entra_config.manifest.model import Manifest, Named
from entra_config.plan.model import Watched

_NOUNS = {"user": "user", "group": "group", "servicePrincipal": "service principal"}


def unpinned(
    manifest: Manifest, found: Found, new: Lock, watched: Mapping[str, tuple[Watched, ...]]
) -> Iterator[Problem]:
    """Yield each name and each application in the tenant that the new lock file does not pin."""
    seen: set[tuple[str, str]] = set()
    named = [*everybody(manifest)]
    named += [
        (("servicePrincipal",), each.named)
        for each in manifest.enterprise_applications.values()
        if each.named is not None and not each.app_id
    ]
    for types, each in named:
        place = (types[0], each.name.casefold())
        if each.by_app_id or each.name == each.id or place in seen or _is_pinned(new, types, each):
            continue
        seen.add(place)
        noun = " or ".join(_NOUNS[type_] for type_ in types)
        known = each.id or any(found.directory.principal(type_, each) is not None for type_ in types)
        reason = (
            "the manifest names it with different ids; use one id everywhere"
            if known
            else f"this tenant does not have exactly one {noun} of this name; correct it, or write the id"
        )
        yield Problem(each.position, f"{noun} `{each.name}` is not pinned: {reason}")
    yield from _applications(manifest, found, new, watched)


def _is_pinned(new: Lock, types: tuple[str, ...], named: Named) -> bool:
    pins = {"user": new.user, "group": new.group, "servicePrincipal": new.service_principal}
    return any(pins[type_](named.name) is not None for type_ in types)


def _applications(
    manifest: Manifest, found: Found, new: Lock, watched: Mapping[str, tuple[Watched, ...]]
) -> Iterator[Problem]:
    for key, application in manifest.applications.items():
        live = found.directory.live.get(key)
        app = live.subject.application if live is not None else None
        pinned = new.applications.get(key)
        if app is None or (application.app_id and not application.locked) or (pinned and pinned.app_id):
            continue
        undeclared = [each.label for each in watched.get(key, ()) if not each.going]
        reason = (
            f"it has undeclared owners or credentials: {', '.join(undeclared)}"
            if undeclared
            else "it is deleted"
            if live is not None and live.subject.deleted
            else "nothing proves that it is ours"
        )
        way = f"entra-config lock {manifest.chosen} --accept {key}={app['appId']}"
        yield Problem(
            application.position,
            f"application {described(app)} is not pinned for `{key}`: {reason}. Look at it, then: {way}",
        )
