"""A tenant in; what clients read before they sign in out: discovery documents, keys, instances, realms."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from entra_emulator.login import exchange, parties, urls
from entra_emulator.login.errors import LoginError
from entra_emulator.login.service import SignIn

ALIASES = ("common", "organizations", "consumers")
_HEADERS = {
    "Cache-Control": "max-age=86400, private",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, OPTIONS",
    "X-Content-Type-Options": "nosniff",
}
_CLAIMS_V2 = (
    "sub iss cloud_instance_name cloud_instance_host_name cloud_graph_host_name msgraph_host aud exp iat "
    "auth_time acr "
    "nonce preferred_username name tid ver at_hash c_hash email"
)
_CLAIMS_V1 = (
    "sub iss cloud_instance_name cloud_instance_host_name cloud_graph_host_name msgraph_host aud exp iat "
    "auth_time acr "
    "amr nonce email given_name family_name nickname"
)
_MICROSOFT = (
    (
        "login.microsoftonline.com",
        "login.windows.net",
        "login.windows.net login.microsoft.com sts.windows.net",
    ),
    ("login.partner.microsoftonline.cn", "login.partner.microsoftonline.cn", "login.chinacloudapi.cn"),
    ("login.microsoftonline.de", "login.microsoftonline.de", ""),
    ("login.microsoftonline.us", "login.microsoftonline.us", "login.usgovcloudapi.net"),
    ("login-us.microsoftonline.com", "login-us.microsoftonline.com", ""),
)


async def v2(service: SignIn, request: Request) -> Response:
    """Answer the OpenID configuration of the v2.0 endpoint."""
    return _response(service, request, document_v2)


async def v1(service: SignIn, request: Request) -> Response:
    """Answer the OpenID configuration of the v1.0 endpoint, by which v1 tokens are validated."""
    return _response(service, request, document_v1)


def document_v2(origin: str, issuer_origin: str, tenant: str) -> dict[str, Any]:
    """Return the v2 document: its members and their order are those of a real one.

    There is no `code_challenge_methods_supported` and no `grant_types_supported` in it, although
    PKCE is enforced: a client that demands them fails on Entra.
    """
    base = f"{origin}/{tenant}"
    return {
        "token_endpoint": f"{base}/oauth2/v2.0/token",
        "token_endpoint_auth_methods_supported": [
            "client_secret_post",
            "private_key_jwt",
            "client_secret_basic",
        ],
        "jwks_uri": f"{base}/discovery/v2.0/keys",
        "response_modes_supported": ["query", "fragment", "form_post"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "issuer": f"{issuer_origin}/{_template(tenant)}/v2.0",
        "request_uri_parameter_supported": False,
        "userinfo_endpoint": f"{origin}/oidc/userinfo",
        "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
        "device_authorization_endpoint": f"{base}/oauth2/v2.0/devicecode",
        "http_logout_supported": True,
        "frontchannel_logout_supported": True,
        "end_session_endpoint": f"{base}/oauth2/v2.0/logout",
        "claims_supported": _CLAIMS_V2.split(),
        "kerberos_endpoint": f"{base}/kerberos",
        **_cloud(origin, tenant),
    }


def document_v1(origin: str, issuer_origin: str, tenant: str) -> dict[str, Any]:
    """Return the v1 document; its issuer ends in a slash and names no version."""
    base = f"{origin}/{tenant}"
    return {
        "token_endpoint": f"{base}/oauth2/token",
        "token_endpoint_auth_methods_supported": [
            "client_secret_post",
            "private_key_jwt",
            "client_secret_basic",
        ],
        "jwks_uri": f"{origin}/common/discovery/keys",
        "response_modes_supported": ["query", "fragment", "form_post"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "response_types_supported": ["code", "id_token", "code id_token", "token id_token", "token"],
        "scopes_supported": ["openid"],
        "issuer": f"{issuer_origin}/{_template(tenant)}/",
        "microsoft_multi_refresh_token": True,
        "authorization_endpoint": f"{base}/oauth2/authorize",
        "device_authorization_endpoint": f"{base}/oauth2/devicecode",
        "http_logout_supported": True,
        "frontchannel_logout_supported": True,
        "end_session_endpoint": f"{base}/oauth2/logout",
        "claims_supported": _CLAIMS_V1.split(),
        "check_session_iframe": f"{base}/oauth2/checksession",
        "userinfo_endpoint": f"{base}/openid/userinfo",
        "kerberos_endpoint": f"{base}/kerberos",
        **_cloud(origin, tenant),
    }


async def keys(service: SignIn, request: Request) -> Response:
    """Answer the key set; shared keys carry the issuer as a template."""
    try:
        parties.find_tenant(service.directory, request.path_params["tenant"], error="invalid_tenant")
    except LoginError as error:
        return exchange.refusal(service, request, error, {})
    return JSONResponse(service.keys.jwks(f"{service.origin}/{{tenantid}}/v2.0"), headers=_HEADERS)


async def instance(service: SignIn, request: Request) -> Response:
    """Answer which hosts are one cloud: Microsoft's, and the emulator as one of its own."""
    own = urlsplit(exchange.origin_of(request))
    clouds = [_metadata(*cloud) for cloud in _MICROSOFT]
    metadata = [_metadata(own.netloc, own.netloc, ""), *clouds]
    parts = urls.split(request.query_params.get("authorization_endpoint", ""))
    # MSAL for Python sends its authority without the port.
    is_known = parts.hostname == own.hostname or any(parts.netloc in cloud["aliases"] for cloud in clouds)
    if "api-version" not in request.query_params or not is_known:
        error = LoginError(50049) if not is_known else LoginError(90014, field="api-version")
        return exchange.refusal(service, request, error, {})
    tenant = parts.path.strip("/").split("/")[0] or "common"
    body = {
        "tenant_discovery_endpoint": (
            f"{exchange.origin_of(request)}/{tenant}/v2.0/.well-known/openid-configuration"
        ),
        "api-version": request.query_params["api-version"],
        "metadata": metadata,
    }
    return JSONResponse(body, headers=_HEADERS)


async def user_realm(service: SignIn, request: Request) -> Response:
    """Answer how a domain signs in; decided by the domain, not by whether the user exists."""
    domain = request.path_params["user"].rpartition("@")[2].lower()
    known = service.directory.find(domain) is not None
    body = {
        "ver": "1.0",
        "account_type": "Managed" if known else "Unknown",
        "domain_name": domain,
        "cloud_instance_name": "microsoftonline.com",
        "cloud_audience_urn": "urn:federation:MicrosoftOnline",
    }
    return JSONResponse(body, headers=_HEADERS)


def _response(service: SignIn, request: Request, document: Any) -> Response:
    segment = request.path_params["tenant"]
    try:
        tenant = parties.find_tenant(service.directory, segment, error="invalid_tenant")
    except LoginError as error:
        return exchange.refusal(service, request, error, {})
    # A domain name is accepted, the answer always holds the id; aliases stay as they are.
    name = segment.lower() if segment.lower() in ALIASES else tenant.tenant_id
    body: Mapping[str, Any] = document(exchange.origin_of(request), service.origin, name)
    return JSONResponse(dict(body), headers=_HEADERS)


def _template(tenant: str) -> str:
    # The braces are literal: the client puts the token's tid there.
    return "{tenantid}" if tenant in ALIASES else tenant


def _cloud(origin: str, tenant: str) -> dict[str, Any]:
    return {
        "tenant_region_scope": None if tenant in ALIASES else "EU",
        "cloud_instance_name": "microsoftonline.com",
        "cloud_graph_host_name": "graph.windows.net",
        "msgraph_host": urlsplit(origin).netloc,
        "rbac_url": "https://pas.windows.net",
    }


def _metadata(network: str, cache: str, others: str) -> dict[str, Any]:
    aliases = [network, *others.split()]
    return {"preferred_network": network, "preferred_cache": cache, "aliases": aliases}
