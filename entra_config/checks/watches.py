"""Clients that a plan may give something to in; what is read again before the first grant, and must hold,
out.

client                                            is looked at again
not there yet                                     where its creation was found again, or somebody else made it
restored, adopted, of which something is taken away, always; what is restored itself, too: with a service
or that only its marks say is ours               principal its roles and consents come back
there already, in a protected environment      always, with a mark of this run between its owners and all else

Between the plan's reading and a grant lies the clean-up, an adoption, or an answer that was lost: time for
somebody to come back. And two answers are not equally old: one that shows that an owner has left may stand
beside one that does not show yet what he left behind. An answer is one replica's, which has the writes to an
object in their order, what is expanded included (entra-docs, architecture: reads are of a secondary replica).
So the secrets of a service principal are read together with its owners; and an application's secrets and
federated credentials, which Graph does not expand together with owners, in an answer that bears what was
written after its owners were read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from entra_config.checks import trust
from entra_config.graph.request import Request
from entra_config.kinds.base import LOOKED_TAG, application_address, enterprise_address, looked_ref, text
from entra_config.kinds.directory import Directory
from entra_config.kinds.table import SIGN_IN_LISTS
from entra_config.kinds.writes import Rechecks
from entra_config.manifest.model import Application, Manifest
from entra_config.plan.model import Change, Restore, Update
from entra_config.plan.steps import Among, Looked, Probe, Watch
from entra_config.resource import Address, Ref, Value

Matches = tuple[Mapping[str, Value], ...]
OWNERS = "/owners?$select=id,displayName,userPrincipalName"
CREDENTIALS = "keyCredentials,passwordCredentials"


def looks(
    manifest: Manifest, directory: Directory, changes: Mapping[Address, Change], bind: Iterable[str]
) -> dict[Address, Rechecks]:
    """Return by client what must hold before it is given anything."""
    undeclared = trust.watched(manifest, directory)
    found: dict[Address, Rechecks] = {}
    for key, application in manifest.applications.items():
        address = application_address(key)
        change = changes.get(address)
        live = directory.live.get(key)
        # What only its marks say is ours may be so young that lists do not show its owners yet.
        always = (
            isinstance(change, Restore)
            or (live is not None and live.subject.parked)
            or (isinstance(change, Update) and change.adopts)
            or any(each.going for each in undeclared.get(key, ()))
            or (live is not None and key not in directory.vouched)
        )
        app_id = str((live.subject.application or {}).get("appId")) if live else ""
        accepted = manifest.accepted_of(app_id)
        owners = {*accepted, *directory.vetted, *trust.declared_owners(application, directory), *bind}
        # Graph answers nothing about a deleted service principal.
        readable = application.enterprise is not None and not (live is not None and live.subject.parked)
        matches = tuple({"id": each} for each in sorted(owners))
        allowed = _Allowed(application, accepted, matches, readable=readable)
        marked = manifest.protected and live is not None and not live.subject.deleted
        found[address] = allowed.marked() if marked else allowed.unmarked(always=always)
    return found


class _Allowed:
    """Who and what may act as one application: its owners, secrets, certificates and federated
    credentials.
    """

    def __init__(
        self, application: Application, accepted: frozenset[str], owners: Matches, *, readable: bool
    ) -> None:
        self._key, self._owners = application.key, owners
        self._principal = readable
        keys: Matches = tuple({"keyId": each} for each in sorted(accepted))
        # By their keys where Graph answers them: the name beside a key is whoever's who wrote it.
        declared: Matches = tuple(
            each
            for certificate in application.certificates or ()
            for each in (
                {"key": certificate.der},
                {"key": None, "customKeyIdentifier": certificate.thumbprint.upper()},
            )
        )
        self._credentials = (Among(keys, "passwordCredentials"), Among((*keys, *declared), "keyCredentials"))
        federated = application.federated_credentials.values()
        self._lists: Mapping[str, Matches] = {
            each.path: (*({"id": id_} for id_ in sorted(accepted)), *map(each.match, federated))
            for each in SIGN_IN_LISTS
        }
        self._beta = application.flexible

    def marked(self) -> Rechecks:
        """Return what is read before and after a mark of this run."""
        app, principal = self._refs()
        select = f"?$select=id,tags,{CREDENTIALS}" + "".join(f"&$expand={path}" for path in self._lists)
        inside = (*self._credentials, *(Among(matches, path) for path, matches in self._lists.items()))
        mark = text(LOOKED_TAG, looked_ref(self._key))
        others = [
            Probe(Request("GET", text("/applications/", app, select), beta=self._beta), Looked(mark, inside))
        ]
        if self._principal:
            whole = Request(
                "GET", text("/servicePrincipals/", principal, f"?$select=id,{CREDENTIALS}&$expand=owners")
            )
            others += [Probe(whole, each) for each in (Among(self._owners, "owners"), *self._credentials)]
        owners = [Probe(Request("GET", text("/applications/", app, OWNERS)), Among(self._owners))]
        return Rechecks(self._watched(owners, always=True), self._watched(others, always=True), marked=True)

    def unmarked(self, *, always: bool) -> Rechecks:
        """Return what is read right before a grant."""
        app, principal = self._refs()
        places = [("/applications/", app), *([("/servicePrincipals/", principal)] if self._principal else [])]
        owners = [
            Probe(Request("GET", text(place, ref, OWNERS)), Among(self._owners)) for place, ref in places
        ]
        others = [
            Probe(Request("GET", text(place, ref, f"?$select=id,{CREDENTIALS}")), each)
            for place, ref in places
            for each in self._credentials
        ]
        for path, matches in self._lists.items():
            listed = Request("GET", text("/applications/", app, f"/{path}"), beta=self._beta)
            others.append(Probe(listed, Among(matches)))
        return Rechecks(self._watched(owners, always=always), self._watched(others, always=always))

    def _refs(self) -> tuple[Ref, Ref]:
        return Ref(application_address(self._key)), Ref(enterprise_address(self._key))

    def _watched(self, probes: Iterable[Probe], *, always: bool) -> tuple[Watch, ...]:
        return tuple(Watch(self._key, probe, always) for probe in probes)
