"""Answers in; by object id and by appId what reports call each application that is none of the manifest's:
its name in quotes, as anybody may bear the name of one of ours, its id in short, and whose tenant's it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from entra_config.actual.fetch import Responses
from entra_config.actual.question import (
    DELETED_APPLICATIONS,
    DELETED_PRINCIPALS,
    OUR_APPLICATIONS,
    ByIds,
    DeployerRegistration,
    ExternalPrincipal,
    NameBearers,
)
from entra_config.kinds.directory import Api, Json, Subject
from entra_config.manifest.sections import microsoft
from entra_config.phrase import SHOWN

MICROSOFT = "f8cdef31-a31e-4b4a-93e4-5f571e91255a"


def named(responses: Responses) -> Iterator[Json]:
    """Yield each application that was read with a name, whoever's it is."""
    for question in (DELETED_PRINCIPALS, DELETED_APPLICATIONS, OUR_APPLICATIONS):
        yield from responses[question]
    for type_ in (ByIds, NameBearers, DeployerRegistration, ExternalPrincipal):
        yield from (item for item in responses.every(type_) if _application(item))


def by_app_id(responses: Responses) -> dict[str, str]:
    """Return the names of all that were read, by appId."""
    return {str(item["appId"]): str(item["displayName"]) for item in named(responses) if item.get("appId")}


def _application(item: Json) -> bool:
    typed = str(item.get("@odata.type")).endswith(".servicePrincipal")
    return bool(item.get("displayName")) and (typed or bool(item.get("appId")))


def external_names(
    home: str, known: Mapping[str, Api], subjects: Mapping[str, Subject], responses: Responses
) -> dict[str, str]:
    """Return what reports call each; none of the manifest's own, and none that it names as an API."""
    ours = {str(api.app_id) for api in known.values()} | {
        str(subject.application["appId"]) for subject in subjects.values() if subject.application is not None
    }
    microsofts = {*microsoft.APIS.values(), *microsoft.CLIENTS.values()}
    found: dict[str, str] = {}
    for item in named(responses):
        app_id = str(item.get("appId") or item["id"])
        if app_id not in ours and app_id not in microsofts:
            place = whose(home, str(item.get("appOwnerOrganizationId") or ""))
            place += ", deleted" if item.get("deletedDateTime") else ""
            called = f'"{item["displayName"]}" ({app_id[:SHOWN]}…{place})'
            found |= {str(item["id"]): called, app_id: called}
    return found


def whose(home: str, organization: str) -> str:
    """Return whose an application of another tenant is, as words behind others; empty where of this one."""
    if organization in {"", home}:
        return ""
    return ", of Microsoft" if organization == MICROSOFT else f", of tenant {organization}"
