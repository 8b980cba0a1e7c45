"""An identifier URI that names neither application nor tenant."""

from __future__ import annotations

import re
from collections.abc import Iterator

from entra_config import uris
from entra_config.lint.model import Hit, Rule, View

_ID = re.compile(r"(?i)\$\{[^}]+\}|[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}")


def check(view: View) -> Iterator[Hit]:
    """Yield each URI that has no id in it and is not below a domain of the organization."""
    for subject in view.subjects:
        for each in subject.identifier_uris:
            uri = str(each.value)
            if not (_ID.search(uri) or _is_below_domain(view, uri)):
                message = f"`{uri}` is bound to no id and no domain of yours"
                yield Hit(each.position or subject.position, message, subject.key, uri)


def _is_below_domain(view: View, uri: str) -> bool:
    """Return True if a URI is below a verified domain, or one that the manifest lists; without either, if it
    is below any.
    """
    if uris.scheme(uri) not in {"https", "api"} or "." not in uris.host(uri):
        return False
    domains = (*view.policy.domains, *(str(each["name"]) for each in view.facts("verifiedDomains")))
    return not domains or uris.below(uris.host(uri), domains)


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
    fix="Write `api://${appId}`, `api://${tenantId}/NAME`, or https:// or api:// below a verified domain.",
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
      - api://api.example.com/myapp
""",
    check=check,
)
