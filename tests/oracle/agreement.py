"""What the emulator's sign-in answered in; each answer that a second reading of the rules gives otherwise
out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from entra_config.emulator import signing_in
from tests.oracle import rules
from tests.oracle.tokens import GONE, NO_CONSENT, Said


def disagreements(said: Said) -> list[str]:
    """Return what the emulator and the rules do not agree on, with how many people; what the rules leave
    open is neither.
    """
    tenant, found = plain(said.dump), Counter[str]()
    for question, answer in said.answers:
        judged = rules.answer(tenant, question)
        if not _agree(answer, judged):
            who = "people" if isinstance(question, rules.AsUser) else "applications"
            scopes = " ".join(question.scopes) if isinstance(question, rules.AsUser) else ".default"
            asked = f"{question.client} asks {question.resource}/{scopes}"
            found[f"rules: {asked} for {who}: the emulator says {_short(answer)}, the rules {judged}"] += 1
    return [f"{text} ({count} times)" for text, count in found.items()]


def plain(dump: Mapping[str, Any]) -> dict[str, Any]:
    """Return a dump's tenant with each group's members beside it, as the rules read it."""
    tenant: dict[str, Any] = dump["tenants"][0]
    return tenant | {
        "groups": [group | {"members": tenant["members"].get(group["id"], [])} for group in tenant["groups"]]
    }


def _agree(answer: signing_in.Answer, judged: rules.Token | rules.Refused | rules.Unknown) -> bool:
    match judged, answer:
        case rules.Token(), signing_in.IssuedToken():
            return _between(answer.roles, judged.roles, judged.perhaps_roles) and _between(
                answer.scopes, judged.scopes, judged.perhaps_scopes
            )
        # By which number a client is refused that needs consent and lists an API that is gone, nobody wrote
        # down.
        case rules.Refused(code), signing_in.SignInRefused():
            return answer.code == code or (code == NO_CONSENT and answer.code == GONE)
        case rules.Unknown(refused=refused, codes=codes), signing_in.SignInRefused():
            return not refused or not codes or answer.code in {*codes, GONE}
        case rules.Unknown(refused=refused), signing_in.IssuedToken():
            return not refused
        case _:
            return False


def _between(found: frozenset[str], certain: frozenset[str], perhaps: frozenset[str]) -> bool:
    return certain <= found <= certain | perhaps


def _short(answer: signing_in.Answer) -> str:
    if isinstance(answer, signing_in.IssuedToken):
        return f"roles {sorted(answer.roles)}, scopes {sorted(answer.scopes)}"
    return f"{answer.code} {answer.message}"
