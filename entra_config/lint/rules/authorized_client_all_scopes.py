"""A client of others that needs no consent for a scope of power."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint.model import Hit, Rule, View
from entra_config.lint.power import Powers


def check(view: View) -> Iterator[Hit]:
    """Yield each client that is none of the manifest, with a scope of power."""
    powers = Powers(view)
    own = {each.key for each in view.subjects}
    for subject in view.subjects:
        for client, scopes in subject.clients.items():
            powerful = [
                each.value
                for each in subject.scopes
                if each.value in scopes and powers.has_power(subject, each)
            ]
            if client not in own and powerful:
                where = subject.client_positions.get(client) or subject.position
                yield Hit(
                    where,
                    f"`{client}` uses `{powerful[0]}` of `{subject.key}` and nobody is asked",
                    subject.key,
                    client,
                )


RULE = Rule(
    id="authorized-client-all-scopes",
    severity="W",
    confidence="medium",
    on=("manifest",),
    finds="A client of others that needs no consent for a scope of power.",
    why=(
        "People are never asked; whoever signs in at that client, of whose code nobody here decides, "
        "uses the scope."
    ),
    fix="Leave the scope out of `authorizedClients`, so that an administrator consents.",
    source="Microsoft Learn, preAuthorizedApplications",
    bad="""\
applications:
  api:
    type: api
    displayName: API
    scopes:
      files.admin: Administers files.
    authorizedClients:
      «04b07795-8ddb-461a-bbee-02f9e1bf7b46: [files.admin]
""",
    good="""\
applications:
  api:
    type: api
    displayName: API
    scopes:
      files.read: Reads files.
    authorizedClients:
      04b07795-8ddb-461a-bbee-02f9e1bf7b46: [files.read]
""",
    check=check,
)
