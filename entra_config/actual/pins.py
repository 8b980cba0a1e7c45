"""Pinned names in, and the objects that their ids are; what the tenant says otherwise of them out.

pinned              the tenant says otherwise where
a user              the UPN is another
a group             the display name is another
a service principal the display name is another, or its application is of another organization than the lock
file says an application of ours our marks name another key, which is not its `previously`: the tags are put
back, unless it was created as another key than the lock file says (`was`)

The id decides all the same. `said`: the lock file calls it by what it is called now.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from entra_config.actual.questions import everybody
from entra_config.claimants import created_for, described, is_ours, key_of
from entra_config.kinds.directory import Principal, Renamed, Subject
from entra_config.manifest.model import Manifest, Named
from entra_config.manifest.sections import microsoft
from entra_config.phrase import Person, Phrase, quote_name


def renamed(
    manifest: Manifest, principals: Mapping[tuple[str, str], Principal], subjects: Mapping[str, Subject]
) -> dict[str, Renamed]:
    """Return what the tenant says otherwise, by the id of the object; one that is fine under another entry
    is not fine.
    """
    found: dict[str, Renamed] = {}
    for each in (*_people(manifest, principals), *_others(manifest, subjects), *_ours(manifest, subjects)):
        known = found.get(each.id)
        if known is None or (known.pinned and not each.pinned):
            found[each.id] = each
    return found


def _people(manifest: Manifest, principals: Mapping[tuple[str, str], Principal]) -> Iterator[Renamed]:
    for types, named in everybody(manifest):
        places = ((type_, named.id or named.name) for type_ in types)
        who = next((principals[place] for place in places if place in principals), None)
        if who is not None and (each := difference(manifest, named, who)) is not None:
            yield each


def _others(manifest: Manifest, subjects: Mapping[str, Subject]) -> Iterator[Renamed]:
    for key, enterprise in manifest.enterprise_applications.items():
        body = subjects[key].service_principal if key in subjects else None
        named = enterprise.named
        if body is None or named is None or named.name in {named.id, enterprise.app_id}:
            continue
        known = enterprise.app_id is not None and microsoft.APIS.get(named.name) == enterprise.app_id
        if (named.id or enterprise.app_id) and not known:
            # An appId says itself whose application it is.
            organization = "" if enterprise.app_id else str(body.get("appOwnerOrganizationId") or "")
            who = Principal(body["id"], str(body["displayName"]), "servicePrincipal", organization)
            if (each := difference(manifest, replace(named, id=body["id"]), who)) is not None:
                yield each


def _ours(manifest: Manifest, subjects: Mapping[str, Subject]) -> Iterator[Renamed]:
    for key, application in manifest.applications.items():
        body = subjects[key].application if key in subjects else None
        if body is None or application.app_id != body["appId"] or not is_ours(body, manifest.owner):
            continue
        named, recorded = key_of(body), manifest.renamed.get(key, "")
        if named not in {key, application.previously}:
            sentence = f"{key} is pinned to {described(body)}, and its marks name {named}"
            # Anybody who owns an application can tag it. What it was created as nobody can change: where that
            # is another key than the lock file says, it is the pin that was moved, not the tags.
            known = created_for(manifest, body) in {"", key, application.previously, recorded}
            yield Renamed(body["id"], key, sentence, known, application.position)


def difference(manifest: Manifest, named: Named, who: Principal) -> Renamed | None:
    """Return what the tenant says otherwise of one pinned name, None where it says the same."""
    if named.id in {None, named.name}:
        return None
    name = who.called(named)
    called = differs(named.name, name)
    elsewhere = who.organization not in {"", manifest.tenant_id}
    unsaid = (called and differs(named.was, name)) or (elsewhere and named.organization != who.organization)
    before, now = _reported(who.type, named.name, who.id), _reported(who.type, who.name, who.id)
    reported = [Phrase.of("is called ", now, " now")] if called else []
    reported += [Phrase.of(f"is of the organization {who.organization}")] if elsewhere and unsaid else []
    if not reported:
        return None
    sentence = Phrase.of(before, " ", Phrase.joined(" and ", reported))
    if isinstance(before, Person):
        # Both names are the person's, so without names there is only that they differ.
        unnamed = f"{before.unnamed} is called otherwise now than the entry that pins it"
        sentence = Phrase.worded(sentence, unnamed)
    return Renamed(who.id, Phrase.of(before), sentence, not unsaid, named.position)


def differs(name: str, other: str) -> bool:
    """Tell whether two names are not one: the tenant finds them whatever their case."""
    return name.casefold() != other.casefold()


def _reported(type_: str, name: str, id_: str) -> str | Person:
    return Person(quote_name(name), id_) if type_ == "user" else quote_name(name)
