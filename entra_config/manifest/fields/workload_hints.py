"""A word of a workload that is not as its issuer has it in; what to write instead, or nothing, out."""

from __future__ import annotations

import re

AWS_ROLE = r"arn:aws(?:-cn|-us-gov|-iso[a-z-]*)?:iam::\d{12}:role/(?:[!-.0-~]+/)*[\w+=,.@-]{1,64}"
_HOW_ISSUER = "read it with `aws iam get-outbound-web-identity-federation-info`"


def aws_issuer(value: str) -> str:
    """Say where the issuer of an AWS account is read."""
    if "amazonaws.com" in value:
        return (
            "STS itself signs nothing that Entra can verify; each account has an issuer of its own, "
            f"{_HOW_ISSUER}"
        )
    return _HOW_ISSUER


def aws_role(value: str) -> str:
    """Return the role whose session was written, or the ARN in its right case; else nothing."""
    session = re.fullmatch(
        r"arn:(aws[\w-]*):sts::(\d{12}):assumed-role/([\w+=,.@-]+)/.*", value, re.IGNORECASE
    )
    if session:
        partition, account, name = session.groups()
        right = f"arn:{partition.lower()}:iam::{account}:role/{name}"
        return (
            f"that is a session, and its token names the role: `{right}`, with the role's path if it has one"
        )
    folded = re.fullmatch(r"(arn:aws[\w-]*:iam::\d{12}:role/)(.+)", value, re.IGNORECASE)
    if folded and re.fullmatch(AWS_ROLE, folded[1].lower() + folded[2]):
        return f"Entra compares letter by letter: `{folded[1].lower()}{folded[2]}`"
    return ""


def repository(value: str) -> str:
    """Return the repository that a URL names, or say that both or neither of its parts have an id."""
    found = (
        re.search(r"([\w.-]+)/([\w.-]+?)(?:\.git)?/?$", value)
        if "://" in value or value.startswith("git@")
        else None
    )
    if found:
        return f"write `{found[1]}/{found[2]}`"
    if "@" in value:
        return "both have their id, `OWNER@ID/REPO@ID`, as GitHub's OIDC page shows it, or neither has"
    return ""


def ref(value: str) -> str:
    """Return the short name of a ref; say so where it has a wildcard."""
    if "*" in value or "?" in value:
        return "an exact subject has no wildcards: `matches` takes them"
    short = re.sub(r"^refs/(heads|tags)/", "", value)
    return f"write `{short}`" if short != value else ""


def no_wildcard(value: str) -> str:
    """Say so where an exact subject has a wildcard."""
    return "an exact subject has no wildcards: `matches` takes them" if "*" in value or "?" in value else ""
