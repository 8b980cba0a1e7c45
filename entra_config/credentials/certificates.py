"""Graph in; the certificates of one application as they are, one more, one less; and a sign-in with what a
sink keeps.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from entra_config.credentials import keypair
from entra_config.credentials.holding import HeldCredentials, Made, Time
from entra_config.credentials.life import SecretKey
from entra_config.errors import GraphError
from entra_config.graph.authority import Authority, SignInTry
from entra_config.graph.client import Graph
from entra_config.graph.request import Request
from entra_config.graph.retry import Tries
from entra_config.hidden import Hidden
from entra_config.kinds.graph_values import thumbprint
from entra_config.manifest.sinks import Content, Keeper

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

Entry = Mapping[str, Any]
WRITES = 5
# No thumbprint is this: a sink that keeps no key pair keeps nothing that anybody recognises.
NO_PAIR = "no key pair"


class ApplicationCertificates(HeldCredentials):
    """One object whose certificates are changed. Graph replaces the collection, so each change is made of
    what was read just before, and read back.
    """

    collection = "keyCredentials"

    def __init__(  # who, when, and what chance gives
        self,
        graph: Graph,
        object_id: str,
        app_id: str,
        time: Time,
        segment: str = "applications",
        *,
        draw: Callable[[], str],
        make: Callable[[], RSAPrivateKey] = keypair.private_key,
    ) -> None:
        super().__init__(graph, object_id, app_id, time, segment)
        self._draw, self._make = draw, make
        self._marks = segment == "applications"

    async def add(self, name: str, end: datetime, known: list[SecretKey]) -> Made:
        """Make a key pair, and give Entra its certificate."""
        now = self._time.now()
        pair = keypair.made(name, now, end, self._make)
        entry = {
            "type": "AsymmetricX509Cert",
            "usage": "Verify",
            "key": pair.der,
            "displayName": name,
            "startDateTime": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "endDateTime": end.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }

        def added(entries: list[Entry]) -> list[Entry] | None:
            there = any(thumbprint(each) == pair.thumbprint for each in entries)
            return None if there else [*entries, entry]

        entries = await self._rewritten(added, known)
        key_id = next(str(each["keyId"]) for each in entries if thumbprint(each) == pair.thumbprint)
        return Made(key_id.lower(), pair.pem)

    async def remove(self, key_id: str, known: list[SecretKey] | None = None) -> None:
        """Take a certificate away; one that is gone already is as good."""

        def left(entries: list[Entry]) -> list[Entry] | None:
            kept = [each for each in entries if str(each["keyId"]).lower() != key_id]
            return kept if len(kept) < len(entries) else None

        await self._rewritten(left, known or [])

    async def _rewritten(
        self, change: Callable[[list[Entry]], list[Entry] | None], known: list[SecretKey]
    ) -> list[Entry]:
        """Write until it reads as desired, each time from what was read just before; return it so."""
        tries = Tries()
        for _ in range(WRITES):
            await self._apart(known)
            entries = await self._fresh()
            wanted = change(entries)
            if wanted is None:
                return entries
            await self._put(wanted, tries)
            entries = await self._fresh()
            if change(entries) is None:
                return entries
        raise GraphError(
            f"application {self.app_id}: its certificates do not stay as they were written, {WRITES} times: "
            "somebody else changes them; run the same again later"
        )

    async def _put(self, entries: list[Entry], tries: Tries) -> None:
        # What is there goes back without its key: Graph keeps what it holds under each keyId.
        sent = [
            {name: value for name, value in each.items() if name != "key"} if "keyId" in each else dict(each)
            for each in entries
        ]
        request = Request("PATCH", self._path, {self.collection: sent})
        (response,) = await self._graph.send([request])
        self._changed = self._time.now()
        if response.ok or response.status == 0 or response.status >= 500:
            # Whether it was done is what is read next.
            return
        await self._wait(request, response, tries)

    async def _fresh(self) -> list[Entry]:
        body = await (self._since(self._draw()) if self._marks else self._body())
        return list(body.get(self.collection) or ())

    def _keys(self, body: Mapping[str, Any]) -> list[SecretKey]:
        # What tells a sink's copy from others is the thumbprint, as the first characters do of a secret.
        return [
            replace(SecretKey.read(entry), hint=thumbprint(entry))
            for entry in body.get(self.collection) or ()
        ]


@dataclass(frozen=True, slots=True)
class PairKeeper:
    """A sink that keeps the PEM of a key pair; the certificate in it tells which one."""

    keeper: Keeper

    async def prove(self) -> None:
        """Prove that the sink can be written."""
        await self.keeper.prove()

    async def content(self) -> Content:
        """Return what is kept."""
        found = await self.keeper.content()
        if found.copy is None:
            return found
        return replace(found, kept=replace(found.kept, hint=keypair.thumbprint(found.copy) or NO_PAIR))

    async def keep(self, value: Hidden, key_id: str) -> None:
        """Keep a key pair."""
        await self.keeper.keep(value, key_id)


@dataclass(frozen=True, slots=True)
class PairDoor:
    """Where a key pair signs in."""

    authority: Authority
    time: Time
    draw: Callable[[], str]

    async def sign_in(self, app_id: str, copy: Hidden) -> SignInTry:
        """Ask for a token with an assertion that the copy signs."""
        authority = self.authority
        signed = keypair.assertion(copy, app_id, authority.token_url, self.time.now(), self.draw())
        if signed is None:
            return SignInTry("it is no private key with its certificate in PEM")
        proof = {"client_assertion_type": keypair.JWT_BEARER, "client_assertion": signed.reveal()}
        return await authority.proven(app_id, proof)
