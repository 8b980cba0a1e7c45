"""What was read of applications that the manifest names as others' in, and of what restricted files take;
what is not theirs out.

said                                              and the tenant says                                     is
an enterprise application, or an API by its appId it is of this project,
in any environment           an error
an enterprise application                     another name of the manifest is that object             an error
an enterprise application,
in a restricted file       it has an owner's tags                                 an error
an application of others that holds a role        it is of this project,
in any environment               an error
`appId` of an application, in a restricted file       it bears marks,
and not those of a key in the path restriction     an error
the pin of an application, in a restricted file     it was created for a key
that is not in the path restriction, and the lock file tells of no rename         an error

What names say is checked offline (`restriction_effects.py`); here the objects decide. Anybody may write marks
on what is his: here marks only ever take something away from who names it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from entra_config.actual import names, questions
from entra_config.actual.fetch import Questions, Responses
from entra_config.actual.question import ApiOfOthers, ByIds, NameBearers, OthersRegistration
from entra_config.claimants import created_for, described, is_ours, key_of, marks
from entra_config.errors import Position, Problem
from entra_config.graph.odata import by_key
from entra_config.graph.request import Request
from entra_config.kinds.base import OWNER_TAG
from entra_config.kinds.directory import Json, Subject
from entra_config.manifest.environments.path_restriction import PathRestriction
from entra_config.manifest.model import Application, Given, Manifest, Named
from entra_config.manifest.parts import ApiPermission
from entra_config.manifest.reading.problems import listing
from entra_config.manifest.sections import microsoft


def registrations(manifest: Manifest, responses: Responses) -> Questions:
    """Return the question whose marks the registration bears, for each application of this tenant that is
    named as others'.
    """
    requests: Questions = {}
    named = (body for _, body in _named(manifest, responses))
    for body in (*named, *(body for _, body in _holders(manifest, responses))):
        if body.get("appOwnerOrganizationId") == manifest.tenant_id and not _owners(body):
            requests[OthersRegistration(body["appId"])] = Request(
                "GET", f"{by_key('applications', 'appId', body['appId'])}?$select=id,appId,tags"
            )
    return requests


def problems(manifest: Manifest, subjects: Mapping[str, Subject], responses: Responses) -> list[Problem]:
    """Return every application that is named as others' and is not, and every one that a restricted file
    takes from outside.
    """
    external, taken = _external(manifest, subjects, responses), _taken(manifest, subjects)
    return [*external, *taken, *_holding(manifest, subjects, responses)]


def _named(manifest: Manifest, responses: Responses) -> Iterator[tuple[str, Json]]:
    """Yield each application of others that the manifest names and the tenant has once, by that name."""
    for name in (*manifest.enterprise_applications, *sorted(questions.others(manifest))):
        items = responses[ApiOfOthers(name)]
        if len(items) == 1:
            yield name, items[0]


def _holders(manifest: Manifest, responses: Responses) -> Iterator[tuple[Named, Json]]:
    """Yield each application of others that the manifest gives a role, with its service principal."""
    found, _ = names.principals(manifest, responses)
    bodies = {item["id"]: item for item in (*responses.every(ByIds), *responses.every(NameBearers))}
    holding = [named for each in manifest.assignments.values() for named in each.applications]
    for named in (*holding, *(each.named for each in manifest.grants)):
        who = found.get(("servicePrincipal", named.id or named.name))
        if who is not None and bodies[who.id].get("appId"):
            yield named, bodies[who.id]


def _external(manifest: Manifest, subjects: Mapping[str, Subject], responses: Responses) -> Iterator[Problem]:
    ours = {each.application["appId"]: key for key, each in subjects.items() if each.application is not None}
    first: dict[str, str] = {}
    for name, body in _named(manifest, responses):
        registered = responses[OthersRegistration(body["appId"])]
        owners = sorted({owner for each in (body, *registered) for owner in _owners(each)})
        position = _position(manifest, name)
        path_restrictions = _path_restrictions(manifest, position)
        what = f"enterprise application `{name}`" if name in manifest.enterprise_applications else f"`{name}`"
        if body["appId"] in ours or any(owner.startswith(f"{manifest.project}/") for owner in owners):
            key = ours.get(body["appId"]) or next(filter(None, map(key_of, (body, *registered))), "")
            whose = (
                f"`{key}` of this project"
                if body["appId"] in ours
                else f"`{key}` of {', '.join(owners)}, this very project"
            )
            yield Problem(position, f"{what} is {whose}: refer to it by that key{_said(path_restrictions)}")
        elif owners and path_restrictions:
            yield Problem(
                position,
                f"{what} is an application of {', '.join(owners)}, by its marks{_said(path_restrictions)}",
            )
        elif (twin := first.setdefault(body["id"], name)) != name and name not in microsoft.APIS:
            yield Problem(
                position,
                (
                    f"{what} is `{twin}` too ('{body['displayName']}'): one object, one "
                    f"key{_said(path_restrictions)}"
                ),
            )


def _taken(manifest: Manifest, subjects: Mapping[str, Subject]) -> Iterator[Problem]:
    for key, application in manifest.applications.items():
        body = subjects[key].application if key in subjects else None
        if body is None or body["appId"] != application.app_id:
            continue
        where = application.positions.get("appId", application.position)
        path_restrictions = _path_restrictions(manifest, where)
        if not path_restrictions:
            continue
        # Its owners could stop each plan by a tag: where a lock file alone pins it, only foreign ones count.
        by_tags = not application.locked or manifest.owner not in _owners(body)
        made_for = _made_for(manifest, application, body, path_restrictions)
        whose = (by_tags and _tagged_for(manifest, body, path_restrictions)) or made_for
        if whose:
            pin = f"the pin of `{key}` in the lock file" if application.locked else f"`appId` of `{key}`"
            yield Problem(where, f"{pin} is {described(body)}, {whose}{_said(path_restrictions)}")


def _tagged_for(manifest: Manifest, body: Json, path_restrictions: tuple[PathRestriction, ...]) -> str:
    """Return whose an application is by its tags, and an empty text if they are those of a key that the
    path restrictions list, or if it has none.
    """
    owners = ", ".join(sorted(set(_owners(body))))
    listed = is_ours(body, manifest.owner) and _allow(path_restrictions, key_of(body))
    return "" if listed or not owners else f"an application of {owners}, by its marks"


def _made_for(
    manifest: Manifest, application: Application, body: Json, path_restrictions: tuple[PathRestriction, ...]
) -> str:
    """Return which key outside of the path restrictions an application was created for, unless the lock file
    says that it was renamed. Its owners can change its tags, but not that.
    """
    made_for, key = created_for(manifest, body), application.key
    known = {"", key, manifest.renamed.get(key, "")}
    listed = made_for in known or _allow(path_restrictions, made_for)
    return "" if listed else f"which was created as `{made_for}`"


def _allow(path_restrictions: tuple[PathRestriction, ...], key: str) -> bool:
    return all(path_restriction.allows(("applications", key)) for path_restriction in path_restrictions)


def _holding(manifest: Manifest, subjects: Mapping[str, Subject], responses: Responses) -> Iterator[Problem]:
    """Yield each application of this project that stands among those of others that hold a role."""
    ours = {each.application["appId"]: key for key, each in subjects.items() if each.application is not None}
    for named, body in _holders(manifest, responses):
        owners = sorted(
            {
                owner
                for each in (body, *responses[OthersRegistration(body["appId"])])
                for owner in _owners(each)
            }
        )
        own = ours.get(body["appId"])
        if own is not None or any(owner.startswith(f"{manifest.project}/") for owner in owners):
            whose = f"`{own}` of this project" if own else f"of {', '.join(owners)}, this very project"
            message = f"`{named.name}` is {whose}: its `apiPermissions` say what it holds"
            yield Problem(named.position, message)


def _owners(body: Mapping[str, Any]) -> list[str]:
    return marks(body, OWNER_TAG)


def _position(manifest: Manifest, name: str) -> Position | None:
    declared = manifest.enterprise_applications.get(name)
    if declared is not None:
        return declared.position
    requested = [
        permission for app in manifest.applications.values() for permission in app.api_permissions.values()
    ]
    every: tuple[ApiPermission | Given, ...] = (*requested, *manifest.grants)
    return next((each.position for each in every if each.resource == name), None)


def _path_restrictions(manifest: Manifest, position: Position | None) -> tuple[PathRestriction, ...]:
    files = position.files if position is not None else ()
    return tuple(PathRestriction(each) for file in files for each in manifest.path_restrictions.get(file, ()))


def _said(path_restrictions: tuple[PathRestriction, ...]) -> str:
    allowed = "; ".join(listing(path_restriction.patterns) for path_restriction in path_restrictions)
    return f" (this file may declare {allowed})" if path_restrictions else ""
