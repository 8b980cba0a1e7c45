"""A redirect URI on localhost in a protected environment."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config import uris
from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each page or server on localhost where the environment is protected; a program on a device has
    to be there.
    """
    if not view.manifest.protected:
        return
    for subject in view.subjects:
        for each in subject.on("web", "spa"):
            if uris.is_local(each.uri):
                yield Hit(
                    each.position,
                    f"`{each.uri}` is of a developer's machine, here in production",
                    subject.key,
                    each.uri,
                )


RULE = Rule(
    id="redirect-localhost-prod",
    severity="W",
    confidence="high",
    on=("manifest", "live"),
    finds="A redirect URI on localhost in a protected environment.",
    why=(
        "Any program on a person's machine may listen there and receive what production signs in. A "
        "browser's page on "
        "localhost is of somebody's development."
    ),
    fix="Keep it in the environments of development: a variable for the address, or `overrides`.",
    source="Zero Trust Assessment 23183",
    bad="""\
project: myapp
environments:
  prod: { tenantId: 11111111-1111-1111-1111-111111111111, protected: true }
applications:
  app:
    type: spa
    displayName: App
    redirectUris:
      - https://app.example.com/
      - «https://localhost:5173/
""",
    good="""\
project: myapp
environments:
  dev: { tenantId: 11111111-1111-1111-1111-111111111111 }
applications:
  app:
    type: spa
    displayName: App
    redirectUris:
      - https://localhost:5173/
""",
    check=check,
)
