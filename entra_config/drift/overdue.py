"""What is over by its `until` and in the tenant still in; each as a finding of its own class out: nobody
brought it there, and nobody is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.drift.model import Overdue
from entra_config.kinds.base import application_address
from entra_config.kinds.directory import Directory
from entra_config.kinds.secret_names import parse
from entra_config.kinds.table import TRACES
from entra_config.manifest.model import Application, Manifest
from entra_config.manifest.sinks import DeclaredSecret
from entra_config.phrase import Phrase
from entra_config.resource import Resource, State

APPLY = "entra-config apply --expired"


def overdue(manifest: Manifest, directory: Directory, actual: State) -> tuple[Overdue, ...]:
    """Return what a deployed manifest wanted until a day that is over, and the tenant has, by that day."""
    found = [
        *(each for live in actual if live.ended for each in _parts(manifest, live.ended)),
        *_secrets(manifest, directory),
    ]
    return tuple(sorted(found, key=lambda each: (each.until, str(each.address), each.sentence)))


def _parts(manifest: Manifest, resource: Resource) -> Iterator[Overdue]:
    noun = TRACES[resource.address.kind].noun
    for (path, key), day in resource.ends.items():
        entry = f": {_label(manifest, resource, key)}" if path else ""
        sentence = Phrase.of(f"{noun} ", resource.title or resource.address.key, entry)
        yield Overdue(resource.address, day, sentence, path, key, resource.position, APPLY)


def _label(manifest: Manifest, resource: Resource, key: str) -> str:
    """Return what people call an entry: a certificate by its label, all else by what tokens or Graph say."""
    application = _written(manifest).applications.get(resource.address.key)
    named = (application.certificates or ()) if application is not None else ()
    return next((f"certificate {each.label}" for each in named if each.thumbprint.upper() == key), key)


def _secrets(manifest: Manifest, directory: Directory) -> Iterator[Overdue]:
    """Yield the secrets of labels that are over: no plan makes or removes one, so each has a command."""
    if manifest.written is None:
        return
    for key, application in manifest.written.applications.items():
        left = manifest.applications[key].secrets if key in manifest.applications else {}
        for secret in application.secrets.values():
            if secret.label not in left:
                yield from _secret(manifest, directory, application, secret)


def _secret(
    manifest: Manifest, directory: Directory, application: Application, secret: DeclaredSecret
) -> Iterator[Overdue]:
    live = directory.live.get(application.key)
    body = (live.subject.application if live is not None else None) or {}
    known = manifest.rotated.get(str(body.get("appId")), {}).get(secret.label, ())
    for entry in body.get("passwordCredentials") or ():
        key_id, made = str(entry["keyId"]).lower(), parse(entry.get("displayName"))
        if secret.until is not None and (
            key_id in known or (made is not None and made.label == secret.label)
        ):
            yield Overdue(
                application_address(application.key),
                secret.until,
                f"secret {secret.label} of {application.key} ({key_id})",
                "passwordCredentials",
                key_id,
                secret.position,
                f"entra-config credentials remove {application.key} {key_id}",
            )


def _written(manifest: Manifest) -> Manifest:
    return manifest.written or manifest
