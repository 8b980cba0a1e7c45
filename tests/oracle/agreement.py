"""What the emulator's sign-in answered in; each answer that a second reading of the rules gives otherwise
out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from entra_emulator import signing_in
from tests.oracle import rules, token_endpoint
from tests.oracle.tokens import GONE, NO_CONSENT, Said


def disagreements(said: Said) -> list[str]:
    """Return what the emulator and the rules do not agree on, with how many people; what the rules leave
    open is neither.
    """
    tenant, found = plain(said.dump), Counter[str]()
    for question, response in said.responses:
        judged = rules.response(tenant, question)
        if not _agree(response, judged):
            who = "people" if isinstance(question, token_endpoint.AsUser) else "applications"
            scopes = " ".join(question.scopes) if isinstance(question, token_endpoint.AsUser) else ".default"
            requested = f"{question.client} asks {question.resource}/{scopes}"
            found[
                f"rules: {requested} for {who}: the emulator says {_short(response)}, the rules {judged}"
            ] += 1
    return [f"{text} ({count} times)" for text, count in found.items()]


def plain(dump: Mapping[str, Any]) -> dict[str, Any]:
    """Return a dump's tenant with each group's members beside it, as the rules read it."""
    tenant: dict[str, Any] = dump["tenants"][0]
    return tenant | {
        "groups": [group | {"members": tenant["members"].get(group["id"], [])} for group in tenant["groups"]]
    }


def _agree(
    response: signing_in.Response,
    judged: token_endpoint.Token | token_endpoint.Refused | token_endpoint.Unknown,
) -> bool:
    match judged, response:
        case token_endpoint.Token(), signing_in.IssuedToken():
            return _between(response.roles, judged.roles, judged.perhaps_roles) and _between(
                response.scopes, judged.scopes, judged.perhaps_scopes
            )
        # By which number a client is refused that needs consent and lists an API that is gone, nobody wrote
        # down.
        case token_endpoint.Refused(code), signing_in.SignInRefused():
            return response.code == code or (code == NO_CONSENT and response.code == GONE)
        case token_endpoint.Unknown(refused=refused, codes=codes), signing_in.SignInRefused():
            return not refused or not codes or response.code in {*codes, GONE}
        case token_endpoint.Unknown(refused=refused), signing_in.IssuedToken():
            return not refused
        case _:
            return False


def _between(found: frozenset[str], certain: frozenset[str], perhaps: frozenset[str]) -> bool:
    return certain <= found <= certain | perhaps


def _short(response: signing_in.Response) -> str:
    if isinstance(response, signing_in.IssuedToken):
        return f"roles {sorted(response.roles)}, scopes {sorted(response.scopes)}"
    return f"{response.code} {response.message}"
