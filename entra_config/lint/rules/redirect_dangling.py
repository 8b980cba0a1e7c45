"""A redirect URI whose host nobody has."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config import uris
from entra_config.lint.model import Hit, Rule, View

# Names that the next customer of the same cloud may take.
CLAIMABLE = (
    "azurewebsites.net", "azureedge.net", "azurefd.net", "blob.core.windows.net", "cloudapp.azure.com",
    "cloudapp.net",
    "cloudfront.net", "elasticbeanstalk.com", "elb.amazonaws.com", "github.io", "herokuapp.com",
    "netlify.app",
    "trafficmanager.net", "vercel.app", "web.app", "web.core.windows.net",
)  # fmt: skip


def check(view: View) -> Iterator[Hit]:
    """Yield each URI whose host was looked up and does not resolve."""
    for subject in view.subjects:
        for each in subject.redirects:
            name = uris.host(each.uri)
            if view.hosts.get(name, True):
                continue
            free = ", and anybody may take the name" if uris.below(name, CLAIMABLE) else ""
            yield Hit(each.position, f"`{name}` does not resolve{free}", subject.key, each.uri)


RULE = Rule(
    id="redirect-dangling",
    severity="E",
    confidence="medium",
    on=("manifest", "live"),
    finds="A redirect URI whose host nobody has.",
    why=(
        "Whoever registers the name gets the codes of everybody who signs in. Looked up with `--resolve` "
        "only."
    ),
    fix="Remove the URI, or bring the host back.",
    source="Zero Trust Assessment 21888",
    bad="""\
applications:
  app:
    type: web
    displayName: App
    redirectUris:
      - «https://gone.example.com/callback
""",
    good="""\
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
