"""What goes and what was read in; who else uses it out: refusals, or warnings where nobody could keep it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from entra_config.kinds.application import flat
from entra_config.kinds.base import application_address, is_removed
from entra_config.kinds.details import CONSENTS_TO_IT, REQUIRERS
from entra_config.kinds.directory import Directory, Live
from entra_config.kinds.going import going, going_scopes
from entra_config.manifest.model import Manifest
from entra_config.plan.model import Notice, Refusal

WORD = "used"


def used_by_others(manifest: Manifest, directory: Directory) -> list[Refusal | Notice]:
    """Return what to say of the applications of others that use a scope or role that goes.

    Tenant-wide consent was an administrator's decision: it is taken back first. A mere request can be written
    by anybody who may register an application, so a word lifts it. With the application itself all use of it
    ends: a warning.
    """
    notices: list[Refusal | Notice] = []
    ours = _OwnObjects.of(directory)
    for key, live in directory.live.items():
        address, whole = application_address(key), is_removed(manifest, key)
        declared = manifest.removed[key] if whole else manifest.applications.get(key)
        position = declared.position if declared else None
        for name, lost in _consented(manifest, directory, live, ours):
            message = f"{key} would lose {lost}, and '{name}', which is undeclared, has consent to it"
            refusal = Refusal("", f"{message}: take that back first", address, position)
            notices.append(Notice(message, address, position) if whole else refusal)
        for name, lost in _requiring(manifest, live, ours):
            message = f"{key} would lose {lost}, and {name}, which is undeclared, requires it"
            refusal = Refusal(WORD, f"{message}: take it out there first", address, position)
            notices.append(Notice(message, address, position) if whole else refusal)
        if not whole:
            notices += [
                Notice(f"{key} loses {lost}: {left}", address, position)
                for lost, left in _personal(manifest, directory, live, ours)
            ]
    return notices


@dataclass(frozen=True, slots=True)
class _OwnObjects:
    """What is ours, once for all applications: service principals by id with their key, ids of
    registrations.
    """

    principals: Mapping[str, str]
    applications: frozenset[str]

    @classmethod
    def of(cls, directory: Directory) -> _OwnObjects:
        subjects = [each.subject for each in directory.live.values()]
        return cls(
            {
                subject.service_principal["id"]: subject.key
                for subject in subjects
                if subject.service_principal
            },
            frozenset(subject.application["id"] for subject in subjects if subject.application),
        )


def _consented(
    manifest: Manifest, directory: Directory, live: Live, ours: _OwnObjects
) -> Iterator[tuple[str, str]]:
    """Yield each stranger with tenant-wide consent to a scope that goes."""
    gone = going_scopes(manifest, live.subject)
    for grant in live.rows(CONSENTS_TO_IT):
        scopes = gone & grant.scopes
        if scopes and grant.client not in ours.principals and grant.everybody:
            yield directory.names.get(grant.client, grant.client), _listed(scopes)


def _requiring(manifest: Manifest, live: Live, ours: _OwnObjects) -> Iterator[tuple[str, str]]:
    """Yield each stranger of this tenant that requires a scope or role that goes."""
    gone = going(manifest, live.subject)
    for each in live.rows(REQUIRERS):
        names = {gone[access["id"]] for access in flat(each.required) if access["id"] in gone}
        if names and each.id not in ours.applications:
            yield f"'{each.name}' (appId {each.app_id})", _listed(names)


def _personal(
    manifest: Manifest, directory: Directory, live: Live, ours: _OwnObjects
) -> Iterator[tuple[str, str]]:
    """Yield what single users consented to for themselves: never touched, and without effect from then on."""
    gone = going_scopes(manifest, live.subject)
    people: dict[tuple[str, str], set[str]] = defaultdict(set)
    for grant in live.rows(CONSENTS_TO_IT):
        scopes = gone & grant.scopes
        if scopes and not grant.everybody:
            client = ours.principals.get(grant.client) or directory.names.get(grant.client, grant.client)
            people[client, _listed(scopes)].add(grant.principal)
    for (client, lost), users in sorted(people.items()):
        counted = "1 user" if len(users) == 1 else f"{len(users)} users"
        yield lost, f"the consent of {counted} to it in client '{client}' stays, and gives nothing any more"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
