"""Clients that a plan may give something to in; what is read again right before the first grant, and must hold, out.

Between the plan's reading and a grant lies the clean-up, an adoption, or an answer that was lost: time for somebody to come back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from entra_config.checks import trust
from entra_config.graph.request import Request
from entra_config.kinds.base import Directory, application_address, enterprise_address, text
from entra_config.manifest.model import Application, Manifest
from entra_config.plan.model import Among, Change, Probe, Restore, Update, Watch
from entra_config.resource import Address, Ref, Value

Matches = tuple[Mapping[str, Value], ...]
CREDENTIALS = "?$select=id,keyCredentials,passwordCredentials"


def watches(
    manifest: Manifest, directory: Directory, changes: Mapping[Address, Change], bind: Iterable[str]
) -> dict[Address, tuple[Watch, ...]]:
    """Return by client what must hold before it is given anything."""
    undeclared = trust.watched(manifest, directory)
    found: dict[Address, tuple[Watch, ...]] = {}
    for key, application in manifest.applications.items():
        address = application_address(key)
        change = changes.get(address)
        always = isinstance(change, Restore) or (isinstance(change, Update) and change.adopts)
        # What only its marks say is ours may be so young that lists do not show its owners yet.
        always = (
            always
            or any(each.going for each in undeclared.get(key, ()))
            or (key in directory.live and key not in directory.vouched)
        )
        live = directory.live.get(key)
        app_id = str((live.subject.application or {}).get("appId")) if live else ""
        accepted = manifest.accepted.get(app_id, frozenset())
        owners = {*accepted, *directory.vetted, *trust.declared_owners(application, directory), *bind}
        found[address] = tuple(
            Watch(key, probe, always) for probe in _probes(application, accepted, tuple({"id": each} for each in sorted(owners)))
        )
    return found


def _probes(application: Application, accepted: frozenset[str], owners: Matches) -> Iterator[Probe]:
    app, principal = Ref(application_address(application.key)), Ref(enterprise_address(application.key))
    keys: Matches = tuple({"keyId": each} for each in sorted(accepted))
    # By their keys where Graph answers them: the name beside a key is whoever's who wrote it.
    declared: Matches = tuple(
        each
        for certificate in application.certificates or ()
        for each in ({"key": certificate.der}, {"key": None, "customKeyIdentifier": certificate.thumbprint.upper()})
    )
    places: list[tuple[Ref, str]] = [(app, "/applications/")]
    places += [(principal, "/servicePrincipals/")] if application.enterprise is not None else []
    for ref, collection in places:
        yield Probe(Request("GET", text(collection, ref, "/owners?$select=id,displayName,userPrincipalName")), Among(owners))
        body = Request("GET", text(collection, ref, CREDENTIALS))
        yield Probe(body, Among(keys, "passwordCredentials"))
        yield Probe(body, Among((*keys, *declared), "keyCredentials"))
    federated: Matches = tuple(
        {"name": each.name, "issuer": each.issuer, "subject": each.subject} for each in application.federated_credentials.values()
    )
    listed = Request("GET", text("/applications/", app, "/federatedIdentityCredentials"))
    yield Probe(listed, Among((*federated, *({"id": each} for each in sorted(accepted)))))
