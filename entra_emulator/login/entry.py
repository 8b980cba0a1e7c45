"""What the catalogue keeps of one AADSTS code."""

from dataclasses import dataclass

GRANT, REQUEST, CLIENT, UNAUTHORIZED, SCOPE = (
    "invalid_grant",
    "invalid_request",
    "invalid_client",
    "unauthorized_client",
    "invalid_scope",
)


@dataclass(frozen=True)
class AadstsEntry:
    """One code: its OAuth error, its text with named gaps, what else its body carries."""

    error: str
    text: str
    suberror: str = ""
    # Bodies name `error_uri` for some codes only: recorded with 7000215, 500011, 90002, 50049,
    # 50126, 700016, 700024, 9002326, 700082, 70016, 700213, 7000222; recorded without in 70003, 700038,
    # 50076, 65001.
    uri: bool = False
