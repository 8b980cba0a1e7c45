"""The second stage: the manifest and what was read of the tenant, before the comparison."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from entra_config.checks.trust import Doubt
from entra_config.errors import Position
from entra_config.kinds import given
from entra_config.kinds.directory import Directory, Json, Live
from entra_config.manifest.model import Application, Manifest
from entra_config.manifest.sinks import DeclaredSecret, Sink


@dataclass(frozen=True)
class TenantView:
    """What a rule of this stage sees. `trusting`: nothing will be granted by what it reports."""

    manifest: Manifest
    directory: Directory
    doubts: Mapping[str, Doubt]
    now: datetime
    signed_in: str = ""
    trusting: bool = False

    @cached_property
    def own_principals(self) -> Mapping[str, str]:
        """Return the keys of all service principals that the manifest names, by their ids."""
        subjects = (each.subject for each in self.directory.live.values())
        return {each.service_principal["id"]: each.key for each in subjects if each.service_principal}

    @cached_property
    def own_registrations(self) -> frozenset[str]:
        """Return the ids of all registrations that the manifest names."""
        bodies = (each.subject.application for each in self.directory.live.values())
        return frozenset(body["id"] for body in bodies if body)


@dataclass(frozen=True, slots=True)
class Own:
    """An application of the manifest that the tenant has."""

    key: str
    declared: Application
    live: Live

    @property
    def place(self) -> tuple[str, Position | None]:
        """Return its key, and where it is declared."""
        return self.key, self.declared.position


def applications(view: TenantView) -> Iterator[Own]:
    """Yield each application of the manifest that the tenant has."""
    for key, application in view.manifest.applications.items():
        live = view.directory.live.get(key)
        if live is not None:
            yield Own(key, application, live)


def holders(view: TenantView) -> Iterator[given.Grantee]:
    """Yield each entry of `grants` whose principal and API this tenant has."""
    return given.holders(view.manifest, view.directory)


@dataclass(frozen=True, slots=True)
class Secret:
    """A declared secret or generated certificate, the place that keeps it, and what the tenant has of its
    application; `known` are the ids of the keys that the lock file says were made for it.
    """

    application: Application
    declared: DeclaredSecret
    sink: Sink
    body: Json
    known: tuple[str, ...]


def secrets(view: TenantView) -> Iterator[Secret]:
    """Yield each declared secret and generated certificate."""
    manifest = view.manifest
    for application in manifest.applications.values():
        live = view.directory.live.get(application.key)
        body = (live.subject.application if live else None) or {}
        for secret in application.rotating.values():
            known = manifest.rotated.get(str(body.get("appId")), {}).get(secret.label, ())
            yield Secret(application, secret, manifest.sinks[secret.sink], body, known)


def reported(manifest: Manifest, sink: Sink) -> str:
    """Return a sink as people read of it: its environment, its name, and the place itself."""
    return f"{manifest.environment}'s sink {sink.name} ({sink.reported})"
