"""What the tenant has and the manifest declares in; every credential of ours, with age, end, place and
last use, out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from entra_config.credentials import life
from entra_config.credentials.life import SecretKey
from entra_config.graph.client import Graph
from entra_config.graph.request import Request
from entra_config.kinds.directory import Directory, Live
from entra_config.kinds.graph_values import thumbprint
from entra_config.kinds.table import sign_ins
from entra_config.manifest.model import Application, Manifest
from entra_config.manifest.sinks import DeclaredSecret, InSink
from entra_config.moments import read_moment

CredentialType = Literal["secret", "certificate", "federated credential"]
# declared: the manifest says it. rotated: the lock file has it as made by a rotation. accepted: somebody
# looked at it.
Standing = Literal[
    "declared", "rotated", "accepted", "undeclared", "current", "orphan", "overlapping", "done", "missing"
]
# What a rotation has to do beside making the next one: whoever asks no sink still sees that it has.
_LEFT = {
    "done": "its overlap is over: the next rotation takes it away",
    "orphan": "it may never have come to its sink: the next rotation looks",
}
USED = "/reports/appCredentialSignInActivities"


@dataclass(frozen=True, slots=True)
class ListedKey:
    """One way to sign in as an application of ours; `object` is which of the two objects has it."""

    application: str
    type: CredentialType
    name: str
    key_id: str
    standing: Standing
    object: Literal["application", "servicePrincipal"] = "application"
    start: datetime | None = None
    end: datetime | None = None
    place: str = ""
    used: datetime | None = None
    due: str = ""

    @property
    def replaced(self) -> bool:
        """Tell whether a rotation of this tool makes its successor."""
        return self.standing in {"rotated", "current", "overlapping", "done", "orphan", "missing"}


async def last_uses(graph: Graph) -> Mapping[str, datetime] | None:
    """Return when each key was last signed in with, by key id; None where the tenant does not tell."""
    (response,) = await graph.send([Request("GET", USED, beta=True)])
    if not response.ok:
        return None
    found: dict[str, datetime] = {}
    request: Request | None = Request("GET", USED, beta=True)
    while request is not None:
        items, request = graph.page(request, response)
        for item in items:
            at = read_moment((item.get("signInActivity") or {}).get("lastSignInDateTime"), life.LONG_AGO)
            if at > life.LONG_AGO:
                found[str(item.get("keyId")).lower()] = at
        if request is not None:
            (response,) = await graph.send([request])
    return found


def ending(found: list[ListedKey], now: datetime, within: timedelta) -> list[ListedKey]:
    """Return what ends soon, or has ended, and no rotation replaces."""
    return [each for each in found if each.end is not None and each.end <= now + within and not each.replaced]


def listed(
    manifest: Manifest,
    directory: Directory,
    now: datetime,
    *,
    used: Mapping[str, datetime] | None = None,
    kept: Mapping[tuple[str, str], InSink] | None = None,
) -> list[ListedKey]:
    """Return all credentials of the applications of one environment; `kept` is what their sinks say, where
    they were asked.
    """
    found: list[ListedKey] = []
    for application in manifest.applications.values():
        live = directory.live.get(application.key)
        if live is not None and live.subject.application is not None:
            found += _Listing(manifest, application, live, now=now, used=used or {}, kept=kept or {}).all()
    return found


class _Listing:
    """The credentials of one application."""

    def __init__(
        self,
        manifest: Manifest,
        application: Application,
        live: Live,
        *,
        now: datetime,
        used: Mapping[str, datetime],
        kept: Mapping[tuple[str, str], InSink],
    ) -> None:
        self._manifest, self._application, self._live = manifest, application, live
        self._now, self._used, self._kept = now, used, kept
        self._body: Mapping[str, Any] = live.subject.application or {}
        app_id = str(self._body.get("appId"))
        self._accepted = manifest.accepted_of(app_id)
        self._rotated = manifest.rotated.get(app_id, {})

    def all(self) -> Iterator[ListedKey]:
        """Yield them: secrets, certificates, federated credentials, and what is declared and not there."""
        keys = [SecretKey.read(entry) for entry in self._body.get("passwordCredentials") or ()]
        known: set[str] = set()
        for secret in self._application.rotating.values():
            entries = self._body.get(secret.collection) or ()
            for each in self._declared(secret, [SecretKey.read(entry) for entry in entries]):
                known.add(each.key_id)
                yield each
        for key in keys:
            if key.key_id not in known:
                yield self._row("secret", key, self._standing(key.key_id))
        principal = self._live.subject.service_principal or {}
        for entry in principal.get("passwordCredentials") or ():
            key = SecretKey.read(entry)
            yield self._row("secret", key, self._standing(key.key_id), owner="servicePrincipal")
        yield from self._certificates(known)
        yield from self._federated()

    def _declared(self, secret: DeclaredSecret, keys: list[SecretKey]) -> Iterator[ListedKey]:
        sink = self._manifest.sinks[secret.sink]
        adopted = self._rotated.get(secret.label, ())
        kept = self._kept.get((self._application.key, secret.label))
        ours = sorted(life.belonging(secret.label, keys, adopted), key=lambda key: key.start)
        # Unless a sink says otherwise, the newest that the lock file knows, else the newest, is what it
        # keeps.
        newest = ([key for key in ours if key.key_id in adopted] or ours)[-1:]
        guess = InSink(newest[0].key_id) if newest else InSink(empty=True)
        stand = life.stand(secret, sink.digest, keys, kept or guess, self._now, adopted=adopted)
        place = f"{secret.sink}: {sink.reported}"
        for key in ours:
            standing: Standing = (
                stand.state(key.key_id) or "undeclared" if kept else self._standing(key.key_id, secret.label)
            )
            due = _LEFT.get(stand.state(key.key_id) or "", "")
            if stand.current is not None and stand.current.key_id == key.key_id:
                due = stand.why
            yield self._row(secret.type, key, standing, place=place, due=due, label=secret.label)
        if stand.current is None:
            yield ListedKey(
                self._application.key, secret.type, secret.label, "", "missing", place=place, due=stand.why
            )

    def _certificates(self, known: set[str]) -> Iterator[ListedKey]:
        declared = {each.thumbprint.upper(): each.label for each in self._application.certificates or ()}
        for owner, body in (
            ("application", self._body),
            ("servicePrincipal", self._live.subject.service_principal or {}),
        ):
            for entry in body.get("keyCredentials") or ():
                label = declared.get(thumbprint(entry))
                key = SecretKey.read(entry)
                if key.key_id in known:
                    continue
                standing: Standing = "declared" if label else self._standing(key.key_id)
                yield self._row("certificate", key, standing, owner=owner, label=label or "")

    def _federated(self) -> Iterator[ListedKey]:
        declared = {
            (each.name, each.issuer, each.subject)
            for each in self._application.federated_credentials.values()
        }
        for _, row in sign_ins(self._live):
            standing: Standing = (
                "declared" if (row.name, row.issuer, row.subject) in declared else self._standing(row.id)
            )
            place = f"{row.issuer} {row.subject}"
            yield ListedKey(
                self._application.key, "federated credential", row.name, row.id, standing, place=place
            )

    def _standing(self, key_id: str, label: str = "") -> Standing:
        if key_id in self._rotated.get(label, ()):
            return "rotated"
        return "accepted" if key_id in self._accepted else "undeclared"

    def _row(
        self,
        type_: CredentialType,
        key: SecretKey,
        standing: Standing,
        *,
        owner: str = "application",
        place: str = "",
        due: str = "",
        label: str = "",
    ) -> ListedKey:
        return ListedKey(
            self._application.key,
            type_,
            label or key.name or key.key_id,
            key.key_id,
            standing,
            "servicePrincipal" if owner == "servicePrincipal" else "application",
            None if key.start == life.LONG_AGO else key.start,
            None if key.end == life.NEVER else key.end,
            place,
            self._used.get(key.key_id),
            due,
        )
