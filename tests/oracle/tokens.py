"""A dump of a directory in; what tokens say there, for every person and application at every API, out."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from entra_emulator import seed
from entra_emulator.clock import ManualClock
from entra_emulator.directory import Tenants
from entra_emulator.signing_in import IssuedToken, SigningIn, SignInResult
from tests.oracle.token_endpoint import AsItself, AsUser

PROBE = "aaaaaaaa-0000-4000-8000-00000000000a"
LOOPBACK = "http://localhost"
NO_CONSENT, GONE = 65001, 500011
# Of Microsoft's own, only what manifests here ask for; its catalogue of permissions is long.
MICROSOFT = ("00000003-0000-0000-c000-000000000000",)


@dataclass
class Said:
    """What tokens say. Everything by object id: of users, and of service principals."""

    # API and value: who carries it; people and applications apart.
    people: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    applications: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    # API: who is let in at all by any client that has consent.
    entering: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    # API: which applications get a token for it.
    admitted: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    # Client, API and scope: the people for whom the token has it.
    scopes: dict[tuple[str, str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    # The directory that was asked, and each question with its answer.
    dump: Mapping[str, Any] = field(default_factory=dict)
    responses: list[tuple[AsUser | AsItself, SignInResult]] = field(default_factory=list)


@dataclass(frozen=True)
class Registrations:
    """The service principals of a dump, and what the applications behind them say."""

    principals: dict[str, Mapping[str, Any]]
    applications: dict[str, Mapping[str, Any]]
    grants: tuple[Mapping[str, Any], ...] = ()

    @classmethod
    def of(cls, dump: Mapping[str, Any]) -> Registrations:
        """Read a dump."""
        tenant = dump["tenants"][0]
        return cls(
            {row["id"]: row for row in tenant["servicePrincipals"]},
            {row["appId"]: row for row in tenant["applications"]},
            tuple(tenant["oauth2PermissionGrants"]),
        )

    def application(self, principal: str) -> Mapping[str, Any]:
        """Return the registration behind a service principal; empty where it is elsewhere."""
        return self.applications.get(self.principals[principal]["appId"], {})

    def apis(self) -> list[str]:
        """Return the service principals that tokens are asked for."""
        return [
            key for key, row in self.principals.items() if self.application(key) or row["appId"] in MICROSOFT
        ]

    def clients(self) -> list[str]:
        """Return the service principals of applications that sign people in."""
        platforms = ("web", "spa", "publicClient")
        return [
            key
            for key in self.principals
            if any((self.application(key).get(name) or {}).get("redirectUris") for name in platforms)
        ]

    def offered(self, principal: str) -> set[str]:
        """Return the values of an API's enabled scopes; of Microsoft's those that anybody here was
        granted.
        """
        rows = self.principals[principal]["oauth2PermissionScopes"]
        values = {row["value"] for row in rows if row.get("isEnabled", True)}
        if self.application(principal):
            return values
        return values & {
            word for row in self.grants if row["resourceId"] == principal for word in row["scope"].split()
        }

    def touching(self) -> set[tuple[str, str]]:
        """Return client and API wherever the one asks for something of the other, is granted it, or is
        listed there.
        """
        by_app_id = {row["appId"]: key for key, row in self.principals.items()}
        found = {(row["clientId"], row["resourceId"]) for row in self.grants}
        for key in self.principals:
            app = self.application(key)
            found |= {
                (key, by_app_id.get(api["resourceAppId"], ""))
                for api in app.get("requiredResourceAccess") or ()
            }
            listed = (app.get("api") or {}).get("preAuthorizedApplications") or ()
            found |= {(by_app_id.get(entry["appId"], ""), key) for entry in listed}
        return {each for each in found if "" not in each}

    def authorizes(self, api: str, client: str) -> bool:
        """Tell whether an API's registration lists the client, so that its scopes need no consent."""
        listed = (self.application(api).get("api") or {}).get("preAuthorizedApplications") or ()
        return self.principals[client]["appId"] in {entry["appId"] for entry in listed}

    def daemons(self) -> list[str]:
        """Return the service principals of this tenant's own applications, all of which may ask for
        themselves.
        """
        return [key for key in self.principals if self.application(key)]


def say(dump: Mapping[str, Any], people: Iterable[str], touched: Iterable[tuple[str, str]]) -> Said:
    """Ask for a token for each person at each API, with each client that is touched there, and for each
    application.
    """
    directory = Tenants.from_data(dict(dump), clock=ManualClock())
    known, said = Registrations.of(dump), Said()
    _consent_everywhere(directory, known.apis())
    said.dump = directory.dump()
    # Only their claims are read.
    entry = SigningIn.of(directory, bits=1024)
    named, clients = list(people), set(known.clients())
    touching: dict[str, set[str]] = defaultdict(set)
    for client, api in touched:
        touching[api].add(client)
    for api in known.apis():
        resource = known.principals[api]["appId"]
        for person in named:
            _ask_person(entry, said, person, api, resource)
            for client in clients & touching[api]:
                _ask_with(entry, said, (person, client, api), known)
        for client in known.daemons():
            response = entry.application(known.principals[client]["appId"], resource)
            said.responses.append((AsItself(known.principals[client]["appId"], resource), response))
            if isinstance(response, IssuedToken):
                said.admitted[api].add(client)
                for value in response.roles:
                    said.applications[api, value].add(client)
    return said


def _ask_person(entry: SigningIn, said: Said, person: str, api: str, resource: str) -> None:
    # Whatever else lacks consent, this client has it: what is left is who the person is to the API.
    response = entry.person(person, PROBE, f"{resource}/.default")
    said.responses.append((AsUser(person, PROBE, resource, frozenset({".default"})), response))
    if isinstance(response, IssuedToken):
        said.entering[api].add(person)
        for value in response.roles:
            said.people[api, value].add(person)


def _ask_with(entry: SigningIn, said: Said, question: tuple[str, str, str], known: Registrations) -> None:
    person, client, api = question
    app_id, resource = known.principals[client]["appId"], known.principals[api]["appId"]
    names = {".default"}
    while names:
        name = names.pop()
        response = entry.person(person, app_id, f"{resource}/{name}")
        said.responses.append((AsUser(person, app_id, resource, frozenset({name})), response))
        if isinstance(response, IssuedToken):
            carried = {
                value for (at, value), holders in said.people.items() if at == api and person in holders
            }
            assert response.roles == carried, "what roles a person has is no matter of the client"
            for scope in response.scopes:
                said.scopes[client, api, scope].add(person)
        elif name == ".default" and response.code in {NO_CONSENT, GONE}:
            # Something that the client lists lacks consent, or is gone: what does not is to be had by its
            # name.
            names = known.offered(api)


def _consent_everywhere(directory: Tenants, apis: Iterable[str]) -> None:
    tenant = directory.default
    app = seed.add_application(tenant, "Probe", app_id=PROBE, publicClient={"redirectUris": [LOOPBACK]})
    client = seed.add_service_principal(tenant, app)
    for number, api in zip(itertools.count(), apis, strict=False):
        row = {"id": f"probe-{number}", "clientId": client["id"], "resourceId": api, "scope": "probe"}
        tenant.oauth2_permission_grants.put(row | {"consentType": "AllPrincipals", "principalId": None})
