"""Live applications in; which of them somebody undeclared could act as, and through what, out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from entra_config.kinds.base import Directory, Live, application_address
from entra_config.manifest.model import Application, Manifest
from entra_config.plan.model import Notice, Refusal, Watched


def watched(manifest: Manifest, directory: Directory) -> dict[str, tuple[Watched, ...]]:
    """Return, for each application that has any, its undeclared owners, secrets and certificates."""
    found: dict[str, tuple[Watched, ...]] = {}
    for key, application in manifest.applications.items():
        live = directory.live.get(key)
        if live is not None and (undeclared := tuple(dict.fromkeys(_undeclared(application, live, directory)))):
            found[key] = undeclared
    return found


def doubts(manifest: Manifest, directory: Directory) -> dict[str, str]:
    """Return, for each application with an undeclared owner, secret or certificate, what that is."""
    return {
        key: ", ".join(f"{each.noun} {each.label}" for each in undeclared)
        for key, undeclared in watched(manifest, directory).items()
    }


def notices(manifest: Manifest, directory: Directory, found: Mapping[str, str]) -> list[Notice]:
    """Return one warning for each doubt, with who created the application."""
    undeclared = watched(manifest, directory)
    said: list[Notice] = []
    for key, reasons in found.items():
        body = directory.live[key].subject.application or {}
        creator = body.get("createdByAppId")
        made = f"; created {body.get('createdDateTime')}" + (f" by application {creator}" if creator else "")
        message = f"{key} has what nobody declared: {reasons}{made}"
        said.append(Notice(message, application_address(key), _at(manifest, key), undeclared.get(key, ())))
    return said


def own_identity(manifest: Manifest, directory: Directory, signed_in: str) -> list[Refusal]:
    """Return a refusal for each application of the manifest that is the signed-in identity, or a deployer, itself."""
    selves = directory.deployers | {signed_in}
    return [
        Refusal(
            "",
            f"{key} is the identity that applies this manifest: it does not change itself",
            application_address(key),
            _at(manifest, key),
        )
        for key, live in directory.live.items()
        if not live.subject.others and live.subject.service_principal and live.subject.service_principal["id"] in selves
    ]


def _at(manifest: Manifest, key: str) -> Any:
    return manifest.applications[key].position if key in manifest.applications else None


def _undeclared(application: Application, live: Live, directory: Directory) -> Iterator[Watched]:
    bodies = [body for body in (live.subject.application, live.subject.service_principal) if body is not None]
    subjects = tuple(str(body["id"]) for body in bodies)
    accepted = {*application.accepted_owners, *directory.deployers, *_declared(application, directory)}
    for answer, noun in (("owners", "owner"), ("enterpriseOwners", "owner of the enterprise application")):
        for owner in live.answers.get(answer, ()):
            if owner["id"] not in accepted:
                label = str(owner.get("userPrincipalName") or owner.get("displayName") or owner["id"])
                yield Watched(noun, label, owner["id"], "owners", (*subjects, owner["id"]))
    certificates = {certificate.thumbprint.upper() for certificate in application.certificates or ()}
    for body in bodies:
        for secret in body.get("passwordCredentials") or ():
            if secret["keyId"] not in application.accepted_key_ids:
                yield _credential("secret", secret, "passwordCredentials", subjects)
        for key in body.get("keyCredentials") or ():
            declared = str(key.get("customKeyIdentifier") or "").upper() in certificates
            if not declared and key["keyId"] not in application.accepted_key_ids:
                yield _credential("certificate", key, "keyCredentials", subjects)


def _credential(noun: str, entry: Mapping[str, Any], path: str, subjects: tuple[str, ...]) -> Watched:
    label = f"{entry.get('displayName') or entry['keyId']} (until {entry.get('endDateTime')})"
    return Watched(noun, label, entry["keyId"], path, subjects)


def _declared(application: Application, directory: Directory) -> Iterator[str]:
    enterprise = (application.enterprise.owners or ()) if application.enterprise else ()
    for named in (*(application.owners or ()), *enterprise):
        for sort in ("user", "servicePrincipal", "group"):
            if (who := directory.principal(sort, named)) is not None:
                yield who.id
