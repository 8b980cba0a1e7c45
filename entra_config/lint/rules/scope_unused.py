"""A scope that no client of the manifest asks for."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each scope that no application asks for and no client is authorized for."""
    permissions = chain.from_iterable(subject.permissions for subject in view.subjects)
    requested = {(each.api, each.value) for each in permissions if each.own}
    for subject in view.subjects:
        authorized = {value for values in subject.clients.values() for value in values}
        for each in subject.scopes:
            if each.enabled and (subject.key, each.value) not in requested and each.value not in authorized:
                yield Hit(
                    each.position,
                    f"no client here asks for `{each.value}` of `{subject.key}`",
                    subject.key,
                    each.value,
                )


RULE = Rule(
    id="scope-unused",
    severity="I",
    confidence="low",
    on=("manifest",),
    finds="A scope that no client of the manifest asks for.",
    why=(
        "What nobody uses is still asked for by whoever looks for a way in, and is never removed "
        "later because nobody knows."
    ),
    fix="Remove it, or name the client that uses it.",
    source="this project",
    bad="""\
applications:
  api:
    type: api
    displayName: API
    scopes:
      user.read: Reads.
      «user.write: Writes.
  page:
    type: spa
    displayName: Page
    apiPermissions: { api: { delegated: [user.read] } }
""",
    good="""\
applications:
  api:
    type: api
    displayName: API
    scopes:
      user.read: Reads.
  page:
    type: spa
    displayName: Page
    apiPermissions: { api: { delegated: [user.read] } }
""",
    check=check,
)
