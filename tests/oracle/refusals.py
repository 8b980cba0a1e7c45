"""What a plan or a manifest was refused with in; the rule by which it was refused out."""

from __future__ import annotations

import re

# A pair that is refused by anything else is a failure: the generator means its worlds to be carried out.
RULES: dict[str, str] = {
    "a rename leaves the old name out": r"that (key|label) is still here",
    "a changed value says `breaking`": r"write `breaking: true`",
    "a scope or role that others require": r"\bused\b",
    "a disabled role is given to nobody new": r"is disabled, and Graph assigns",
    "a role of mixed holders": r"allowedMemberTypes|not for applications|not for users",
}


def rule(text: str) -> str:
    """Return the rule's name; empty for what no rule here explains."""
    return next((name for name, pattern in RULES.items() if re.search(pattern, text)), "")
