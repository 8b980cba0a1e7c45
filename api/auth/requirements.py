"""A request in, its `CurrentUser` out, if the token permits what the route requires."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import Depends, Request

from api.auth.failures import ForbiddenError
from api.auth.readers import Reader
from api.auth.user import CurrentUser
from api.generated.authorization import GUARDS, Operation, Role, Scope

Match = Literal["all", "any"]


async def authenticate(request: Request) -> CurrentUser:
    """Return who calls, by the way of knowing that this process has; asked once per request."""
    # `request.user` is Starlette's name for this entry.
    known: CurrentUser | None = request.scope.get("user")
    if known is not None:
        return known
    reader: Reader = request.app.state.reader
    user = await reader.user(request)
    request.scope["user"] = user
    return user


async def prove(request: Request, user: CurrentUser) -> None:
    """Verify the token of who calls, where somebody else's word was taken for it."""
    reader: Reader = request.app.state.reader
    await reader.prove(request, user)


Authenticated = Annotated[CurrentUser, Depends(authenticate)]


@dataclass(frozen=True)
class Requirement:
    """What a token must hold; a dependency of a route or router, joined with `&`."""

    scopes: tuple[Scope, ...] = ()
    match_scopes: Match = "all"
    or_app_roles: tuple[Role, ...] = ()
    roles: tuple[Role, ...] = ()
    match_roles: Match = "any"
    also: "Requirement | None" = None
    #: The token itself is verified here, whoever else vouches for it (`api.auth.route`).
    proof: bool = False

    async def __call__(self, user: Authenticated) -> CurrentUser:
        """Return the user who meets the requirement."""
        self.admit(user)
        return user

    def admit(self, user: CurrentUser) -> None:
        """Refuse a user who does not meet all of it."""
        for part in self.parts():
            part.check(user)

    def __and__(self, other: "Requirement") -> "Requirement":
        """Require both."""
        also = other if self.also is None else self.also & other
        return Requirement(
            self.scopes, self.match_scopes, self.or_app_roles, self.roles, self.match_roles, also, self.proof
        )

    def parts(self) -> Iterator["Requirement"]:
        """List this requirement and those joined to it."""
        yield self
        if self.also is not None:
            yield from self.also.parts()

    def check(self, user: CurrentUser) -> None:
        """Refuse a user who does not meet this part."""
        _refuse_powerless(user)
        if self.scopes:
            self._check_scopes(user)
        if self.roles and not _holds(self.match_roles, self.roles, user.roles):
            raise ForbiddenError(
                f"This needs {_words(self.match_roles, 'app role', self.roles)}. "
                "Roles are assigned by the application's administrator; a new one is in the next token.",
                client=user.client_id,
            )

    def _check_scopes(self, user: CurrentUser) -> None:
        if user.kind == "application":
            # Scopes limit what a client may do for a person. An app-only token
            # has none: application permissions (roles) stand in their place.
            if _holds("any", self.or_app_roles, user.roles):
                return
            roles = _words("any", "app role", self.or_app_roles) if self.or_app_roles else None
            raise ForbiddenError(
                f"An application needs {roles} for this."
                if roles
                else "This is for people; a token of an application (client credentials) cannot do it.",
                client=user.client_id,
            )
        if not _holds(self.match_scopes, self.scopes, user.scopes):
            raise ForbiddenError(
                f"This needs {_words(self.match_scopes, 'scope', self.scopes)}.",
                client=user.client_id,
                scopes=self.scopes,
            )


def require(operation: Operation) -> Requirement:
    """Require what the table of operations says, from which the page knows what to offer too."""
    guard = GUARDS[operation]
    return Requirement(
        scopes=guard.scopes,
        match_scopes="any" if guard.any_scope else "all",
        or_app_roles=guard.application_roles,
        roles=guard.roles,
    )


def require_scopes(*scopes: Scope, match: Match = "all", or_app_roles: tuple[Role, ...] = ()) -> Requirement:
    """Require scopes of a person's token, or one of the roles of an app-only token."""
    return Requirement(scopes=scopes, match_scopes=match, or_app_roles=or_app_roles)


def require_roles(*roles: Role, match: Match = "any") -> Requirement:
    """Require app roles, of a person or of an application."""
    return Requirement(roles=roles, match_roles=match)


def require_proof() -> Requirement:
    """Require the token itself, where this process takes a proxy's word for it elsewhere."""
    return Requirement(proof=True)


def require_groups(*group_ids: str) -> Callable[[CurrentUser], CurrentUser]:
    """Require membership in one of the groups (object ids); unknown membership is none."""

    def check(user: Authenticated) -> CurrentUser:
        if user.groups is None:
            # Overage: the token names no group at all, only a place to ask.
            raise ForbiddenError(
                "You are in more groups than a token can hold, so membership is unknown. "
                "Use an app role, or emit only the groups assigned to the application.",
                client=user.client_id,
            )
        if user.groups.isdisjoint(group_ids):
            raise ForbiddenError("This needs membership in another group.", client=user.client_id)
        return user

    return check


def _refuse_powerless(user: CurrentUser) -> None:
    # Entra gives any client of the tenant an app-only token for an API that
    # does not demand assignment; one without a role was permitted by nobody.
    if user.kind == "application" and not user.roles:
        raise ForbiddenError("The application has no app role of this API.", client=user.client_id)


def _holds(match: Match, wanted: tuple[str, ...], held: frozenset[str]) -> bool:
    return held.issuperset(wanted) if match == "all" else not held.isdisjoint(wanted)


def _words(match: Match, noun: str, values: tuple[str, ...]) -> str:
    joined = (" and " if match == "all" else " or ").join(values)
    return f"the {noun} {joined}"
