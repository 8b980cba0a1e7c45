"""A Graph token with `openid` in, the few claims of OpenID's userinfo out."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from entra_emulator.callers import TokenRejectedError
from entra_emulator.login import exchange
from entra_emulator.login.claims import pairwise
from entra_emulator.login.service import SignIn


async def endpoint(service: SignIn, request: Request) -> Response:
    """Answer who the token's user is; `sub` is that of the client's id_token, not of the bearer token."""
    if request.method == "OPTIONS":
        return Response(headers=_cors(request))
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    try:
        claims = service.verify_for_graph(token if scheme.lower() == "bearer" else "")
    except TokenRejectedError as error:
        return _refused(request, str(error))
    tenant = service.directory.tenants.get(str(claims["tid"]))
    user = tenant.users.get(str(claims["oid"])) if tenant else None
    if tenant is None or user is None or "openid" not in str(claims.get("scp", "")).split():
        return _refused(request, "Access token validation failure. The token has no openid scope or no user.")
    body = {
        "sub": pairwise(tenant, str(user["id"]), str(claims["appid"])),
        "name": user.get("displayName"),
        "family_name": user.get("surname"),
        "given_name": user.get("givenName"),
        "picture": f"{exchange.origin_of(request)}/v1.0/me/photo/$value",
        "email": user.get("mail"),
    }
    known = {name: value for name, value in body.items() if value is not None}
    return JSONResponse(known, headers={"Cache-Control": "no-store", **_cors(request)})


def _cors(request: Request) -> dict[str, str]:
    # A page sends an Authorization header, for which its browser asks leave first.
    origin = request.headers.get("origin")
    return (
        {**exchange.cors_headers(origin), "Access-Control-Allow-Headers": "authorization"} if origin else {}
    )


def _refused(request: Request, message: str) -> Response:
    body = {"error": {"code": "InvalidAuthenticationToken", "message": message}}
    return JSONResponse(body, 401, headers={"WWW-Authenticate": "Bearer", **_cors(request)})
