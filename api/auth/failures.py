"""Why a token or a request is refused: what the log is told, and what the caller is told."""

from enum import StrEnum


class Reason(StrEnum):
    """The one reason that the log names for a refused token."""

    TOO_LARGE = "too_large"
    MALFORMED = "malformed"
    HEADER = "header"
    ALGORITHM = "algorithm"
    NO_KID = "no_kid"
    UNKNOWN_KID = "unknown_kid"
    SIGNATURE = "signature"
    CLAIMS = "claims"
    VERSION = "version"
    TENANT = "tenant"
    ISSUER = "issuer"
    AUDIENCE = "audience"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    NOT_ACCESS_TOKEN = "not_access_token"  # noqa: S105  # a reason, not a password
    OTHER = "other"
    SIGNER = "signer"
    CLIENT = "client"


# Before the signature holds, whoever sent the token may be anyone and learns
# nothing about how far it came. Afterwards Entra vouches for it, so the sender
# is told what to fix, but never a value that we expect.
UNPROVEN = (
    "The token is not one that this API can verify. A token for another API, such as Microsoft Graph, "
    "does not work here."
)
PROVEN = {
    Reason.CLAIMS: "A claim of the token is missing or has the wrong type.",
    Reason.VERSION: "The token is of the other token version (ver) than this API's.",
    Reason.TENANT: "The token is from another tenant (tid).",
    Reason.ISSUER: "The token is from another issuer (iss).",
    Reason.AUDIENCE: "The token is for another API (aud). Request a scope of this API.",
    Reason.EXPIRED: "The token has expired.",
    Reason.NOT_YET_VALID: "The token is not valid yet.",
    Reason.NOT_ACCESS_TOKEN: "The token is not an access token. Send the access token, not the ID token.",
    Reason.OTHER: "The token is another one than the proxy vouches for.",
}


class AuthError(Exception):
    """A request that is refused for who sent it, or for who did not."""


class NoTokenError(AuthError):
    """No bearer token was sent."""

    detail = "Send an access token of this API as 'Authorization: Bearer …'."


class NobodySignedInError(NoTokenError):
    """The load balancer signed nobody in."""

    detail = "Nobody is signed in."


class ForeignRequestError(AuthError):
    """Somebody's browser sent it, and not the page."""


class BadRequestError(AuthError):
    """The Authorization header is not one bearer token."""


class KeysUnavailableError(AuthError):
    """No key can be had that would tell a good token from a bad one."""

    def __init__(self, kid: str | None = None) -> None:
        """Keep which key was asked for, for the log."""
        super().__init__("signing keys are unavailable")
        self.kid = kid


class TokenRefusedError(AuthError):
    """The token is not accepted."""

    def __init__(self, reason: Reason, *, kid: str | None = None, client: str | None = None) -> None:
        """Keep what the log is told; never the token."""
        super().__init__(reason.value)
        self.reason = reason
        self.kid = kid
        self.client = client

    @property
    def detail(self) -> str:
        """Say what the sender may know."""
        return PROVEN.get(self.reason, UNPROVEN)


class ForbiddenError(AuthError):
    """The token is good, but it does not permit this."""

    def __init__(self, detail: str, *, client: str, scopes: tuple[str, ...] = ()) -> None:
        """Keep what is missing, for the sender and the log."""
        super().__init__(detail)
        self.detail = detail
        self.client = client
        self.scopes = scopes
