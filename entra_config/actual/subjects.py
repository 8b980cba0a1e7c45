"""Answers in; what each key of the manifest stands for in the tenant, out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from entra_config import identity
from entra_config.actual import questions
from entra_config.actual.fetch import Responses
from entra_config.actual.question import (
    DELETED_PRINCIPALS,
    OUR_APPLICATIONS,
    OUR_PRINCIPALS,
    AllCertificates,
    ApiOfOthers,
    Certificates,
    Json,
    PrincipalByAppId,
)
from entra_config.claimants import Candidates
from entra_config.kinds.base import application_address, enterprise_address
from entra_config.kinds.directory import Subject
from entra_config.manifest.model import Manifest
from entra_config.resource import Address


def certain(manifest: Manifest, responses: Responses) -> dict[str, Subject]:
    """Return the subjects about which the first level leaves no doubt, so that the second can ask for
    their details.
    """
    tagged = responses[OUR_APPLICATIONS]
    principals = {item["appId"]: item for item in responses[OUR_PRINCIPALS]}
    found = identity.identify(manifest, Candidates(live=tuple(tagged), whole=False))
    certain = {
        key: Subject(key, app, principals.get(app["appId"])) for key, app in found.applications.items()
    }
    for key in (*manifest.enterprise_applications, *questions.others(manifest)):
        items = responses[ApiOfOthers(key)]
        if len(items) == 1 and key in manifest.listed:
            certain[key] = Subject(key, None, items[0], others=True)
    return certain


def identified(manifest: Manifest, found: identity.Identified, responses: Responses) -> dict[str, Subject]:
    """Return the subjects of all keys that were found, with their service principals."""
    principals = {
        item["appId"]: item for item in (*responses[OUR_PRINCIPALS], *responses.firsts(PrincipalByAppId))
    }
    gone = {
        item["appId"]: item
        for item in sorted(responses[DELETED_PRINCIPALS], key=lambda each: str(each.get("deletedDateTime")))
    }
    subjects: dict[str, Subject] = {}
    for key, app in found.applications.items():
        deleted, app_id = key in found.deleted, app["appId"]
        principal = None if deleted else principals.get(app_id)
        declared = manifest.applications.get(key)
        if principal is None and (deleted or (declared is not None and declared.enterprise is not None)):
            principal = gone.get(app_id)
        subjects[key] = Subject(key, app, principal, deleted)
    for key in (*manifest.enterprise_applications, *questions.others(manifest)):
        items = responses[ApiOfOthers(key)]
        if len(items) == 1:
            subjects[key] = Subject(key, None, items[0], others=True)
    return subjects


def with_keys(subjects: Mapping[str, Subject], responses: Responses) -> dict[str, Subject]:
    """Return the subjects with the certificates that were asked for later, by key or by a list."""
    found = {item["id"]: item for item in responses.every(AllCertificates)}
    found |= {item["id"]: item for item in responses.every(Certificates)}
    return {
        key: replace(
            subject,
            application=_with_keys(subject.application, found),
            service_principal=_with_keys(subject.service_principal, found),
        )
        for key, subject in subjects.items()
    }


def _with_keys(body: Json | None, found: Mapping[str, Json]) -> Json | None:
    return body if body is None else {**body, **found.get(body["id"], {})}


def purges(subjects: Mapping[str, Subject]) -> dict[Address, tuple[str, ...]]:
    """Return the deleted objects to be purged, by the address that is then created (the service principal
    outlives the app).
    """
    found: dict[Address, tuple[str, ...]] = {}
    for key, subject in subjects.items():
        bodies = (subject.service_principal, subject.application if subject.deleted else None)
        gone = tuple(body["id"] for body in bodies if body is not None)
        if subject.deleted:
            found[application_address(key)] = gone
        elif subject.parked:
            found[enterprise_address(key)] = gone
    return found


def purged(subjects: Mapping[str, Subject], purges: Mapping[Address, tuple[str, ...]]) -> dict[str, Subject]:
    """Return the subjects without what is purged."""
    return {
        key: replace(subject, service_principal=None) if enterprise_address(key) in purges else subject
        for key, subject in subjects.items()
        if application_address(key) not in purges
    }
