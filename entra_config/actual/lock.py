"""A manifest and what was read in; the pins of its lock file out: ids of names, appIds, owners and keys to be accepted."""

from __future__ import annotations

from entra_config.actual.questions import everybody
from entra_config.actual.read import Found
from entra_config.kinds.base import Live
from entra_config.manifest.lock import Lock, PinnedApplication
from entra_config.manifest.model import Application, Manifest


def lock(manifest: Manifest, found: Found) -> Lock:
    """Return the lock of an environment as the tenant is now; a name that is not found is left out."""
    pins: dict[str, dict[str, str]] = {"user": {}, "group": {}, "servicePrincipal": {}}
    for sorts, named in everybody(manifest):
        who = next((who for sort in sorts if (who := found.directory.principal(sort, named)) is not None), None)
        if who is not None and named.name != named.id:
            pins[who.type][named.name] = who.id
    for key, enterprise in manifest.enterprise_applications.items():
        live = found.directory.live.get(key)
        if enterprise.named is not None and live is not None and live.subject.service_principal is not None:
            pins["servicePrincipal"][enterprise.named.name] = live.subject.service_principal["id"]
    return Lock(
        tenant_id=manifest.tenant_id,
        users=pins["user"],
        groups=pins["group"],
        service_principals=pins["servicePrincipal"],
        applications={
            key: _pinned(application, live, found)
            for key, application in manifest.applications.items()
            if (live := found.directory.live.get(key)) is not None and not live.subject.deleted
        },
    )


def _pinned(application: Application, live: Live, found: Found) -> PinnedApplication:
    declared = {
        who.id
        for named in application.owners or ()
        for sort in ("user", "servicePrincipal", "group")
        if (who := found.directory.principal(sort, named)) is not None
    }
    owners = {owner["id"] for answer in ("owners", "enterpriseOwners") for owner in live.answers.get(answer, ())}
    thumbprints = {certificate.thumbprint.upper() for certificate in application.certificates or ()}
    bodies = [body for body in (live.subject.application, live.subject.service_principal) if body is not None]
    keys = {
        entry["keyId"]
        for body in bodies
        for collection in ("passwordCredentials", "keyCredentials")
        for entry in body.get(collection) or ()
        if str(entry.get("customKeyIdentifier") or "").upper() not in thumbprints
    }
    app_id = live.subject.application["appId"] if live.subject.application else None
    return PinnedApplication(app_id, tuple(sorted(owners - declared - found.directory.deployers)), tuple(sorted(keys)))
