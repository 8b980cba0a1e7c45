"""What is to be rotated in; each secret made, kept, signed in with and noted as soon as it is out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from entra_config.cli import credential_estate, credential_text
from entra_config.cli.options import Common
from entra_config.errors import EntraConfigError, RefusedError
from entra_config.graph.clock import check_clock

if TYPE_CHECKING:
    from entra_config.credentials.estate import Estate
    from entra_config.credentials.pins import Notes
    from entra_config.credentials.rotation import Rotated, Rotating
    from entra_config.graph.client import Graph


def check_installed(common: Common, key: str) -> None:
    """Say which extra lacks before anybody signs in."""
    from entra_config.credentials.sinks import table

    manifest = credential_estate.holding(common)
    for application in manifest.applications.values():
        for secret in application.rotating.values() if key in {"", application.key} else ():
            table.check_installed(manifest.sinks[secret.sink])


async def run(
    common: Common,
    key: str,
    label: str,
    notes: Notes,
    *,
    only_due: bool,
    allow: frozenset[str],
    form: str,
) -> int:
    """Rotate all of one application, or all that are due; return the exit code."""
    done: list[Rotated] = []
    failed: list[EntraConfigError] = []
    async with credential_estate.opened(common) as (graph, estate):
        check_clock(graph)
        notes.begin(estate.manifest)
        environment = estate.manifest.environment
        keys = [key] if key else [each.key for each in estate.manifest.applications.values() if each.rotating]
        for each in keys:
            try:
                subjects = estate.subjects([each], label)
            except EntraConfigError as error:
                _failed(common, failed, error)
                continue
            for subject in subjects:
                try:
                    outcome = await _one(common, graph, estate, subject, only_due=only_due, allow=allow)
                except EntraConfigError as error:
                    _failed(common, failed, error)
                else:
                    done.append(outcome)
                    notes.note(estate.manifest, str(estate.body(subject.key)["appId"]), outcome)
    credential_text.rotated(common, done, form)
    _report_unpinned(common, notes, environment)
    refused = any(isinstance(error, RefusedError) for error in failed)
    if refused:
        return 3
    return 1 if failed or notes.unpinned else 0


def _failed(common: Common, failed: list[EntraConfigError], error: EntraConfigError) -> None:
    failed.append(error)
    common.output.failed(str(error))
    for line in filter(None, [getattr(error, "advice", "")]):
        common.output.say(line)


def _report_unpinned(common: Common, notes: Notes, environment: str) -> None:
    """Report each new key id that is in no lock file, with the command that pins it."""
    for outcome in notes.unpinned:
        subject, key_id = outcome.subject, outcome.made or outcome.key_ids[0]
        common.output.failed(
            f"{subject.name}: key id {key_id} is not pinned in the lock file, so the next plan "
            "reports it as undeclared. Pin it:"
        )
        words = ("credentials", "adopt", subject.key, key_id, "--secret", subject.declared.label)
        common.output.say(f"  {common.next(*words, '-e', environment, online=True)}")


async def _one(
    common: Common, graph: Graph, estate: Estate, subject: Rotating, *, only_due: bool, allow: frozenset[str]
) -> Rotated:
    from entra_config.apply.run import drawn
    from entra_config.cli import wiring
    from entra_config.credentials.certificates import ApplicationCertificates, PairDoor
    from entra_config.credentials.rotation import Rotation, SignInDoor
    from entra_config.credentials.tenant import ApplicationSecrets
    from entra_config.graph import authority

    estate.check_proven(subject.key)
    estate.check_place(subject, allow)
    manifest, body = estate.manifest, estate.body(subject.key)
    keeper = credential_estate.keeper(common, subject, manifest.tenant_id)
    time = credential_estate.time()
    whose = str(body["id"]), str(body["appId"]), time
    certificate = subject.declared.type == "certificate"
    registration = (
        ApplicationCertificates(graph, *whose, draw=drawn)
        if certificate
        else ApplicationSecrets(graph, *whose)
    )
    place = await authority.opened(
        common.cloud,
        manifest.tenant_id,
        emulator=wiring.emulator(common),
        transport=common.session.transport if common.session else None,
    )
    async with place.client:
        door: SignInDoor = PairDoor(place, time, drawn) if certificate else place
        rotation = Rotation(subject, registration, keeper, door, time=time, draw=drawn, say=common.output.say)
        return await rotation.run(only_due=only_due)
