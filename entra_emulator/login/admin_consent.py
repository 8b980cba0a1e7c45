"""GET /{tenant}/adminconsent and its v2.0 form in; tenant-wide grants and roles, written by an
administrator, out.
"""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from entra_emulator.login import consent, consent_log, exchange, pages, parties, redirects
from entra_emulator.login.errors import LoginError
from entra_emulator.login.flow import find_redirect
from entra_emulator.login.issue import with_service_principal
from entra_emulator.login.noting import note
from entra_emulator.login.parties import Party
from entra_emulator.login.scopes import parse
from entra_emulator.login.service import SignIn
from entra_emulator.tenant import Tenant

Form = dict[str, str]

EVERYBODY: Mapping[str, str] = {"id": ""}


async def endpoint(service: SignIn, request: Request) -> Response:
    """Ask an administrator to consent for everybody, and send the answer back."""
    form = await request.form() if request.method == "POST" else {}
    parameters = {name: str(value) for name, value in {**request.query_params, **form}.items()}
    note(client_id=parameters.get("client_id", ""), scope=parameters.get("scope", ""))
    try:
        tenant = parties.find_tenant(service.directory, request.path_params["tenant"])
        client = parties.find_client(service.directory, tenant, parameters.get("client_id", ""))
        uri, _ = find_redirect(client, parameters.get("redirect_uri", ""))
    except LoginError as error:
        return pages.error_page(service, request, error)
    back = {"state": parameters["state"]} if "state" in parameters else {}
    if parameters.get("decision") == "cancel":
        cancelled = {"error": "permission_denied", "error_description": "The admin canceled the request."}
        return redirects.response(uri, "query", cancelled | back)
    try:
        return _decide(service, request, tenant, client, parameters=parameters, uri=uri, back=back)
    except LoginError as error:
        return pages.error_page(service, request, error)


def _decide(
    service: SignIn,
    request: Request,
    tenant: Tenant,
    client: Party,
    *,
    parameters: dict[str, str],
    uri: str,
    back: dict[str, str],
) -> Response:
    requested = parameters.get("scope", "")
    client = with_service_principal(tenant, client)
    scopes = parse(requested or f"{client.app_id}/.default")
    needs = consent.needed(service.directory, tenant, client, scopes, EVERYBODY, again=True)
    user = tenant.user_by_name(parameters.get("user", ""))
    if user is None or parameters.get("decision") != "accept" or exchange.is_from_another_page(request):
        administrators = [user for user in tenant.users if consent.is_administrator(tenant, user)]
        return pages.page(
            "admin_consent.html",
            client=client,
            needs=needs,
            users=administrators,
            parameters=parameters,
            tenant=tenant,
        )
    note(person_id=user["id"])
    if not consent.is_administrator(tenant, user):
        raise LoginError(90094)
    consent_log.consented(service, tenant, client, needs, user, everyone=True, roles=not requested)
    response = {"tenant": tenant.tenant_id, "admin_consent": "True"} | (
        {"scope": requested} if requested else {}
    )
    return redirects.response(uri, "query", response | back)
