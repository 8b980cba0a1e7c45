"""A manifest and its tenant in; the applications whose credentials may be changed, each proven to be ours,
out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from entra_config.actual.read import read
from entra_config.checks import proof
from entra_config.checks.tenant import reported
from entra_config.credentials.rotation import Rotating
from entra_config.errors import RefusedError, TenantError, UsageError
from entra_config.graph.client import Graph
from entra_config.graph.clock import check_clock
from entra_config.kinds.directory import Directory, Json, Live
from entra_config.kinds.secret_names import made_for
from entra_config.kinds.table import KINDS
from entra_config.manifest.model import Application, Manifest


@dataclass(frozen=True, slots=True)
class Estate:
    """One environment and what its tenant has of it."""

    manifest: Manifest
    directory: Directory

    @classmethod
    async def read(cls, graph: Graph, manifest: Manifest) -> Estate:
        """Read and identify, as a plan does; refuse if this machine's clock cannot judge what ends."""
        found = await read(graph, manifest, KINDS)
        check_clock(graph)
        return cls(manifest, found.directory)

    def live(self, key: str) -> Live:
        """Return one application that the tenant has; one that nothing proves to be ours is refused."""
        self._declared(key)
        live = self.directory.live.get(key)
        if live is None or live.subject.application is None or live.subject.deleted:
            raise TenantError(f"{self.manifest.owner}: the tenant has no application {key} yet; apply first")
        proof.check(
            self.manifest, self.directory, [key], "no credential is made or removed of what is doubted"
        )
        return live

    def _declared(self, key: str) -> Application:
        if key not in self.manifest.applications:
            known = ", ".join(self.manifest.applications)
            raise UsageError(f"`{key}` is not an application of {self.manifest.root}; there are {known}")
        return self.manifest.applications[key]

    def body(self, key: str) -> Json:
        """Return the registration of one application."""
        found = self.live(key).subject.application
        assert found is not None
        return found

    def subjects(self, keys: Iterable[str], label: str = "") -> list[Rotating]:
        """Return the declared secrets of some applications, or the one of a label."""
        found: list[Rotating] = []
        for key in keys:
            application = self._declared(key)
            if not application.rotating or (label and label not in application.rotating):
                what = f"secret {label}" if label else "secret"
                where = "`credentials: { secrets: … }`, or `generate` of a certificate"
                raise UsageError(f"`{key}` declares no {what}, nor such a certificate: {where}")
            rotated = self.manifest.rotated.get(str(self.body(key)["appId"]), {})
            for each in application.rotating.values():
                if label in {"", each.label}:
                    adopted = rotated.get(each.label, ())
                    found.append(Rotating(key, each, self.manifest.sinks[each.sink], adopted))
        return found

    def check_proven(self, key: str) -> None:
        """Refuse an application that only its marks say is ours: who wrote them may own it."""
        body = self.body(key)
        if key not in self.directory.vouched:
            remedy = f"`entra-config lock --accept {key}={body['appId']}` if it is"
            raise RefusedError(
                f"{self.manifest.owner}: nothing proves that {key} (appId {body['appId']}) is ours: {remedy}"
            )

    def check_place(self, subject: Rotating, allow: frozenset[str]) -> None:
        """Refuse, in a protected environment, a place where no secret of this one went before."""
        if not self.manifest.protected or "sink" in allow:
            return
        places = made_for(self.body(subject.key), subject.declared, subject.adopted)
        if subject.sink.digest not in places:
            where = reported(self.manifest, subject.sink)
            raise RefusedError(
                f"{subject.name} would be sent to {where}, where none of its own went before, and the "
                "environment is protected; "
                "if that is intended: --allow sink"
            )
