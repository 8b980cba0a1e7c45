"""Live subjects and answers in; the questions that give names to what would be shown by a bare id, out."""

from __future__ import annotations

from collections.abc import Mapping

from entra_config.actual.fetch import Questions, Responses
from entra_config.actual.question import (
    OUR_APPLICATIONS,
    ApiOfOthers,
    ByIds,
    ExternalPrincipal,
    NameBearers,
)
from entra_config.graph.odata import by_key
from entra_config.graph.request import Request
from entra_config.kinds.details import CONSENTS, CONSENTS_TO_IT, HOLDERS, HOLDINGS
from entra_config.kinds.directory import Subject
from entra_config.kinds.microsoft_graph import APP_ID as MICROSOFT_GRAPH
from entra_config.manifest.model import Manifest
from entra_config.manifest.sections import microsoft


def questions(manifest: Manifest, subjects: Mapping[str, Subject], responses: Responses) -> Questions:
    """Return what gives names to applications that ours use or are used by and that the manifest does not
    know.
    """
    known = {app["appId"] for app in responses[OUR_APPLICATIONS]}
    known |= {
        subject.service_principal["appId"] for subject in subjects.values() if subject.service_principal
    }
    known |= {
        str(item["appId"])
        for item in (*responses.every(ByIds), *responses.every(NameBearers))
        if "appId" in item
    }
    requesting, authorized = _applications(manifest, subjects)
    principals = {
        subject.service_principal["id"] for subject in subjects.values() if subject.service_principal
    }
    known_ids = principals | {item["id"] for item in responses.every(ApiOfOthers)}
    consented = {grant.resource for grant in responses.details(CONSENTS) if grant.everybody} - known_ids
    clients = {grant.client for grant in responses.details(CONSENTS_TO_IT)}
    clients |= {row.principal for row in responses.details(HOLDERS) if row.by_service_principal}
    clients -= known_ids | consented
    select = "?$select=id,appId,displayName,appOwnerOrganizationId"
    questions: Questions = {
        ExternalPrincipal(id_): Request("GET", f"/servicePrincipals/{id_}{select}")
        for id_ in sorted(consented)
    }
    for start in range(0, len(clients), 1000):  # 1,000 ids at most in one request
        ids = sorted(clients)[start : start + 1000]
        # The question has all ids in it: with one more, it is another question.
        questions[ExternalPrincipal(" ".join(ids))] = Request(
            "POST", "/directoryObjects/getByIds", {"ids": ids, "types": ["servicePrincipal"]}
        )
    held = {(row.resource, row.resource_name) for row in responses.details(HOLDINGS)}
    for id_, name in sorted(each for each in held if each[0] not in known_ids):
        # Named by its permissions too, unless it calls itself what has 280 KB of them and is known here.
        more = "" if name == "Microsoft Graph" else ",appRoles,oauth2PermissionScopes"
        questions[ExternalPrincipal(id_)] = Request("GET", f"/servicePrincipals/{id_}{select}{more}")
    for app_id in sorted((requesting | authorized) - known):
        # Of an API that is no longer asked for, its permissions have names too; those of Microsoft Graph are
        # known here.
        more = (
            ",appRoles,oauth2PermissionScopes" if app_id in requesting and app_id != MICROSOFT_GRAPH else ""
        )
        questions[ExternalPrincipal(app_id)] = Request(
            "GET", f"{by_key('servicePrincipals', 'appId', app_id)}{select}{more}"
        )
    return questions


def _applications(manifest: Manifest, subjects: Mapping[str, Subject]) -> tuple[set[str], set[str]]:
    """Return the appIds of the APIs that ours ask for, and of the clients that are not declared to be
    authorized at ours.
    """
    named = {*microsoft.APIS.values(), *microsoft.CLIENTS.values()}
    requesting: set[str] = set()
    authorized: set[str] = set()
    for key, subject in subjects.items():
        declared = manifest.applications.get(key)
        if subject.application is None or declared is None:
            continue
        requesting |= {
            entry["resourceAppId"] for entry in subject.application.get("requiredResourceAccess") or []
        }
        clients = {
            entry["appId"] for entry in subject.application["api"].get("preAuthorizedApplications") or []
        }
        # Who made it is told where nothing proves that it is ours.
        makers = {str(subject.application.get("createdByAppId") or "")} - {""}
        authorized |= (clients | makers) - set(declared.external_authorized_clients) - named
    return requesting, authorized
