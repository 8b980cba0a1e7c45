"""A browser's cookie in, who is signed in there out, and back."""

import dataclasses
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from entra_emulator.login.parties import Row, SignedIn
from entra_emulator.login.service import SignIn
from entra_emulator.tenant import Tenant

# One session per browser and authority, not per application.
COOKIE = "ESTSAUTHPERSISTENT"


@dataclass(frozen=True)
class Account:
    """One user signed in in this browser."""

    tenant_id: str
    user_id: str
    session_id: str
    auth_time: int


@dataclass(frozen=True)
class BrowserSession:
    """The accounts of one browser, and the applications they were used for."""

    accounts: tuple[Account, ...] = ()
    apps: tuple[str, ...] = ()

    def with_account(self, account: Account) -> "BrowserSession":
        """Add an account, or replace an earlier sign-in of the same user."""
        others = tuple(known for known in self.accounts if known.user_id != account.user_id)
        return dataclasses.replace(self, accounts=(*others, account))

    def with_app(self, app_id: str) -> "BrowserSession":
        """Remember an application, so that signing out tells it."""
        return dataclasses.replace(self, apps=tuple(dict.fromkeys((*self.apps, app_id))))

    def in_tenant(self, tenant: Tenant) -> list[SignedIn]:
        """Return who is signed in to a tenant; users that are gone or disabled are not."""
        found = []
        for account in self.accounts:
            user = tenant.users.get(account.user_id) if account.tenant_id == tenant.tenant_id else None
            if user is not None and user.get("accountEnabled") is not False:
                found.append(SignedIn(user, account.session_id, account.auth_time))
        return found

    def in_use(self, user: Row) -> Account | None:
        """Return the account of a user."""
        return next((account for account in self.accounts if account.user_id == user["id"]), None)


def read(service: SignIn, request: Request) -> BrowserSession:
    """Return the session of a request; a cookie of another emulator is none."""
    data = service.seal.open("session", request.cookies.get(COOKIE, ""))
    if data is None:
        return BrowserSession()
    return BrowserSession(tuple(Account(**account) for account in data["accounts"]), tuple(data["apps"]))


def write(service: SignIn, response: Response, session: BrowserSession) -> None:
    """Put the session into the browser, so that hidden frames of other sites have it too."""
    value = service.seal.close("session", dataclasses.asdict(session))
    response.set_cookie(COOKIE, value, path="/", secure=True, httponly=True, samesite="none")


def clear(response: Response) -> None:
    """End the session; tokens that were handed out live on."""
    response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="none")
