"""A refusal in, its answer out: problem+json (RFC 9457), with what the page needs to sign in again."""

from typing import Any

from fastapi.responses import JSONResponse

from options.bff.entra import SignInProblem

TITLES = {
    401: "Sign in",
    403: "Refused",
    404: "Not found",
    413: "Too large",
    502: "The API does not answer",
    503: "Not ready",
}


def problem(status: int, detail: str, sign_in: SignInProblem | None = None) -> JSONResponse:
    """Return the answer; `sign_in` is what Entra said."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": TITLES[status],
        "status": status,
        "detail": detail,
    }
    if sign_in is not None:
        body["signIn"] = sign_in.json()
    return JSONResponse(body, status, media_type="application/problem+json")


def signed_out() -> JSONResponse:
    """Return the answer to who has no session."""
    return problem(401, "There is no session.", SignInProblem("login_required"))
