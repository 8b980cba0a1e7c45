"""GET or POST /{tenant}/oauth2/v2.0/authorize in; a page to sign in or consent, or the way back, out."""

import dataclasses
from collections.abc import Mapping

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from entra_emulator.login import consent, consent_log, issue, pages, parties, redirects, session
from entra_emulator.login.consent import Need
from entra_emulator.login.errors import LoginError, RedirectError
from entra_emulator.login.exchange import once
from entra_emulator.login.flow import Flow, begin
from entra_emulator.login.noting import note, note_refusal
from entra_emulator.login.parties import Party, Row, SignedIn
from entra_emulator.login.scopes import of_resource
from entra_emulator.login.service import SignIn
from entra_emulator.login.session import Account
from entra_emulator.tenant import Tenant

LISTED_USERS = 50


async def endpoint(service: SignIn, request: Request) -> Response:
    """Begin a sign-in."""
    try:
        return _begin(service, request, await _parameters(request))
    except LoginError as error:
        return refused(service, request, error)


async def endpoint_v1(service: SignIn, request: Request) -> Response:
    """Begin a sign-in at the v1 endpoint: a `resource` in place of scopes, of which only `openid` means
    anything there.
    """
    try:
        parameters = await _parameters(request)
    except LoginError as error:
        return refused(service, request, error)
    scope = of_resource(parameters.pop("resource", ""))
    return _begin(service, request, {**parameters, "scope": scope})


async def _parameters(request: Request) -> dict[str, str]:
    form = await request.form() if request.method == "POST" else FormData()
    once(request.query_params, form)
    return {name: str(value) for name, value in {**request.query_params, **form}.items()}


def _begin(service: SignIn, request: Request, parameters: dict[str, str]) -> Response:
    flow = None
    try:
        flow = begin(service, request.path_params["tenant"], parameters)
        return _choose(service, request, flow)
    except (LoginError, RedirectError) as error:
        return refused(service, request, error, parameters, flow)


async def sign_in(service: SignIn, request: Request) -> Response:
    """Take the user that was chosen on the sign-in page."""
    form = {name: str(value) for name, value in (await request.form()).items()}
    try:
        flow = Flow.opened(service, form.get("flow", ""))
        tenant = service.directory.tenants[flow.tenant_id]
        name = (form.get("user") or form.get("username", "")).strip()
        user: Row | None = tenant.user_by_name(name)
        if user is None:
            flow, tenant, user = from_elsewhere(service, flow, tenant, name)
        if user is None or user.get("accountEnabled") is False:
            problem = LoginError(50034, tenant=tenant.display_name) if user is None else LoginError(50057)
            note(person_id=user["id"] if user else "")
            note_refusal(problem)
            return _sign_in_page(
                service,
                request,
                flow,
                problem=problem.text.replace("{EmailHidden}", form.get("username", "")),
            )
        known = session.read(service, request)
        # A second sign-in in the same browser is the same session.
        session_id = known.accounts[0].session_id if known.accounts else service.guid()
        now = int(service.now().timestamp())
        known = known.with_account(Account(tenant.tenant_id, user["id"], session_id, now))
        response = _continue(service, request, flow, SignedIn(user, session_id, now))
        session.write(service, response, known.with_app(flow.client_id))
        return response
    except (LoginError, RedirectError) as error:
        return refused(service, request, error, form)


async def decide(service: SignIn, request: Request) -> Response:
    """Take the answer of the consent page."""
    form = {name: str(value) for name, value in (await request.form()).items()}
    try:
        flow = Flow.opened(service, form.get("flow", ""))
        tenant, client = _parties(service, flow)
        who = next(
            (
                one
                for one in session.read(service, request).in_tenant(tenant)
                if one.user["id"] == form.get("user")
            ),
            None,
        )
        if who is None:
            raise flow.failed(LoginError(50058))
        note(person_id=who.user["id"])
        if form.get("decision") != "accept":
            raise flow.failed(LoginError(65004))
        needs = consent.needed(
            service.directory, tenant, client, flow.scopes, who.user, again=flow.prompt == "consent"
        )
        if not consent.may_consent(tenant, client, needs, who.user):
            raise flow.failed(LoginError(90094))
        everyone = form.get("everyone") == "yes" and consent.is_administrator(tenant, who.user)
        client = issue.with_service_principal(tenant, client)
        consent_log.consented(service, tenant, client, needs, who.user, everyone=everyone)
        return issue.response(service, request, flow, who)
    except (LoginError, RedirectError) as error:
        return refused(service, request, error)


def from_elsewhere(service: SignIn, flow: Flow, tenant: Tenant, name: str) -> tuple[Flow, Tenant, Row | None]:
    """Find a user of another tenant: welcome to a multi-tenant application on `common`, 50020 anywhere
    else.
    """
    for home in service.directory.tenants.values():
        user = home.user_by_name(name)
        if user is None:
            continue
        anywhere = parties.is_alias(flow.segment)
        client = parties.find_client(service.directory, tenant, flow.client_id, anywhere=anywhere)
        if anywhere and client.application.get("signInAudience") in parties.MULTI_TENANT:
            return dataclasses.replace(flow, tenant_id=home.tenant_id), home, user
        raise parties.external(service.origin, home, user, tenant, client)
    return flow, tenant, None


def refused(
    service: SignIn,
    request: Request,
    error: LoginError | RedirectError,
    given: Mapping[str, str] | None = None,
    flow: Flow | None = None,
) -> Response:
    """Show a refusal, or send it back to the client; `given` are the parameters of the request, and `flow`
    what they began.
    """
    if isinstance(error, LoginError):
        return pages.error_page(service, request, error, given, flow=flow)
    trace = service.trace(request.query_params.get("client-request-id"))
    note_refusal(error.refusal, trace)
    return redirects.response(
        error.redirect_uri, error.response_mode, error.parameters(trace, service.origin)
    )


def _choose(service: SignIn, request: Request, flow: Flow) -> Response:
    tenant = service.directory.tenants[flow.tenant_id]
    signed_in = session.read(service, request).in_tenant(tenant)
    found = _hinted(signed_in, flow)
    if flow.prompt == "none":
        return _silently(service, request, flow, _one_session(service, flow, signed_in, found))
    if found is None or flow.prompt in ("login", "select_account") or _is_too_old(service, flow, found):
        return _sign_in_page(service, request, flow)
    response = _continue(service, request, flow, found)
    session.write(service, response, session.read(service, request).with_app(flow.client_id))
    return response


def _hinted(signed_in: list[SignedIn], flow: Flow) -> SignedIn | None:
    matching = signed_in
    if flow.login_hint or flow.session_id:
        hints = {flow.login_hint.casefold(), flow.session_id} - {""}
        matching = [
            who
            for who in signed_in
            if {str(who.user.get("userPrincipalName", "")).casefold(), who.session_id} & hints
        ]
        if flow.login_hint and matching:
            return matching[0]
    return matching[0] if len(matching) == 1 else None


def _one_session(service: SignIn, flow: Flow, signed_in: list[SignedIn], found: SignedIn | None) -> SignedIn:
    """Return the one session that a silent request means, or send back why there is none."""
    if found is not None and not _is_too_old(service, flow, found):
        return found
    if not signed_in or flow.login_hint or found is not None:
        raise flow.failed(LoginError(50058))
    if flow.session_id and flow.session_id not in {who.session_id for who in signed_in}:
        raise flow.failed(LoginError(160021))
    raise flow.failed(LoginError(16000))


def _is_too_old(service: SignIn, flow: Flow, who: SignedIn) -> bool:
    return flow.is_too_old(who.auth_time, service.now().timestamp())


def _silently(service: SignIn, request: Request, flow: Flow, who: SignedIn) -> Response:
    try:
        check_silently(service, flow, who.user)
    except LoginError as error:
        raise flow.failed(error) from error
    return issue.response(service, request, flow, who)


def check_silently(service: SignIn, flow: Flow, user: Row) -> None:
    """Refuse a sign-in that cannot end without a question: the user is not assigned, or consent lacks."""
    note(person_id=user["id"])
    tenant, client = _parties(service, flow)
    _check_assignments(service, tenant, client, flow, user)
    if consent.needed(service.directory, tenant, client, flow.scopes, user):
        raise LoginError(65001, error="interaction_required", app_id=client.app_id, name=client.name)


def _continue(service: SignIn, request: Request, flow: Flow, who: SignedIn) -> Response:
    note(person_id=who.user["id"])
    tenant, client = _parties(service, flow)
    _check_assignments(service, tenant, client, flow, who.user)
    needs = consent.needed(
        service.directory, tenant, client, flow.scopes, who.user, again=flow.prompt == "consent"
    )
    if not needs:
        return issue.response(service, request, flow, who)
    if not consent.may_consent(tenant, client, needs, who.user):
        return approval_page(service, request, client, needs, who.user, flow=flow)
    return pages.page(
        "consent.html",
        client=client,
        needs=needs,
        user=who.user,
        flow=flow.sealed(service),
        administrator=consent.is_administrator(tenant, who.user),
        action=f"/{flow.segment}/consent",
    )


def approval_page(
    service: SignIn, request: Request, client: Party, needs: list[Need], user: Row, *, flow: Flow | None
) -> Response:
    """Tell a person what only an administrator can consent to."""
    given, error = {"client_id": client.app_id, "user": user["id"]}, LoginError(90094)
    return pages.error_page(
        service, request, error, given,
        flow=flow, template="approval.html", client=client, needs=needs, user=user,
    )  # fmt: skip


def _check_assignments(service: SignIn, tenant: Tenant, client: Party, flow: Flow, user: Row) -> None:
    parties.check_assignment(tenant, user, client)
    for scope_request in flow.scopes.by_resource:
        parties.check_assignment(
            tenant, user, parties.find_resource(service.directory, tenant, scope_request.resource)
        )


def _sign_in_page(service: SignIn, request: Request, flow: Flow, problem: str = "") -> Response:
    tenant, client = _parties(service, flow, anywhere=parties.is_alias(flow.segment))
    known = {who.user["id"] for who in session.read(service, request).in_tenant(tenant)}
    hint = flow.login_hint.casefold()
    domain = flow.domain_hint.casefold()
    users = [user for user in tenant.users if user.get("accountEnabled") is not False]
    users.sort(key=lambda user: _rank(user, known, hint, domain))
    requested = _api(service, tenant, client, flow)
    return pages.page(
        "sign_in.html",
        client=client,
        tenant=tenant,
        api=requested,
        scopes=flow.scope,
        people=[_with_roles(service, flow, user, requested) for user in users[:LISTED_USERS]],
        more=max(0, len(users) - LISTED_USERS),
        known=known,
        hint=flow.login_hint,
        problem=problem,
        flow=flow.sealed(service),
        action=f"/{flow.segment}/login",
    )


def _api(service: SignIn, tenant: Tenant, client: Party, flow: Flow) -> Party:
    """Return the API whose roles the page shows: the first that is asked for but Graph, else the client."""
    for scope_request in flow.scopes.by_resource:
        try:
            found = parties.find_resource(service.directory, tenant, scope_request.resource)
        except LoginError:
            continue
        if not found.is_graph:
            return found
    return client


def _with_roles(service: SignIn, flow: Flow, user: Row, api: Party) -> tuple[Row, list[str], bool]:
    """Return a person with the roles that the token will have, and whether the sign-in will be refused."""
    tenant, client = _parties(service, flow, anywhere=parties.is_alias(flow.segment))
    roles = parties.role_values(tenant, parties.principals_of(tenant, user), api)
    try:
        _check_assignments(service, tenant, client, flow, user)
    except LoginError as error:
        return user, roles, error.code == 50105
    return user, roles, False


def _rank(user: Row, known: set[str], hint: str, domain: str) -> tuple[bool, bool, bool, str]:
    name = str(user.get("userPrincipalName", "")).casefold()
    return name != hint, user["id"] not in known, not name.endswith(f"@{domain}"), name


def _parties(service: SignIn, flow: Flow, *, anywhere: bool = False) -> tuple[Tenant, Party]:
    tenant = service.directory.tenants[flow.tenant_id]
    return tenant, parties.find_client(service.directory, tenant, flow.client_id, anywhere=anywhere)
