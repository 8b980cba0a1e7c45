"""Rotate the credentials of an environment, one after another: what fails does not stop the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from entra_config.apply.run import drawn
from entra_config.credentials.certificates import ApplicationCertificates, PairDoor
from entra_config.credentials.estate import Estate
from entra_config.credentials.holding import Time
from entra_config.credentials.keeping import find_keeper
from entra_config.credentials.pins import Notes
from entra_config.credentials.rotation import Rotated, Rotating, Rotation, SignInDoor
from entra_config.credentials.tenant import ApplicationSecrets
from entra_config.errors import EntraConfigError
from entra_config.graph import authority
from entra_config.graph.client import Graph
from entra_config.graph.endpoint import Endpoint
from entra_config.manifest.model import Manifest

if TYPE_CHECKING:
    import httpx


def check_installed(manifest: Manifest, key: str) -> None:
    """Raise an error for the first sink of an application, or of all, whose extra is not installed."""
    for application in manifest.applications.values():
        for secret in application.rotating.values() if key in {"", application.key} else ():
            manifest.sinks[secret.sink].check_installed()


@dataclass(frozen=True, slots=True)
class Rotator:
    """What a rotation needs: the tenant, the time, and where notes, reports and failures go."""

    graph: Graph
    estate: Estate
    cloud: str
    emulator: Endpoint | None
    transport: httpx.AsyncBaseTransport | None
    time: Time
    notes: Notes
    say: Callable[[str], None]
    report_failure: Callable[[EntraConfigError], None]

    async def rotate(
        self, key: str, label: str, *, only_due: bool, allow: frozenset[str]
    ) -> tuple[list[Rotated], list[EntraConfigError]]:
        """Rotate all credentials of one application, or of all; return the results and the failures."""
        done: list[Rotated] = []
        failed: list[EntraConfigError] = []

        def fail(error: EntraConfigError) -> None:
            failed.append(error)
            self.report_failure(error)

        manifest = self.estate.manifest
        self.notes.begin(manifest)
        rotating = [each.key for each in manifest.applications.values() if each.rotating]
        for application in [key] if key else rotating:
            try:
                subjects = self.estate.subjects([application], label)
            except EntraConfigError as error:
                fail(error)
                continue
            for subject in subjects:
                try:
                    outcome = await self._rotate_one(subject, only_due=only_due, allow=allow)
                except EntraConfigError as error:
                    fail(error)
                else:
                    done.append(outcome)
                    self.notes.note(manifest, str(self.estate.body(subject.key)["appId"]), outcome)
        return done, failed

    async def _rotate_one(self, subject: Rotating, *, only_due: bool, allow: frozenset[str]) -> Rotated:
        estate = self.estate
        estate.check_proven(subject.key)
        estate.check_place(subject, allow)
        body = estate.body(subject.key)
        keeper = find_keeper(estate, subject, self.cloud)
        whose = str(body["id"]), str(body["appId"]), self.time
        certificate = subject.declared.type == "certificate"
        registration = (
            ApplicationCertificates(self.graph, *whose, draw=drawn)
            if certificate
            else ApplicationSecrets(self.graph, *whose)
        )
        place = await authority.opened(
            self.cloud, estate.manifest.tenant_id, emulator=self.emulator, transport=self.transport
        )
        async with place.client:
            door: SignInDoor = PairDoor(place, self.time, drawn) if certificate else place
            rotation = Rotation(subject, registration, keeper, door, time=self.time, draw=drawn, say=self.say)
            return await rotation.run(only_due=only_due)
