"""Draw manifests whose clients request, consent to and are allowed different lists of permissions."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import Any

from entra_emulator.seed_rows import graph_permissions
from tests.oracle.estates import TENANT

GRAPH, PARTNER = "Microsoft Graph", "partner"
KINDS = ("delegated", "application")
HARMLESS = {
    (GRAPH, "delegated"): ("User.Read", "Mail.Read", "Calendars.Read", "Files.Read", "Contacts.Read"),
    (GRAPH, "application"): ("User.Read.All", "Group.Read.All", "Directory.Read.All", "AuditLog.Read.All"),
    (PARTNER, "delegated"): ("see", "change"),
    (PARTNER, "application"): ("Sync", "Export"),
}
# Each is of tier 0 in emiliensocchi/azure-tiering (2026-08-21), or gives access to everyone's mail.
DANGEROUS = {
    "delegated": (
        "Directory.ReadWrite.All", "EntitlementManagement.ReadWrite.All", "AdministrativeUnit.ReadWrite.All",
    ),
    "application": (
        "Directory.ReadWrite.All", "EntitlementManagement.ReadWrite.All", "User.DeleteRestore.All",
        "Mail.Read",
    ),
}  # fmt: skip
DISABLED = "AgentCard.Read.All"
OPENID = ("openid", "profile")


@dataclass
class Client:
    """One client of a manifest: lists by API and kind. `consents` has no entry for what is not managed."""

    key: str
    type: str
    returns: bool
    requested: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    consents: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def as_yaml(self, *, empty: bool) -> dict[str, Any]:
        """Return the client as a manifest declares it, without any permission if `empty`."""
        made: dict[str, Any] = {"type": self.type, "displayName": self.key.title()}
        if self.returns:
            made["redirectUris"] = [f"https://{self.key}.example.com/callback"]
        permissions: dict[str, Any] = {}
        for (api, kind), names in self.requested.items():
            if names:
                permissions.setdefault(api, {})[kind] = names
        for (api, kind), names in self.consents.items():
            permissions.setdefault(api, {}).setdefault("adminConsent", {})[kind] = names
        return made | ({"apiPermissions": permissions} if permissions and not empty else {})


@dataclass
class Drawn:
    """A manifest, and what is done by hand between two applies."""

    number: int
    clients: list[Client]
    policy: dict[tuple[str, str], list[str]]
    first_policy: dict[tuple[str, str], list[str]] | None
    doubted: frozenset[str]

    def manifest(self, policy: dict[tuple[str, str], list[str]], *, empty: bool) -> dict[str, Any]:
        """Return the manifest under a policy."""
        consent: dict[str, Any] = {}
        for (api, kind), names in policy.items():
            if names:
                consent.setdefault(api, {})[kind] = names
        settings: dict[str, Any] = {"tenantId": TENANT, "policy": {"consent": consent} if consent else {}}
        return {
            "project": "shop",
            "environments": {"dev": settings},
            "enterpriseApplications": {PARTNER: {"displayName": "Partner API"}},
            "applications": {each.key: each.as_yaml(empty=empty) for each in self.clients},
        }


def draw(number: int) -> Drawn:
    """Draw one case."""
    random = Random(number)
    clients = [_client(random, f"client{each}") for each in range(random.randint(1, 3))]
    policies = [
        {place: [name for name in names if random.random() < 0.3] for place, names in HARMLESS.items()}
        for _ in range(2)
    ]
    if random.random() < 0.3:
        policies[1][GRAPH, "application"].append(random.choice(DANGEROUS["application"]))
    before = policies[0] if random.random() < 0.4 else None
    doubted = frozenset(each.key for each in clients if random.random() < 0.15)
    return Drawn(number, clients, policies[1], before, doubted)


@cache
def _published() -> frozenset[str]:
    return frozenset(row["value"] for rows in graph_permissions() for row in rows)


def mistype(random: Random, name: str) -> str:
    """Return a name that is like another one: a letter lost, doubled, swapped, or in another case."""
    at = random.randrange(1, len(name) - 1)
    return random.choice(
        (
            name[:at] + name[at + 1 :],
            name[:at] + name[at] + name[at:],
            name[: at - 1] + name[at] + name[at - 1] + name[at + 1 :],
            name[:at] + name[at].swapcase() + name[at + 1 :],
            name + random.choice((".All", "s", "Write")),
        )
    )


def _client(random: Random, key: str) -> Client:
    type_ = random.choice(("web", "web", "spa", "daemon", "daemon", "application"))
    made = Client(key, type_, returns=type_ in {"web", "spa"})
    barred = {"spa": "application", "daemon": "delegated"}.get(type_)
    exact = random.random() < 0.3
    for api in (GRAPH, PARTNER):
        for kind in KINDS:
            if kind == barred or random.random() < 0.4:
                continue
            names = [each for each in HARMLESS[api, kind] if random.random() < 0.5]
            if not exact:
                names += _strange(random, api, kind)
            wanted = list(dict.fromkeys(names))
            consented = wanted if exact or random.random() < 0.5 else _other(random, api, kind, wanted)
            made.requested[api, kind] = wanted
            if exact or random.random() < 0.85:
                made.consents[api, kind] = consented
    return made


def _strange(random: Random, api: str, kind: str) -> list[str]:
    """Draw names that never get a link."""
    found = []
    if random.random() < 0.25:
        wrong = mistype(random, random.choice(HARMLESS[api, kind]))
        while api == GRAPH and wrong in _published() and wrong not in HARMLESS[api, kind]:
            # `Mail.Read` with another end is `Mail.ReadWrite`, which is right.
            wrong = mistype(random, random.choice(HARMLESS[api, kind]))
        found.append(wrong)
    if api == GRAPH:
        found += [random.choice(DANGEROUS[kind])] if random.random() < 0.25 else []
        found += [DISABLED] if random.random() < 0.1 else []
        found += list(OPENID) if kind == "delegated" and random.random() < 0.3 else []
    return found


def _other(random: Random, api: str, kind: str, wanted: list[str]) -> list[str]:
    """Draw a list of consents that is not the list of requests."""
    less = [name for name in wanted if random.random() < 0.6]
    more = [name for name in HARMLESS[api, kind] if random.random() < 0.3]
    return list(dict.fromkeys([*less, *more]))
