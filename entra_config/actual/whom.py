"""What somebody types for a person, an application or a role in; the one that it means out, or an error
that names them all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from entra_config.actual.access import Access, Holding, Offer, Possible
from entra_config.actual.fetch import Questions, Responses, TenantReader, fetch
from entra_config.actual.question import GroupsOf, Lookup
from entra_config.errors import UsageError
from entra_config.graph.odata import by_key, literal
from entra_config.graph.request import Request
from entra_config.manifest.reading.problems import near

_GUID = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}")
_PERSON, _APPLICATION = "id,displayName,userPrincipalName", "id,appId,displayName"


@dataclass(frozen=True, order=True, slots=True)
class Who:
    """A user or a service principal of the tenant."""

    id: str
    name: str
    type: str


async def find(graph: TenantReader, access: Access, text: str) -> Who:
    """Return whom a principal name, a display name, an object id, an appId or a key means."""
    word = text.casefold()
    found = {who.id: who for who in (*await _requested(graph, word, text), *_known(access, word))}
    # An application of ours is called by its key, a registration by its service principal.
    for key, names in access.called.items():
        if word in {name.casefold() for name in names} and (id_ := access.principals.get(key)):
            found[id_] = Who(id_, key, "application")
    if not found:
        known = (
            {each.name for each in access.holdings}
            | {each.name for each in access.owners}
            | set(access.called)
        )
        raise UsageError(f"`{text}` is not a user or application of this tenant.{near(text, known)}")
    if len(found) > 1:
        listed = ", ".join(f"{who.type} {who.name} ({who.id})" for who in sorted(found.values()))
        raise UsageError(f"`{text}` is {len(found)}: {listed}; say which by its id")
    (who,) = found.values()
    return who


async def find_nested_groups(
    graph: TenantReader, access: Access, who: Who, wanted: Offer | None
) -> list[str]:
    """Return a sentence for each group that holds roles, or the wanted one, and has a person in it only
    through other groups.
    """
    direct = {each.group for each in access.holdings if each.id == who.id}
    roles = {
        group: _choose_roles(held, wanted) for group, held in access.groups.items() if group not in direct
    }
    if not any(roles.values()):
        return []
    question = GroupsOf(who.id)
    path = f"/users/{who.id}/transitiveMemberOf?$select=id,displayName&$top=999"
    responses = await fetch(graph, {question: Request("GET", path)}, optional=frozenset({question}))
    if question not in responses:
        return [
            f"whether {who.name} is in a group through another group is not known: Graph refuses to list it"
        ]
    return [
        f"{who.name} is in group {group['displayName']} through another group only, which gives no role: "
        f"the group holds {', '.join(held)}, and Entra gives roles to direct members"
        for group in responses[question]
        if (held := roles.get(group["id"]))
    ]


def _choose_roles(held: frozenset[str], wanted: Offer | None) -> list[str]:
    names = None if wanted is None else {f"{wanted.application}/{name}" for name in wanted.names}
    return sorted(role for role in held if names is None or role in names)


def role(access: Access, text: str, owner: str) -> Offer:
    """Return the role that `APP/ROLE`, or a role's own name, means: APP by key, name or id, ROLE by value,
    label, name or id.
    """
    ranked = sorted(_ranked(access, text.casefold()), key=lambda each: each[0])
    best = {offer: None for rank, offer in ranked if rank == ranked[0][0]}
    if not best:
        known = {f"{offer.application}/{name}" for offer in _offers(access) for name in offer.names[:2]}
        raise UsageError(f"`{text}` is not a role of {owner}.{near(text, known)}")
    if len(best) > 1:
        listed = ", ".join(
            sorted(f"{offer.application}/{offer.names[0]} ({offer.names[-1]})" for offer in best)
        )
        raise UsageError(f"`{text}` is {len(best)} roles: {listed}; say which as APP/ROLE, or by its id")
    return next(iter(best))


def fits(each: Holding, offer: Offer) -> bool:
    """Tell whether a holding is of a role."""
    return (
        each.application == offer.application
        and each.role in offer.names
        and (not each.label or each.label in offer.names)
    )


def gains(each: Possible, offer: Offer) -> bool:
    """Tell whether a role is among what somebody could give."""
    return any(f"{offer.application}/{name}" in each.roles for name in offer.names)


async def _requested(graph: TenantReader, word: str, text: str) -> list[Who]:
    """Return whom the tenant knows by this text, in one level of requests, two for the object id of a
    registration.
    """
    if _GUID.fullmatch(word):
        body = {"ids": [word], "types": ["user", "servicePrincipal", "application"]}
        questions: Questions = {
            Lookup("id"): Request("POST", f"/directoryObjects/getByIds?$select={_PERSON},appId", body),
            Lookup("appId"): Request(
                "GET", f"{by_key('servicePrincipals', 'appId', word)}?$select={_APPLICATION}"
            ),
        }
    elif "@" in word:
        questions = {
            Lookup("userPrincipalName"): Request("GET", f"/users/{quote(text, safe='')}?$select={_PERSON}")
        }
    else:
        named = f"$filter=displayName%20eq%20{literal(text)}"
        questions = {
            Lookup("displayName of users"): Request("GET", f"/users?{named}&$select={_PERSON}"),
            Lookup("displayName of service principals"): Request(
                "GET", f"/servicePrincipals?{named}&$select={_APPLICATION}"
            ),
        }
    items = list((await fetch(graph, questions)).every(Lookup))
    registrations = [item for item in items if _type(item) == "registration"]
    more: Questions = {
        Lookup(f"appId {item['appId']}"): Request(
            "GET", f"{by_key('servicePrincipals', 'appId', item['appId'])}?$select={_APPLICATION}"
        )
        for item in registrations
    }
    items += (await fetch(graph, more) if more else Responses()).every(Lookup)
    return [_who(item) for item in items if _type(item) != "registration"]


def _type(item: Mapping[str, Any]) -> str:
    kind = str(item.get("@odata.type", ""))
    if kind.endswith(".application"):
        return "registration"
    return "application" if kind.endswith(".servicePrincipal") or "appId" in item else "user"


def _who(item: Mapping[str, Any]) -> Who:
    return Who(
        str(item["id"]),
        str(item.get("userPrincipalName") or item.get("displayName") or item["id"]),
        _type(item),
    )


def _known(access: Access, word: str) -> Iterator[Who]:
    """Yield who holds or owns something by this name or id, whatever the tenant lists at this moment."""
    rows = [(each.id, each.name, each.type) for each in access.holdings] + [
        (each.id, each.name, each.type) for each in access.owners
    ]
    for id_, name, type_ in rows:
        if type_ != "group" and word in {name.casefold(), id_}:
            yield Who(id_, name, type_)


def _ranked(access: Access, word: str) -> Iterator[tuple[int, Offer]]:
    """Yield each role of that name, with how well it is called so: by its value or label, by its name, by
    its id.
    """
    application, _, rest = word.partition("/")
    for offer in _offers(access):
        called = {name.casefold() for name in access.called.get(offer.application, ())}
        wanted = {word, *([rest] if rest and application in called else [])}
        for rank, name in enumerate(offer.names):
            if name.casefold() in wanted:
                yield (0 if rank < 2 else rank), offer


def _offers(access: Access) -> Iterable[Offer]:
    """Return the roles that the applications offer, and the scopes that others hold for everybody."""
    scopes = {
        (each.application, each.role): None
        for each in access.holdings
        if each.through == "consent for everybody"
    }
    return (*access.offers, *(Offer(application, (scope,)) for application, scope in scopes))
