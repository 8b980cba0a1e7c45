"""A load balancer's sign-in without its callback."""

from __future__ import annotations

import re
from collections.abc import Iterator

from entra_config import uris
from entra_config.lint.model import Fix, Hit, Rule, View

CALLBACK = "/oauth2/idpresponse"
_MEANT = re.compile(r"/oauth2?/idp[-_]?resp(onse)?/?", re.IGNORECASE)


def check(view: View) -> Iterator[Hit]:
    """Yield each address that means the callback and is another, and each load balancer's own name without
    it.
    """
    for subject in view.subjects:
        for each in subject.on("web"):
            path = uris.path(each.uri)
            balancer = uris.host(each.uri).endswith(".elb.amazonaws.com")
            if path != CALLBACK and (_MEANT.fullmatch(path) or balancer):
                meant = each.uri.replace(path, CALLBACK) if _MEANT.fullmatch(path) else ""
                fix = (Fix("replace", each.path, each.uri, meant),) if meant else ()
                message = f"`{each.uri}` is not where a load balancer takes the answer: `{CALLBACK}`"
                yield Hit(each.position, message, subject.key, each.uri, fix=fix)


RULE = Rule(
    id="redirect-alb-callback",
    severity="W",
    confidence="high",
    on=("manifest",),
    finds="A load balancer's sign-in without its callback.",
    why=(
        "An Application Load Balancer takes the answer at `/oauth2/idpresponse` only, in lower case; with "
        "another "
        "address every sign-in ends with AADSTS50011."
    ),
    fix="Register `https://HOST/oauth2/idpresponse`.",
    source="AWS documentation, Authenticate users using an Application Load Balancer",
    bad="""\
applications:
  app:
    type: web
    displayName: App
    redirectUris:
      - «https://app.example.com/oauth2/idpResponse/
""",
    good="""\
applications:
  app:
    type: web
    displayName: App
    redirectUris:
      - https://app.example.com/oauth2/idpresponse
      - https://app.example.com/oauth2/callback
""",
    check=check,
)
