"""An identifier URI that names neither application nor tenant."""

from __future__ import annotations

import re
from collections.abc import Iterator

from entra_config.lint import uris
from entra_config.lint.model import Hit, Rule, View

_ID = re.compile(r"(?i)\$\{[^}]+\}|[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}")


def check(view: View) -> Iterator[Hit]:
    """Yield each URI that is no https name of a domain and has no id in it."""
    for subject in view.subjects:
        for each in subject.identifier_uris:
            uri = str(each.value)
            domains = view.policy.domains
            known = not domains or uris.below(uris.host(uri), domains)
            if not (_ID.search(uri) or (uris.scheme(uri) == "https" and "." in uris.host(uri) and known)):
                message = f"`{uri}` is bound to no id and no domain of yours"
                yield Hit(each.position or subject.position, message, subject.key, uri)


RULE = Rule(
    id="identifier-uri-insecure",
    severity="E",
    confidence="high",
    on=("manifest", "live"),
    finds="An identifier URI that names neither application nor tenant.",
    why=(
        "Clients ask for scopes by it. What is not bound to an id or a verified domain can be claimed by "
        "another "
        "application of another tenant."
    ),
    fix="Write `api://${appId}`, `api://${tenantId}/NAME`, or https below a verified domain.",
    source="App management policies, nonDefaultUriAddition and uriAdditionWithoutUniqueTenantIdentifier",
    bad="""\
applications:
  api:
    type: api
    displayName: API
    identifierUris:
      - «api://myapp
""",
    good="""\
applications:
  api:
    type: api
    displayName: API
    identifierUris:
      - api://${appId}
      - api://${tenantId}/myapp
      - https://api.example.com
""",
    check=check,
)
