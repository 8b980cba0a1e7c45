"""Answers about what could be ours in; which object is each key's, and the name that each creation takes,
out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from entra_config import identity
from entra_config.actual import makers, questions, unique_names
from entra_config.actual.external_names import by_app_id
from entra_config.actual.fetch import Questions, Responses
from entra_config.actual.question import (
    DELETED_APPLICATIONS,
    OUR_APPLICATIONS,
    ApplicationByAppId,
    UniqueNameHolder,
)
from entra_config.claimants import Candidates, Proofs
from entra_config.graph.odata import by_key
from entra_config.graph.request import Request
from entra_config.kinds.directory import Json, Subject
from entra_config.manifest.model import Manifest
from entra_config.plan.model import Notice
from entra_config.resource import Address, Text


def holders(names: Iterable[str], select: str) -> Questions:
    """Return the questions who holds each uniqueName."""
    return {
        UniqueNameHolder(name): Request(
            "GET", f"{by_key('applications', 'uniqueName', name)}?$select={select}"
        )
        for name in names
    }


def series(
    manifest: Manifest, found: identity.Identified, responses: Responses, *, purge_deleted: bool
) -> Questions:
    """Return the questions for the other names of each would-be creation whose first name somebody holds."""
    gone = {str(app.get("uniqueName")).casefold() for app in responses[DELETED_APPLICATIONS]}
    select = questions.application_select(manifest, keys=False)
    requests: Questions = {}
    for key in _creating(manifest, found, purging=purge_deleted):
        first, *others = unique_names.series(manifest, key)
        if responses[UniqueNameHolder(first)] or first.casefold() in gone:
            requests |= holders(others, select)
    return requests


def _creating(manifest: Manifest, found: identity.Identified, *, purging: bool) -> list[str]:
    return [
        key
        for key in manifest.applications
        if key not in found.applications or (purging and key in found.deleted)
    ]


def chosen(
    manifest: Manifest,
    found: identity.Identified,
    responses: Responses,
    purges: Mapping[Address, tuple[str, ...]],
) -> tuple[dict[str, str | Text], list[Notice]]:
    """Return the uniqueName of each would-be creation, and who was passed over."""
    return unique_names.choose(
        manifest,
        _creating(manifest, found, purging=bool(purges)),
        {each.of: app for each in responses.questions(UniqueNameHolder) for app in responses[each]},
        responses[DELETED_APPLICATIONS],
        purged=[id_ for ids in purges.values() for id_ in ids],
    )


def identified(
    manifest: Manifest, responses: Responses, signed_in: str, made: frozenset[str]
) -> identity.Identified:
    """Return the object of each key, once all that could be it was read."""
    live, deleted = _live(responses), tuple(responses[DELETED_APPLICATIONS])
    proven = makers.proven(manifest, responses, signed_in, (*live, *deleted))
    names = by_app_id(responses)
    return identity.identify(manifest, Candidates(live, deleted, names=names), Proofs(made, proven))


def everything(responses: Responses) -> tuple[Json, ...]:
    """Return all that could be ours, live or deleted."""
    return (*_live(responses), *responses[DELETED_APPLICATIONS])


def _live(responses: Responses) -> tuple[Json, ...]:
    return (
        *responses[OUR_APPLICATIONS],
        *responses.firsts(ApplicationByAppId),
        *responses.firsts(UniqueNameHolder),
    )


def same(key: str, sure: Mapping[str, Subject], subjects: Mapping[str, Subject]) -> bool:
    """Tell whether a key's details were asked of the object that it turned out to be."""
    before, after = sure.get(key), subjects.get(key)
    ids = [(subject.application or {}).get("id") if subject else None for subject in (before, after)]
    return ids[0] == ids[1]
