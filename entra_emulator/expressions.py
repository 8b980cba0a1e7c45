"""The expression of a flexible federated credential and a token's claims in; whether it holds out.

The language as Microsoft Learn describes it (flexible federated identity credentials, preview, 2026): lookups
of claims, `eq` and `matches` (`?` one character, `*` any), joined by `and`. What single quotes inside of a
value mean is said in half a sentence: two stand for one here. Case counts, as in subjects.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_TOKEN = re.compile(r"claims\['(?P<claim>\w+)'\] (?P<operator>eq|matches) '(?P<value>(?:''|[^'])*)'")
_AND = " and "
_SUB = {"sub": ("eq", "matches")}
_PLATFORMS: tuple[tuple[re.Pattern[str], Mapping[str, tuple[str, ...]], frozenset[str]], ...] = (
    (
        re.compile(r"https://token\.actions\.githubusercontent\.com"),
        {
            **_SUB,
            "job_workflow_ref": ("eq", "matches"),
            "repository_id": ("eq",),
            "repository_owner_id": ("eq",),
        },
        frozenset({"repository_id", "repository_owner_id"}),
    ),
    # `project_id` stands in the page on setting one up, and not in the list of what is supported.
    (re.compile(r"https://[^/:]+\.(com|ca)"), {**_SUB, "project_id": ("eq",)}, frozenset()),
    (re.compile(r"https://app\.(eu\.)?terraform\.io"), _SUB, frozenset()),
)


@dataclass(frozen=True)
class Condition:
    """What one claim must be."""

    claim: str
    operator: str
    value: str

    def holds(self, claims: Mapping[str, Any]) -> bool:
        """Tell whether a token's claim is so; a claim that is not there is nothing."""
        token_value = claims.get(self.claim)
        if token_value is None:
            return False
        if self.operator == "eq":
            return str(token_value) == self.value
        pattern = re.escape(self.value).replace(r"\*", ".*").replace(r"\?", ".")
        return re.fullmatch(pattern, str(token_value), re.DOTALL) is not None


def read(text: str) -> list[Condition] | None:
    """Take an expression apart; None for what is not of the language."""
    found, rest = [], text
    while True:
        clause = _TOKEN.match(rest)
        if clause is None:
            return None
        found.append(Condition(clause["claim"], clause["operator"], clause["value"].replace("''", "'")))
        rest = rest[clause.end() :]
        if not rest:
            return found
        if not rest.startswith(_AND):
            return None
        rest = rest.removeprefix(_AND)


def holds(text: str, claims: Mapping[str, Any]) -> bool:
    """Tell whether a token is one that an expression means; what is not of the language means none."""
    conditions = read(text)
    return conditions is not None and all(each.holds(claims) for each in conditions)


def complaints(issuer: str, text: str) -> Iterator[str]:
    """Yield what Entra has against an expression of tokens of an issuer."""
    conditions = read(text)
    if conditions is None:
        yield "is not valid"
        return
    platform = next((each for each in _PLATFORMS if each[0].fullmatch(issuer)), None)
    if platform is None:
        yield f"is not supported for the issuer '{issuer}'"
        return
    _, allowed, ids = platform
    requested = {each.claim for each in conditions}
    unallowed = any(each.operator not in allowed.get(each.claim, ()) for each in conditions)
    if unallowed or "sub" not in requested or (ids and not requested & ids):
        # Public code has this much of the text.
        yield "lacks all required claims or contains unallowed claims."
