"""A directory in; a tenant that one test has to itself: tokens, Graph, faults and time, out."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from entra_config.kinds.base import KEY_TAG
from entra_config.moments import has_zone, parse_moment
from entra_config.pytest_plugin.transport import InProcess
from entra_emulator.api import (
    Emulator,
    FaultPlan,
    Faults,
    IssuedToken,
    SigningIn,
    SignInRefused,
    SystemClock,
    Tenants,
    create_emulator,
    seed,
)

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from entra_emulator.api import Row, Tenant

GRAPH = "https://graph.microsoft.com"


class NoTokenError(Exception):
    """Entra gives no token; `code` is the number behind AADSTS."""

    def __init__(self, refused: SignInRefused) -> None:
        super().__init__(f"AADSTS{refused.code}: {refused.message}")
        self.code = refused.code


class EntraTenant:
    """A tenant, and with it the emulator's Graph and sign-in, in this process; made for one test."""

    def __init__(self, directory: Tenants, clock: SystemClock, faults: Faults) -> None:
        """Wrap a directory that nobody else writes to."""
        self.directory, self.clock, self.faults = directory, clock, faults

    @classmethod
    def of(
        cls,
        base: Tenants,
        *,
        faults: Mapping[str, Any] | None = None,
        at: str | datetime | None = None,
        advance: float = 0,
    ) -> EntraTenant:
        """Fork a directory: `at` is what time it is there (ISO 8601), `advance` how many seconds later."""
        clock = SystemClock()
        if at is not None:
            moment = at if isinstance(at, str) else at.isoformat()
            if not has_zone(moment):
                message = f"{moment} says no time zone: write it with Z"
                raise ValueError(message)
            clock.offset = parse_moment(moment) - clock.now()
        clock.advance(advance)
        plan = FaultPlan.from_data(dict(faults or {}))
        return cls(base.fork(clock), clock, Faults(plan))

    @property
    def tenant(self) -> Tenant:
        """Give the rows of the default tenant."""
        return self.directory.default

    @property
    def tenant_id(self) -> str:
        """Give the id of the default tenant."""
        return self.directory.default_id

    @property
    def authority(self) -> str:
        """Give the URL that clients sign in at; the transport answers it."""
        return f"{self._entry.service.origin}/{self.tenant_id}"

    @property
    def issuer(self) -> str:
        """Give the issuer of access tokens of version 2."""
        return f"{self.authority}/v2.0"

    @property
    def jwks_url(self) -> str:
        """Give the URL of the keys that tokens are verified with; the transport answers it."""
        return f"{self.authority}/discovery/v2.0/keys"

    def app_id(self, name: str) -> str:
        """Give the appId of an application: by its key in the manifest, its display name or itself."""
        return str(self._application(name)["appId"])

    def sign_in(self, user: str, client: str, scopes: str | Iterable[str]) -> IssuedToken:
        """Sign in a person as a browser would: the token with its claims, and why each is there.

        `user` is a UPN, its part before the @, or an object id; a scope is one of Graph's (`User.Read`), the
        whole (`api://…/user.read`) or an application's (`api/user.read`, by `app_id`'s names). Raises
        NoTokenError where Entra refuses, LookupError for a name that nothing has.
        """
        words = [scopes] if isinstance(scopes, str) else list(scopes)
        requested = " ".join(self._scope(word) for text in words for word in text.split())
        result = self._entry.person(self._user(user), self.app_id(client), requested)
        if isinstance(result, SignInRefused):
            raise NoTokenError(result)
        return result

    def token(self, user: str, client: str, scopes: str | Iterable[str]) -> str:
        """Give the access token of `sign_in`, as a client sends it."""
        return self.sign_in(user, client, scopes).text

    def app_token(self, client: str, resource: str = GRAPH) -> str:
        """Give the access token of an application by itself, for an API (by `app_id`'s names, or its URI)."""
        wanted = resource if "://" in resource else self._resource(resource)
        result = self._entry.application(self.app_id(client), wanted)
        if isinstance(result, SignInRefused):
            raise NoTokenError(result)
        return result.text

    def graph(self, client: str = seed.ADMIN_APP_ID) -> TestClient:
        """Give a client of Graph v1.0, as the emulator's administrator or another application: what it
        writes, tokens say.
        """
        from starlette.testclient import TestClient

        headers = {"Authorization": f"Bearer {self.app_token(client)}"}
        return TestClient(self.transport.app, base_url=f"{GRAPH}/v1.0/", headers=headers)

    @cached_property
    def transport(self) -> InProcess:
        """Give an httpx transport, for sync and async clients, that reaches this emulator alone."""
        return InProcess(self._app)

    @cached_property
    def _entry(self) -> SigningIn:
        return SigningIn.of(self.directory)

    @cached_property
    def _app(self) -> Emulator:
        return create_emulator(self.directory, self._entry.service, faults=self.faults)

    def _user(self, name: str) -> str:
        if "@" in name or self.tenant.users.get(name):
            return name
        local = [u for u in self.tenant.users if str(u["userPrincipalName"]).partition("@")[0] == name]
        if len(local) != 1:
            known = (str(user["userPrincipalName"]) for user in self.tenant.users)
            raise LookupError(_unknown("user", name, known))
        return str(local[0]["userPrincipalName"])

    def _application(self, name: str) -> Row:
        for index, key in (("appId", name), ("tags", KEY_TAG + name), ("displayName", name)):
            found = self.tenant.applications.find(index, key.casefold())
            if len(found) == 1:
                return found[0]
            if found:
                message = f"{len(found)} applications are called {name!r}: give the appId"
                raise LookupError(message)
        tags = (tag for app in self.tenant.applications for tag in app["tags"])
        keys = (tag.removeprefix(KEY_TAG) for tag in tags if tag.startswith(KEY_TAG))
        names = (str(app["displayName"]) for app in self.tenant.applications)
        raise LookupError(_unknown("application", name, [*keys, *names]))

    def _resource(self, name: str) -> str:
        app = self._application(name)
        return str(next(iter(app["identifierUris"]), app["appId"]))

    def _scope(self, word: str) -> str:
        name, slash, scope = word.rpartition("/")
        return f"{self._resource(name)}/{scope}" if slash and "://" not in word else word


def _unknown(kind: str, name: str, known: Iterable[str]) -> str:
    names = sorted(set(known))
    near = difflib.get_close_matches(name, names, 3, 0.4) or names[:5]
    return f"the tenant has no {kind} {name!r}; it has {', '.join(near)}"
