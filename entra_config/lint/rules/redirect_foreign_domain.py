"""A redirect URI outside of the project's own domains."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config import uris
from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each host below none of the domains that the policy lists; without a list, nothing is known to
    be foreign.
    """
    domains = view.policy.domains
    for subject in view.subjects if domains else ():
        for each in subject.redirects:
            name = uris.host(each.uri)
            if (
                name
                and uris.scheme(each.uri) in {"http", "https"}
                and not (uris.is_local(each.uri) or uris.below(name, domains))
            ):
                yield Hit(
                    each.position, f"`{name}` is below none of the project's domains", subject.key, each.uri
                )


RULE = Rule(
    id="redirect-foreign-domain",
    severity="W",
    confidence="high",
    on=("manifest", "live"),
    finds="A redirect URI outside of the project's own domains.",
    why="Tokens go to a host that somebody else runs, or may run tomorrow.",
    fix="Use a host of your own, or add the domain to `policy.lint.domains`.",
    source="Zero Trust Assessment 21887 and 21888",
    bad="""\
project: myapp
policy: { lint: { domains: [example.com] } }
environments:
  dev: { tenantId: 11111111-1111-1111-1111-111111111111 }
applications:
  app:
    type: web
    displayName: App
    redirectUris:
      - https://app.example.com/callback
      - «https://app-example.azurewebsites.net/callback
""",
    good="""\
project: myapp
policy: { lint: { domains: [example.com] } }
environments:
  dev: { tenantId: 11111111-1111-1111-1111-111111111111 }
applications:
  app:
    type: web
    displayName: App
    redirectUris:
      - https://app.example.com/callback
      - https://localhost:8000/callback
""",
    check=check,
)
