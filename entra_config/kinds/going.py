"""A manifest and a live application in; the scopes and roles that a plan takes from it out."""

from __future__ import annotations

from entra_config.kinds.base import ignored, is_removed
from entra_config.kinds.directory import Subject
from entra_config.kinds.entitlements import ROLES, SCOPES, ids
from entra_config.kinds.graph_values import at
from entra_config.manifest.model import Manifest


def going(manifest: Manifest, subject: Subject) -> dict[str, str]:
    """Return each id that goes with the name that people know; all of an application that is deleted."""
    paths = (path for path in (SCOPES, ROLES) if not _left_alone(manifest, subject, path))
    entries = [entry for path in paths for entry in at(subject.application, path) or []]
    live = {
        str(entry["id"]): str(entry.get("value") or entry.get("displayName") or entry["id"])
        for entry in entries
    }
    application = manifest.applications.get(subject.key)
    if application is None:
        return live if is_removed(manifest, subject.key) else {}
    known = ids(manifest, application, subject.application)
    kept = {*known.scopes.values(), *known.roles.values()}
    return {id_: name for id_, name in live.items() if id_ not in kept}


def going_scopes(manifest: Manifest, subject: Subject) -> set[str]:
    """Return the scopes that go, by value as grants hold them: one whose value changes goes too."""
    if _left_alone(manifest, subject, SCOPES):
        return set()
    live = {str(scope["value"]) for scope in at(subject.application, SCOPES) or []}
    application = manifest.applications.get(subject.key)
    if application is None:
        return live if is_removed(manifest, subject.key) else set()
    return live - {scope.value for scope in application.scopes.values()}


def _left_alone(manifest: Manifest, subject: Subject, path: str) -> bool:
    application = manifest.applications.get(subject.key)
    return application is not None and ignored(application, path)
