"""What was answered in; what the levels after the first ask Graph, as data, out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from urllib.parse import quote

from entra_config.actual import identifying, names, questions
from entra_config.actual.fetch import Questions, Responses
from entra_config.actual.question import (
    DELETED_APPLICATIONS,
    DELETED_PRINCIPALS,
    OUR_APPLICATIONS,
    About,
    AllCertificates,
    ApplicationByAppId,
    Certificates,
    ExpandedGroup,
    GroupMembers,
    HeldBy,
    NameBearers,
    PrincipalByAppId,
)
from entra_config.graph.odata import by_key
from entra_config.graph.request import Request
from entra_config.kinds.base import Kind, unique_name
from entra_config.kinds.details import RoleHolding
from entra_config.kinds.directory import Subject
from entra_config.manifest.model import Manifest

DELETED = "/directory/deletedItems/microsoft.graph."
# Graph answers 150 requests a minute and tenant that select keyCredentials (application-list and
# serviceprincipal-list). Reads by key of many applications and their service principals would wait for that.
# A page of a list has 999 objects, and is one request.
MANY_KEYS = 50


def details(subjects: Mapping[str, Subject], kinds: Iterable[Kind], manifest: Manifest) -> Questions:
    """Return what each kind asks about each subject that is not deleted."""
    kinds = tuple(kinds)
    requests: Questions = {}
    for key, subject in subjects.items():
        if not subject.deleted:
            # Graph answers nothing about a deleted service principal.
            asked = replace(subject, service_principal=None) if subject.parked else subject
            for kind in kinds:
                requests |= {
                    About(key, detail): request for detail, request in kind.questions(asked, manifest).items()
                }
    return requests


def second_level(manifest: Manifest, responses: Responses, sure: Mapping[str, Subject]) -> Questions:
    """Return what confirms by key that something absent from a list is absent, and who the deployers are."""
    requests = _absent(manifest, responses, sure)
    for upn in sorted(names.missing_users(manifest, responses)):
        path = f"/users/{quote(upn)}?$select=id,displayName,userPrincipalName"
        requests[NameBearers("user", upn)] = Request("GET", path)
    found, _ = names.principals(manifest, responses)
    return requests | _holdings(manifest, found) | _memberships(manifest, found)


def _absent(manifest: Manifest, responses: Responses, sure: Mapping[str, Subject]) -> Questions:
    """Return what confirms by key that an application which no list shows is absent."""
    requests: Questions = {}
    select = questions.application_select(manifest)
    without_keys = questions.application_select(manifest, keys=False)
    principal_select = questions.principal_select(manifest)
    tagged = {app["appId"] for app in responses[OUR_APPLICATIONS]}
    pinned = {app.app_id for app in manifest.applications.values() if app.app_id} - tagged
    few = len(pinned) < MANY_KEYS
    of_pinned = questions.application_select(manifest, keys=few)
    principal_of_pinned = questions.principal_select(manifest, keys=few)
    for key, application in manifest.applications.items():
        subject = sure.get(key)
        app_id = application.app_id
        if app_id in pinned:
            requests[ApplicationByAppId(app_id)] = Request(
                "GET", f"{by_key('applications', 'appId', app_id)}?$select={of_pinned}"
            )
            requests[PrincipalByAppId(app_id)] = _principal(app_id, principal_of_pinned)
        elif subject is not None and subject.application is not None and subject.service_principal is None:
            known = subject.application["appId"]
            requests[PrincipalByAppId(known)] = _principal(known, principal_select)
            requests[DELETED_PRINCIPALS] = _deleted_principals(principal_select)
        if subject is None and (application.locked or not app_id):
            requests |= identifying.holders([unique_name(manifest, key)], without_keys)
        if subject is None:
            requests[DELETED_APPLICATIONS] = Request("GET", f"{DELETED}application?$select={select}&$top=999")
            requests[DELETED_PRINCIPALS] = _deleted_principals(principal_select)
    return requests


def _holdings(manifest: Manifest, found: names.Principals) -> Questions:
    """Return what tells the roles that each principal of `grants` holds."""
    who = (found.get(("servicePrincipal", given.named.id or given.named.name)) for given in manifest.grants)
    return {
        HeldBy(each.id): Request(
            "GET", f"/servicePrincipals/{each.id}/appRoleAssignments?{RoleHolding.SELECT}&$top=999"
        )
        for each in who
        if each is not None
    }


def _memberships(manifest: Manifest, found: names.Principals) -> Questions:
    """Return what tells who is in the groups among the deployers."""
    requests: Questions = {}
    for named in manifest.deployers or ():
        who = found.get(("group", named.id or named.name))
        if who is not None and who.type == "group":
            requests[GroupMembers(who.id)] = Request("GET", f"/groups/{who.id}/members?$select=id&$top=999")
            # The list leaves service principals out; what is expanded has them, up to 20 members (known
            # issues of v1.0).
            requests[ExpandedGroup(who.id)] = Request(
                "GET", f"/groups/{who.id}?$select=id&$expand=members($select=id)"
            )
    return requests


def _principal(app_id: str, select: str) -> Request:
    return Request("GET", f"{by_key('servicePrincipals', 'appId', app_id)}?$select={select}")


def _deleted_principals(select: str) -> Request:
    return Request("GET", f"{DELETED}servicePrincipal?$select={select}&$top=999")


def lost(manifest: Manifest, subjects: Mapping[str, Subject], responses: Responses) -> Questions:
    """Return the questions for the service principal of each application that is found by its name alone."""
    select = questions.principal_select(manifest)
    live = [
        subject.application
        for subject in subjects.values()
        if subject.application and (subject.service_principal is None or subject.parked)
    ]
    return {
        PrincipalByAppId(body["appId"]): _principal(body["appId"], select)
        for body in live
        if PrincipalByAppId(body["appId"]) not in responses and not body.get("deletedDateTime")
    }


def certificates(subjects: Mapping[str, Subject]) -> Questions:
    """Return what asks for the certificates that were not read with their objects: two lists, if many lack
    them.
    """
    lacking = certificates_by_key(subjects)
    if len(lacking) < MANY_KEYS:
        return lacking
    collections = dict.fromkeys(str(request.path).split("/")[1] for request in lacking.values())
    return {
        AllCertificates(name): Request("GET", f"/{name}?$select=id,keyCredentials&$top=999")
        for name in collections
    }


def certificates_by_key(subjects: Mapping[str, Subject]) -> Questions:
    """Return the question for the certificates of each object of ours that was read without them."""
    ours = [subject for subject in subjects.values() if subject.application is not None]
    bodies = [("applications", subject.application) for subject in ours]
    bodies += [("servicePrincipals", subject.service_principal) for subject in ours]
    return {
        Certificates(body["id"]): Request("GET", f"/{name}/{body['id']}?$select=id,keyCredentials")
        for name, body in bodies
        if body is not None and "keyCredentials" not in body
    }
