"""An AWS session where its token names the role."""

from __future__ import annotations

import re
from collections.abc import Iterator

from entra_config.lint import examples
from entra_config.lint.model import Hit, Rule, View

_SESSION = re.compile(r"arn:aws[\w-]*:sts::\d*:assumed-role/")


def check(view: View) -> Iterator[Hit]:
    """Yield each subject that is a session."""
    for subject in view.subjects:
        for each in subject.federated:
            if _SESSION.match(each.subject):
                message = f"`{each.subject}` is a session; the token names the role"
                yield Hit(each.spot("subject"), message, subject.key, each.name)


RULE = Rule(
    id="fic-aws-session-arn",
    severity="E",
    confidence="high",
    on=("manifest", "live"),
    finds="An AWS session where its token names the role.",
    why=(
        "The token of AWS has the role's ARN as subject, not the ARN of the assumed session, so this one "
        "matches "
        "nothing (AADSTS700213)."
    ),
    fix="Write `aws: { issuer: …, role: arn:aws:iam::ACCOUNT:role/NAME }`.",
    source="AWS documentation, outbound identity federation; run on the emulator",
    bad=examples.federated(
        "https://11111111-2222-3333-4444-555555555555.tokens.sts.global.api.aws",
        "«arn:aws:sts::123456789012:assumed-role/app/session",
    ),
    good=examples.federated(
        "https://11111111-2222-3333-4444-555555555555.tokens.sts.global.api.aws",
        "arn:aws:iam::123456789012:role/app",
    ),
    check=check,
)
