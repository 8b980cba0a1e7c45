"""Live applications in; which of them somebody undeclared could act as, and through what, out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from entra_config.kinds.base import Directory, Live, application_address
from entra_config.manifest.model import Application, Manifest
from entra_config.plan.model import Notice, Refusal


def doubts(manifest: Manifest, directory: Directory) -> dict[str, str]:
    """Return, for each application with an undeclared owner, secret or certificate, what that is."""
    found: dict[str, str] = {}
    for key, application in manifest.applications.items():
        live = directory.live.get(key)
        if live is not None:
            reasons = list(_reasons(application, live, directory))
            if reasons:
                found[key] = ", ".join(dict.fromkeys(reasons))
    return found


def notices(manifest: Manifest, directory: Directory, found: Mapping[str, str]) -> list[Notice]:
    """Return one warning for each doubt, with who created the application."""
    said: list[Notice] = []
    for key, reasons in found.items():
        body = directory.live[key].subject.application or {}
        creator = body.get("createdByAppId")
        made = f"; created {body.get('createdDateTime')}" + (f" by application {creator}" if creator else "")
        said.append(Notice(f"{key} has what nobody declared: {reasons}{made}", application_address(key), _at(manifest, key)))
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


def _reasons(application: Application, live: Live, directory: Directory) -> Iterator[str]:
    accepted = {*application.accepted_owners, *directory.deployers, *_declared(application, directory)}
    for answer, what in (("owners", "owner"), ("enterpriseOwners", "owner of the enterprise application")):
        for owner in live.answers.get(answer, ()):
            if owner["id"] not in accepted:
                yield f"{what} {owner.get('userPrincipalName') or owner.get('displayName') or owner['id']}"
    certificates = {certificate.thumbprint.upper() for certificate in application.certificates or ()}
    bodies = [body for body in (live.subject.application, live.subject.service_principal) if body is not None]
    for body in bodies:
        for secret in body.get("passwordCredentials") or ():
            if secret["keyId"] not in application.accepted_key_ids:
                yield f"secret {secret.get('displayName') or secret['keyId']} (until {secret.get('endDateTime')})"
        for key in body.get("keyCredentials") or ():
            declared = str(key.get("customKeyIdentifier") or "").upper() in certificates
            if not declared and key["keyId"] not in application.accepted_key_ids:
                yield f"certificate {key.get('displayName') or key['keyId']} (until {key.get('endDateTime')})"


def _declared(application: Application, directory: Directory) -> Iterator[str]:
    enterprise = (application.enterprise.owners or ()) if application.enterprise else ()
    for named in (*(application.owners or ()), *enterprise):
        for sort in ("user", "servicePrincipal", "group"):
            if (who := directory.principal(sort, named)) is not None:
                yield who.id
