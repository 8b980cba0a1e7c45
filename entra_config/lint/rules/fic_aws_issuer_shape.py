"""An issuer of AWS that issues no such tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator

from entra_config import uris
from entra_config.lint import examples
from entra_config.lint.model import Hit, Rule, View

_ISSUER = re.compile(r"https://[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.tokens\.sts\.global\.api\.aws")


def check(view: View) -> Iterator[Hit]:
    """Yield each issuer that means AWS and is none: by its host, or by a subject of AWS."""
    for subject in view.subjects:
        for each in subject.federated:
            name = uris.host(each.issuer)
            sts = name.endswith((".amazonaws.com", ".api.aws")) and "sts" in name.split(".")
            if (
                (sts or each.subject.startswith("arn:aws"))
                and not _ISSUER.fullmatch(each.issuer)
                and "oidc.eks" not in name
            ):
                yield Hit(
                    each.spot("issuer"),
                    f"`{each.issuer}` issues no tokens for roles of AWS",
                    subject.key,
                    each.name,
                )


RULE = Rule(
    id="fic-aws-issuer-shape",
    severity="E",
    confidence="high",
    on=("manifest", "live"),
    finds="An issuer of AWS that issues no such tokens.",
    why="Each account has an issuer of its own; the address of STS signs nothing that Entra could verify.",
    fix=(
        "Read the issuer with `aws iam get-outbound-web-identity-federation-info`: `https://UUID.tokens.sts.global.api.aws`."
    ),
    source="AWS documentation, outbound identity federation",
    bad=examples.federated("«https://sts.amazonaws.com", "arn:aws:iam::123456789012:role/app"),
    good=examples.federated(
        "https://11111111-2222-3333-4444-555555555555.tokens.sts.global.api.aws",
        "arn:aws:iam::123456789012:role/app",
    ),
    check=check,
)
