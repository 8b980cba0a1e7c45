"""A federated credential in; which subjects its tokens may have out, of an expression too."""

from __future__ import annotations

import re
from collections.abc import Iterator

from entra_config.lint.subject import Federated
from entra_config.manifest.fields import expression
from entra_config.manifest.fields.workloads import language_of

# What GitHub writes behind a repository.
_ENDS = ("pull_request", "ref:refs/heads/main", "ref:refs/tags/v1")


def clauses_of(each: Federated) -> tuple[expression.ClaimClause, ...]:
    """Return what its expression asks; nothing where it has none, or one that cannot be read."""
    return (expression.clauses(each.expression) if each.expression else None) or ()


def subjects(each: Federated) -> Iterator[str]:
    """Yield its subject; of an expression the pattern, and one subject of each type that it matches."""
    if not each.expression:
        yield each.subject
    language = language_of(each.issuer)
    for clause in clauses_of(each):
        if clause.claim == "sub":
            yield clause.value
            begins = re.match(language.boundary, expression.literal(clause)) if language else None
            words = (f"{begins[0]}{end}" for end in _ENDS) if begins else ()
            yield from (text for text in words if expression.matches(clause, text))


def bound(each: Federated) -> bool:
    """Tell whether an expression takes tokens of one repository, project or workspace alone; True where
    nobody knows.
    """
    language = language_of(each.issuer)
    if not each.expression or language is None:
        return True
    clauses = clauses_of(each)
    by_id = any(clause.claim == language.bound and clause.operator == "eq" for clause in clauses)
    within = (clause for clause in clauses if clause.claim == "sub")
    return by_id or any(
        clause.operator == "eq" or re.match(language.boundary, expression.literal(clause)) is not None
        for clause in within
    )
