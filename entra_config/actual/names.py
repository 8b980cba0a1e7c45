"""Answers about names in, who they are out; who is missing, doubled or unpinned is said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from entra_config.actual.fetch import Responses
from entra_config.actual.question import ByIds, NameBearers
from entra_config.actual.questions import APP_ID, MARKS, everybody, named_objects
from entra_config.claimants import key_of, marks
from entra_config.errors import Problem
from entra_config.graph.token import Identity
from entra_config.kinds.base import OWNER_TAG
from entra_config.kinds.directory import Directory, Principal
from entra_config.manifest.model import Manifest, Named
from entra_config.phrase import Person, Phrase, quote_name
from entra_config.plan.model import Notice, Refusal

Principals = dict[tuple[str, str], Principal]


def principals(manifest: Manifest, responses: Responses) -> tuple[Principals, list[Problem]]:
    """Return who each name or pinned id means; a name that two objects bear is a problem."""
    found: Principals = {}
    problems: list[Problem] = []
    by_id = {item["id"]: item for item in responses.every(ByIds)}
    now = {id(named) for _, named in everybody(manifest)}
    # Many assignments name the same few users and groups.
    bearers: dict[tuple[object, ...], list[Principal]] = {}
    for types, named in named_objects(manifest):
        name = (types, named.id, named.name, named.by_marks)
        if name not in bearers:
            bearers[name] = list(_matches(types, named, responses, by_id))
        matches = bearers[name]
        if len(matches) > 1 and id(named) not in now:
            continue  # it is over: whoever of them holds it is listed nowhere, and goes
        if len(matches) > 1:
            ids = ", ".join(sorted(match.id for match in matches))
            problems.append(
                Problem(
                    named.position,
                    f"the tenant has several objects named '{named.name}' ({ids}): give the id",
                )
            )
            continue  # whom of them somebody means, no order of an answer decides
        for match in matches:
            for type_ in {match.type, *types}:
                found[type_, named.id or named.name] = match
    return found, sorted(set(problems))


def _matches(
    types: tuple[str, ...], named: Named, responses: Responses, by_id: Mapping[str, Mapping[str, Any]]
) -> Iterator[Principal]:
    if named.id is not None:
        if named.id in by_id:
            yield principal(by_id[named.id])
        return
    for type_ in types:
        kind = "servicePrincipal" if type_ == APP_ID else type_
        bearers = {item["id"]: principal(item, kind) for item in responses[NameBearers(type_, named.name)]}
        if named.by_marks:
            bearers |= marked(responses[NameBearers(MARKS, named.name)], named.name)
        yield from bearers.values()


def marked(items: Iterable[Mapping[str, Any]], name: str) -> dict[str, Principal]:
    """Return, by id, the service principals that have the ownership tags of `project/environment/key`, letter
    for letter.
    """
    found = (principal(item, "servicePrincipal") for item in items)
    return {who.id: who for who in found if who.marks == name}


def mistaken(manifest: Manifest, found: Principals) -> Iterator[Problem]:
    """Yield each id that stands among holders of roles and is of another type than its list says: it would
    be told as that.
    """
    for assignees in manifest.assignments.values():
        for type_, listed in assignees.by_type:
            for named in listed:
                yield from _other_type(type_, named, found)
    for given in manifest.grants:
        yield from _other_type("servicePrincipal", given.named, found)


def _other_type(type_: str, named: Named, found: Principals) -> Iterator[Problem]:
    who = found.get((type_, named.id or named.name))
    if who is not None and who.type != type_:
        nouns = {"user": "user", "group": "group", "servicePrincipal": "application"}
        called = f" ('{who.name}')" if who.name != named.name else ""
        message = (
            f"`{named.name}`{called} is a {nouns.get(who.type, who.type)} of this tenant, but is declared as "
            f"a {nouns[type_]}"
        )
        yield Problem(named.position, message.replace("a application", "an application"))


def principal(item: Mapping[str, Any], type_: str = "") -> Principal:
    """Return a directory object as a principal, by the name that a manifest would use."""
    kind = type_ or str(item.get("@odata.type", "")).removeprefix("#microsoft.graph.")
    name = item.get("userPrincipalName") if kind == "user" else item.get("displayName")
    organization = str(item.get("appOwnerOrganizationId") or "")
    owners = marks(item, OWNER_TAG) if kind == "servicePrincipal" else []
    key = key_of(item) if len(owners) == 1 else ""
    wording = f"{owners[0]}/{key}" if key else ""
    return Principal(
        item["id"], str(name or item.get("displayName") or item["id"]), kind, organization, wording
    )


def missing_users(manifest: Manifest, responses: Responses) -> set[str]:
    """Return the users whose name no list shows: absence from a list is confirmed by key."""
    return {
        named.name
        for types, named in everybody(manifest)
        if named.id is None and types == ("user",) and not responses[NameBearers("user", named.name)]
    }


def remarks(manifest: Manifest, found: Principals) -> tuple[list[Notice], list[Refusal]]:
    """Return what to say about names: gone users and groups, names that protection wants pinned."""
    notices: list[Notice] = []
    refusals: list[Refusal] = []
    for types, named in everybody(manifest):
        who = next(
            (
                found[type_, named.id or named.name]
                for type_ in types
                if (type_, named.id or named.name) in found
            ),
            None,
        )
        if who is None:
            _missing(types, named, notices, refusals)
        if manifest.protected and named.id is None and not named.by_app_id:
            refusals.append(_unpinned(manifest, named))
    if manifest.protected and manifest.deployers is None:
        message = (
            "this protected environment names no `deployers`: only pinned applications are known to be ours"
        )
        notices.append(Notice(f"{message}; name the service principal that applies here"))
    others = [
        enterprise.named for enterprise in manifest.enterprise_applications.values() if not enterprise.app_id
    ]
    refusals += [
        _unpinned(manifest, named)
        for named in others
        if manifest.protected and named is not None and not named.id
    ]
    # Once for each name, where it stands first.
    once = {(refusal.message, refusal.address): refusal for refusal in reversed(refusals)}
    return list(dict.fromkeys(notices)), list(reversed(once.values()))


def _unpinned(manifest: Manifest, named: Named) -> Refusal:
    types = ("user",) if "@" in named.name else ()
    why = " is not pinned: in a protected environment anyone who takes that name would get its access"
    hint = f"; run `entra-config lock {manifest.chosen}`"
    who = Person(quote_name(named.name)) if types == ("user",) else quote_name(named.name)
    return Refusal("", Phrase.of(who, why, hint), None, named.position)


def _missing(types: tuple[str, ...], named: Named, notices: list[Notice], refusals: list[Refusal]) -> None:
    where = f"'{named.name}'" + (f" ({named.id})" if named.id and named.id != named.name else "")
    if named.by_app_id:
        message = (
            f"the fleet's client {named.name} has no service principal here: an administrator consents first"
        )
        refusals.append(Refusal("", message, None, named.position, blocks=False))
    elif types == ("user",):
        who = Person(f"user {where}", named.id or "")
        notices.append(Notice(Phrase.of(who, " does not exist: skipped"), None, named.position))
    else:
        message = f"{types[0]} {where} does not exist: everything that needs it is skipped"
        refusals.append(Refusal("", message, None, named.position, blocks=False, absent=named.name))


def reader(who: Identity, directory: Directory) -> str:
    """Return who reads: by the token's name, else by the tenant's, else by id."""
    named = (directory.names.get(id_) for id_ in (who.object_id, who.app_id))
    return who.name or next((name for name in named if name), "") or who.app_id or who.object_id
