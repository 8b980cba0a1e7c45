"""More redirect URIs than anybody reviews."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint import each, examples
from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each application with more than `most` redirect URIs, at the first one."""
    return each.crowded(view, RULE, lambda subject: subject.redirects, "redirect URIs, more than {most}")


RULE = Rule(
    id="redirect-many",
    severity="I",
    confidence="high",
    on=("manifest", "live"),
    finds="More redirect URIs than anybody reviews.",
    why=(
        "Each is a place where tokens go. Long lists are of hosts that are gone, and nobody notices who "
        "took them over."
    ),
    fix="Remove what is no longer served; give preview deployments a registration of their own.",
    source="AzADServicePrincipalInsights",
    bad=examples.limited(
        "redirect-many",
        2,
        """\
applications:
  app:
    type: web
    displayName: App
    redirectUris:
      - «https://one.example.com/
      - https://two.example.com/
      - https://three.example.com/
""",
    ),
    good=examples.limited(
        "redirect-many",
        2,
        """\
applications:
  app:
    type: web
    displayName: App
    redirectUris:
      - https://one.example.com/
      - https://two.example.com/
""",
    ),
    check=check,
    options={"most": 20},
)
