"""A request in, who calls out: one reader for each way of knowing, each of its own headers and no other.

A process has one reader, made at its start from its settings: headers that another way of knowing would
trust are to it what any stranger's are.
"""

from dataclasses import dataclass
from typing import Protocol

from fastapi import Request

from api.auth.failures import BadRequestError, NoTokenError
from api.auth.tokens import TokenVerifier
from api.auth.user import CurrentUser


class Reader(Protocol):
    """One way of knowing who calls."""

    async def user(self, request: Request) -> CurrentUser:
        """Return who calls; raise what `api.auth.failures` has for a request that does not prove it."""

    async def prove(self, request: Request, user: CurrentUser) -> None:
        """Verify the token of the request itself, for a route that takes nobody's word for it."""


@dataclass(frozen=True)
class BearerReader:
    """The access token of the `Authorization` header says who calls."""

    verifier: TokenVerifier

    async def user(self, request: Request) -> CurrentUser:
        """Return the user of the request's token."""
        return await self.verifier.verify(bearer(request))

    async def prove(self, request: Request, user: CurrentUser) -> None:
        """Do nothing: the user is what the token said."""


def bearer(request: Request) -> str:
    """Return the one bearer token of the request (RFC 6750, section 2.1)."""
    values = request.headers.getlist("authorization")
    if not values:
        raise NoTokenError
    if len(values) > 1:
        raise BadRequestError("The request has more than one Authorization header.")
    scheme, _, token = values[0].partition(" ")
    if scheme.lower() != "bearer":
        raise NoTokenError
    if not token or " " in token.strip(" "):
        raise BadRequestError("The Authorization header is not 'Bearer' and one token.")
    return token.strip(" ")
