"""Declared secrets and generated certificates, and what the tenant has of them, in; where each is kept, and
what is refused, out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from entra_config.kinds.base import application_address
from entra_config.kinds.directory import Directory
from entra_config.kinds.secret_names import made_for, parse
from entra_config.manifest.model import Application, Manifest
from entra_config.manifest.sinks import DeclaredSecret, Sink
from entra_config.plan.model import Notice, Refusal

WHY = "a federated credential, or else a certificate, leaves nothing to steal: why a secret?"


def notices(manifest: Manifest, directory: Directory, now: datetime) -> Iterator[Notice]:
    """Yield a line for each declared secret: where it is kept, whether it exists, and the question why it is
    a secret, unless a comment that silences lint's `secret-declared` answers it.
    """
    for application, secret, sink in _declared(manifest):
        there = (
            ""
            if _there(manifest, application, secret, directory)
            else "; there is none yet, `entra-config credentials rotate` makes it"
        )
        answered = manifest.is_silenced("secret-declared", secret.position, now, application.key)
        why = f"; {WHY}" if secret.type == "secret" and not answered else ""
        yield Notice(
            (
                f"{secret.type} of {application.key}{_label(application, secret)} → "
                f"{reported(manifest, sink)}{there}{why}"
            ),
            application_address(application.key),
            secret.position,
        )


def refusals(manifest: Manifest, directory: Directory) -> Iterator[Refusal]:
    """Yield a refusal for each secret of a protected environment that would go to a place where none of
    its own went before.
    """
    for application, secret, sink in _declared(manifest) if manifest.protected else ():
        body = _body(application, directory)
        places = made_for(body, secret, _known(manifest, body, secret))
        if sink.digest not in places:
            how = "points elsewhere than before" if places else "is new"
            message = (
                f"{_what(secret)} would go to {reported(manifest, sink)}, which {how}, and the "
                "environment is protected"
            )
            # A plan sends no secret: all else is carried out.
            yield Refusal(
                "sink", message, application_address(application.key), secret.position, blocks=False
            )


def reported(manifest: Manifest, sink: Sink) -> str:
    """Return a sink as people read of it: whose, its name, and the place itself."""
    return f"{manifest.environment}'s sink {sink.name} ({sink.reported})"


def _declared(manifest: Manifest) -> Iterator[tuple[Application, DeclaredSecret, Sink]]:
    for application in manifest.applications.values():
        for secret in application.rotating.values():
            yield application, secret, manifest.sinks[secret.sink]


def _there(
    manifest: Manifest, application: Application, secret: DeclaredSecret, directory: Directory
) -> bool:
    body = _body(application, directory)
    entries = body.get(secret.collection) or ()
    known = _known(manifest, body, secret)
    names = (parse(entry.get("displayName")) for entry in entries)
    return any(str(entry.get("keyId")).lower() in known for entry in entries) or any(
        name is not None and name.label == secret.label for name in names
    )


def _what(secret: DeclaredSecret) -> str:
    return f"{'secret' if secret.type == 'secret' else 'the key of certificate'} {secret.label}"


def _known(manifest: Manifest, body: Mapping[str, Any], secret: DeclaredSecret) -> tuple[str, ...]:
    return manifest.rotated.get(str(body.get("appId")), {}).get(secret.label, ())


def _body(application: Application, directory: Directory) -> Mapping[str, Any]:
    live = directory.live.get(application.key)
    return (live.subject.application if live else None) or {}


def _label(application: Application, secret: DeclaredSecret) -> str:
    return "" if secret.label == application.key else f" ({secret.label})"
