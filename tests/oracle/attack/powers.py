"""Who did what in; what somebody can act as, and since when, out."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tests.oracle.attack.knowledge import ACCOMPLICE

if TYPE_CHECKING:
    from entra_emulator.table import Row
    from tests.oracle.attack.scene import Scene

# Subjects that sign in from where the attacker sits.
HIS_SUBJECT, HIS_PATTERN = "repo:mallory/", "'repo:mallory/"
# Where his page stands: whoever signs in there hands him what the client may do.
HIS_PAGE = "https://mallory.example/"
CREATED, OWNER, CREDENTIAL, FEDERATED, REDIRECT = "created", "owner", "credential", "federated", "redirect"
PLATFORMS = ("web", "spa", "publicClient")
Fact = tuple[str, str, str]  # what gives power, over which object, by which owner, key or credential


class Powers:
    """Facts by which the attacker can act as an object, each with the time since when it has been so."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        accomplice = scene.tables.user_by_name(ACCOMPLICE)
        self._people = {scene.attacker.oid, *([accomplice["id"]] if accomplice else [])}
        self.since: dict[Fact, datetime] = {}
        # Facts that ended, with their time: a credential that was taken off still gets tokens where the news
        # is not there yet.
        self.ended: dict[Fact, tuple[datetime, datetime]] = {}
        self.made: set[str] = set()
        self.made_app_ids: set[str] = set()
        # What another project lets him own.
        self.lent: set[str] = set()
        self._keys: set[str] = set()
        self._seen_objects, self._seen_keys = self._objects(), self._key_ids()

    def note(self, *, his: bool) -> None:
        """Look at the tenant after a write; what came by a write of his is his."""
        objects, keys = self._objects(), self._key_ids()
        if his:
            self.made |= objects - self._seen_objects
            self.made_app_ids |= {
                row["appId"] for row in self._rows() if "appId" in row and row["id"] in self.made
            }
            self._keys |= keys - self._seen_keys
        self._seen_objects, self._seen_keys = objects, keys
        facts, now = self._facts(), self._scene.clock.now()
        gone = {fact: (since, now) for fact, since in self.since.items() if fact not in facts}
        self.ended |= {
            fact: times
            for fact, times in gone.items()
            if fact[0] != OWNER and fact[1] in self.made | self.lent
        }
        self.since = {fact: self.since.get(fact, now) for fact in facts}

    def over(self, until: datetime, *, created: bool, echo: float = 0.0) -> set[str]:
        """Return all that he can act as by facts not younger than `until`; with `created` what he made is his
        for ever.

        `echo` is for how many seconds a credential that was taken off one of his own still works.
        """
        held = set(self._people)
        old = {fact for fact, since in self.since.items() if since <= until}
        still = self._scene.clock.now() - timedelta(seconds=echo)
        old |= {fact for fact, (since, end) in self.ended.items() if since <= until and end > still}
        while True:
            more = {
                obj
                for what, obj, by in old
                if (what == CREATED and created) or what in {CREDENTIAL, FEDERATED, REDIRECT} or by in held
            }
            more |= self._pairs(more | held)
            if more <= held:
                return held
            held |= more

    def known(self, app: str, principal: str, until: datetime, *, created: bool) -> list[Fact]:
        """Return by what the attacker could act as an application before its service principal was restored:
        all but the owners of that, which Graph does not answer while it is deleted.
        """
        held = self.over(until, created=created)
        return [
            (what, object_, by)
            for (what, object_, by), since in self.since.items()
            if since <= until
            and (
                (what in {CREDENTIAL, FEDERATED} and object_ in {app, principal})
                or (what == OWNER and object_ == app and by in held)
            )
        ]

    def _facts(self) -> set[Fact]:
        tables = self._scene.tables
        facts: set[Fact] = {(CREATED, id_, "") for id_ in self.made}
        for row in self._rows():
            facts |= {(OWNER, row["id"], owner) for owner in tables.owners.targets(row["id"])}
            keys = (*row.get("passwordCredentials", ()), *row.get("keyCredentials", ()))
            facts |= {(CREDENTIAL, row["id"], key["keyId"]) for key in keys if key["keyId"] in self._keys}
            uris = (uri for name in PLATFORMS for uri in (row.get(name) or {}).get("redirectUris") or ())
            facts |= {(REDIRECT, row["id"], uri) for uri in uris if uri.startswith(HIS_PAGE)}
        for credential in tables.federated_identity_credentials:
            expression = (credential.get("claimsMatchingExpression") or {}).get("value", "")
            if (credential["subject"] or "").casefold().startswith(HIS_SUBJECT) or HIS_PATTERN in expression:
                facts.add((FEDERATED, credential["_application"], credential["id"]))
        return facts

    def _rows(self) -> list[Row]:
        tables = self._scene.tables
        return [*tables.applications, *tables.service_principals, *tables.groups, *tables.deleted_items]

    def _objects(self) -> set[str]:
        return {row["id"] for row in self._rows()}

    def _key_ids(self) -> set[str]:
        return {
            key["keyId"]
            for row in self._rows()
            for key in (*row.get("passwordCredentials", ()), *row.get("keyCredentials", ()))
        }

    def _pairs(self, held: set[str]) -> set[str]:
        """Return the other half of each application and service principal: who acts as one acts as both."""
        by_app: dict[str, list[str]] = {}
        for row in self._rows():
            if "appId" in row:
                by_app.setdefault(row["appId"], []).append(row["id"])
        return {id_ for ids in by_app.values() if held & set(ids) for id_ in ids}
