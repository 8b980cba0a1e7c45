"""The parameters of /authorize in; a checked request out, or a refusal as page or redirect."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

from entra_emulator.login import (
    claims_request,
    consent,
    login_hints,
    parties,
    resource_indicator,
    urls,
)
from entra_emulator.login.claims_request import read_max_age
from entra_emulator.login.errors import LoginError, RedirectError
from entra_emulator.login.noting import note
from entra_emulator.login.parties import Party
from entra_emulator.login.scopes import Scopes, parse
from entra_emulator.login.service import SignIn
from entra_emulator.tenant import Tenant

PROMPTS = ("", "login", "none", "consent", "select_account")
RESPONSE_TYPES = (
    {"code"},
    {"id_token"},
    {"code", "id_token"},
    {"id_token", "token"},
    {"token"},
    {"code", "token"},
)
MODES = ("query", "fragment", "form_post")
# The characters of a hash without padding, and the most of a verifier that is its own challenge (RFC 7636).
_HASHED, _LONGEST_VERIFIER = 43, 128


@dataclass(frozen=True)
class Flow:
    """One request to sign in; sealed into the pages between its start and its end."""

    tenant_id: str
    segment: str
    client_id: str
    redirect_uri: str
    platform: str
    response_types: tuple[str, ...]
    response_mode: str
    scope: str
    state: str | None
    nonce: str | None
    prompt: str
    login_hint: str
    domain_hint: str
    challenge: str
    method: str
    client_info: bool
    session_id: str
    claims: str
    max_age: int | None = None

    @property
    def scopes(self) -> Scopes:
        """Return what is asked for."""
        return parse(self.scope)

    def is_too_old(self, auth_time: int, now: float) -> bool:
        """Tell whether a sign-in of that time has to be done again: with `max_age=0` always."""
        return self.max_age is not None and now - auth_time >= self.max_age

    def failed(self, error: LoginError) -> RedirectError:
        """Send a refusal back to the client."""
        return RedirectError(error, self.redirect_uri, self.response_mode, self.state)

    def sealed(self, service: SignIn) -> str:
        """Return the flow as opaque text for a page's form."""
        return service.seal.close("flow", dataclasses.asdict(self))

    @classmethod
    def opened(cls, service: SignIn, text: str) -> "Flow":
        """Read a flow that `sealed` wrote; LoginError 90023 for any other text."""
        data = service.seal.open("flow", text)
        if data is None:
            raise LoginError(90023, problem="The sign-in page was not made by this emulator, or is too old.")
        flow = cls(**{**data, "response_types": tuple(data["response_types"])})
        note(client_id=flow.client_id, scope=flow.scope)
        return flow


def begin(service: SignIn, segment: str, parameters: Mapping[str, str]) -> Flow:
    """Check tenant, client and redirect URI, whose faults stay on a page; then the rest, which goes back."""
    note(client_id=parameters.get("client_id", ""), scope=parameters.get("scope", ""))
    tenant = parties.find_tenant(service.directory, segment)
    named, anywhere = parameters.get("client_id", ""), parties.is_alias(segment)
    client = parties.find_client(service.directory, tenant, named, anywhere=anywhere)
    check_audience(client, segment)
    uri, platform = find_redirect(client, parameters.get("redirect_uri", ""))
    if parameters.get("prompt", "") not in PROMPTS:
        # One value, and only these: two of them are as unknown as any other text, and it is the
        # sign-in page that says so (screenpipe#4257, azure-activedirectory-library-for-js#678).
        raise LoginError(90023, problem="Unsupported 'prompt' value.")
    types = tuple(parameters.get("response_type", "").split())
    flow = Flow(
        tenant_id=tenant.tenant_id,
        segment=segment,
        client_id=client.app_id,
        redirect_uri=uri,
        platform=platform,
        response_types=types,
        response_mode=_mode(parameters.get("response_mode"), types),
        scope=parameters.get("scope", ""),
        state=parameters.get("state"),
        nonce=parameters.get("nonce"),
        prompt=parameters.get("prompt", ""),
        login_hint=login_hints.read(service.directory, parameters.get("login_hint", "")),
        domain_hint=parameters.get("domain_hint", ""),
        challenge=parameters.get("code_challenge", ""),
        method=parameters.get("code_challenge_method", "plain"),
        client_info=parameters.get("client_info") == "1",
        session_id=parameters.get("sid", ""),
        claims=parameters.get("claims", ""),
    )
    try:
        flow = dataclasses.replace(flow, max_age=read_max_age(parameters.get("max_age")))
        _check(flow, client, parameters.get("response_mode"))
        _check_scopes(service, tenant, client, flow.scopes, parameters.get(resource_indicator.NAME, ""))
    except LoginError as error:
        raise flow.failed(error) from error
    return flow


def check_audience(client: Party, segment: str) -> None:
    """Refuse a single-tenant application on an endpoint that is nobody's in particular."""
    audience = client.application.get("signInAudience")
    if parties.is_alias(segment) and audience == "AzureADMyOrg":
        raise LoginError(50194, app_id=client.app_id, name=client.name)


def find_redirect(client: Party, requested: str) -> tuple[str, str]:
    """Return a registered redirect URI and its platform; the port of a loopback one may differ."""
    registered = [(uri, platform) for platform, uris in client.redirect_uris().items() for uri in uris]
    if not registered:
        raise LoginError(500113)
    if not requested:
        return registered[0]
    for uri, platform in registered:
        if uri == requested:
            return requested, platform
    for uri, platform in registered:
        if _loopback_key(uri) is not None and _loopback_key(uri) == _loopback_key(requested):
            return requested, platform
    raise LoginError(50011, uri=requested, app_id=client.app_id)


def _loopback_key(uri: str) -> tuple[str, str, str, str] | None:
    parts = urls.split(uri)
    if parts.hostname not in urls.LOOPBACK:
        return None
    # A URI without path is the same as one with a single slash.
    return parts.scheme, parts.hostname or "", parts.path or "/", parts.query


def _mode(requested: str | None, types: tuple[str, ...]) -> str:
    implicit = bool({"id_token", "token"} & set(types))
    if requested not in MODES or (requested == "query" and implicit):
        return "fragment" if implicit else "query"
    return requested


def _check(flow: Flow, client: Party, requested_mode: str | None) -> None:
    if not flow.response_types:
        raise LoginError(900144, parameter="response_type")
    if set(flow.response_types) not in RESPONSE_TYPES:
        raise LoginError(70005, response_type=" ".join(flow.response_types))
    switches = (client.application.get("web") or {}).get("implicitGrantSettings") or {}
    if "id_token" in flow.response_types and not switches.get("enableIdTokenIssuance"):
        raise LoginError(700054)
    if "token" in flow.response_types and not switches.get("enableAccessTokenIssuance"):
        raise LoginError(700051)
    if requested_mode is not None and requested_mode != flow.response_mode:
        raise LoginError(70007, response_mode=requested_mode)
    if flow.prompt == "select_account" and flow.login_hint:
        raise LoginError(
            90023, problem="'login_hint' must not be presented with the 'select_account' prompt."
        )
    if "id_token" in flow.response_types and not flow.nonce:
        raise LoginError(900144, parameter="nonce")
    if flow.method not in ("plain", "S256"):
        raise LoginError(90023, problem=f"Unsupported 'code_challenge_method' value '{flow.method}'.")
    longest = _HASHED if flow.method == "S256" else _LONGEST_VERIFIER
    if flow.challenge and not _HASHED <= len(flow.challenge) <= longest:
        raise LoginError(501491)
    claims_request.read(flow.claims)


def _check_scopes(service: SignIn, tenant: Tenant, client: Party, scopes: Scopes, indicated: str) -> None:
    if not scopes.oidc and not scopes.by_resource:
        raise LoginError(900144, parameter="scope")
    if scopes.mixes_default:
        text = ".default scope can't be combined with resource-specific scopes"
        raise LoginError(70011, scope=f"{scopes.text}. {text}")
    resource_indicator.check(service.directory, tenant, indicated, scopes)
    for scope_request in scopes.by_resource:
        resource = parties.find_resource(service.directory, tenant, scope_request.resource)
        consent.check_exists(client, resource, scope_request)
