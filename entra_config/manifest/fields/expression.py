"""An expression of a flexible federated credential in; its clauses out, or what is wrong with it.

The language is Microsoft Learn's (flexible federated identity credentials, preview): `claims['NAME'] OPERATOR
'VALUE'`, clauses joined by `and`, one space between words. What a single quote inside a value means it does
not say: twice is taken as once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from entra_config.manifest.fields.workload import ClaimLanguage

_CLAUSE = re.compile(r"claims\['([^']+)'\] (\S+) '((?:[^']|'')*)'")
OPERATORS = ("eq", "matches")
WANTED = "`claims['NAME'] eq 'TEXT'` or `claims['NAME'] matches 'PATTERN'`, several joined by ` and `"


@dataclass(frozen=True, slots=True)
class ClaimClause:
    """What must hold of one claim."""

    claim: str
    operator: str
    value: str


def clauses(text: str) -> tuple[ClaimClause, ...] | None:
    """Return what an expression asks; None where it is not of the language."""
    found: list[ClaimClause] = []
    at = 0
    while match := _CLAUSE.match(text, at):
        found.append(ClaimClause(match[1], match[2], match[3].replace("''", "'")))
        at = match.end()
        if at == len(text):
            return tuple(found) if all(each.operator in OPERATORS for each in found) else None
        if not text.startswith(" and ", at):
            return None
        at += len(" and ")
    return None


def literal(clause: ClaimClause) -> str:
    """Return what the claim begins with, whatever the wildcards stand for."""
    return clause.value if clause.operator == "eq" else re.split(r"[*?]", clause.value, maxsplit=1)[0]


def matches(clause: ClaimClause, text: str) -> bool:
    """Tell whether a claim may be this text."""
    if clause.operator == "eq":
        return clause.value == text
    wild = {"*": ".*", "?": "."}
    return (
        re.fullmatch("".join(wild.get(each, re.escape(each)) for each in clause.value), text, re.DOTALL)
        is not None
    )


def refused(found: tuple[ClaimClause, ...], language: ClaimLanguage) -> Iterator[str]:
    """Yield why Entra does not take an expression for the tokens of a type of workload."""
    for each in found:
        operators = language.claims.get(each.claim)
        if operators is None:
            known = ", ".join(f"`{name}`" for name in language.claims)
            yield f"Entra compares no claim `{each.claim}` of these tokens, but {known}"
        elif each.operator not in operators:
            yield f"`{each.claim}` is compared by `{operators[0]}` alone"
        elif each.operator == "eq" and re.search(r"[*?]", each.value):
            yield f"`eq` has no wildcards, `matches` has: `{each.value}`"
    requested = {each.claim for each in found}
    for start, group in language.needs:
        begins = any(each.claim == "sub" and literal(each).startswith(start) for each in found)
        if not requested & set(group) and (begins or not start):
            yield (
                "Entra takes no expression of these tokens without "
                f"{' or '.join(f'`{name}`' for name in group)}"
            )
