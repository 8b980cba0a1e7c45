"""Rules about values that tokens carry."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.checks.rule import Finding, found, rule
from entra_config.checks.tenant import Own, TenantView
from entra_config.kinds.entitlements import ids, renames, unclear


@rule(
    "refuse",
    "the value of {key}/{label} would change from {before!r} to {after!r}; tokens carry it: write "
    "`breaking: true` beside it if the apps are ready",
    example="""\
manifest:
  applications:
    api:
      type: api
      displayName: API
      appRoles: {Reader: {displayName: Reader, description: Reads.}}
edit:
  applications: {api: {appRoles: {Reader: {value: Auditor}}}}
""",
)
def value_changes(view: TenantView, own: Own) -> Iterator[Finding]:
    """Find a live value of a scope or role that would change without `breaking: true`."""
    body = own.live.subject.application
    for rename in renames(own.declared, ids(view.manifest, own.declared, body), body):
        before, after = rename.before, rename.after
        yield found(own.key, rename.entry.position, label=rename.label, before=before, after=after)


@rule(
    "refuse",
    "`breaking: true` of {key}/{label} says that a live value changes, and nothing tells which: write "
    "`id:` with one of {ids}, or take `breaking` away to make a new one",
    example="""\
before:
  - POST: /applications
    as: made
    body:
      displayName: API
      appRoles:
        - id: 0bbbbbbb-0000-4000-8000-000000000001
          value: Admin
          displayName: Admin
          description: Administers.
          isEnabled: true
          allowedMemberTypes: [User]
  - {POST: /servicePrincipals, body: {appId: "{made.appId}"}}
manifest:
  applications:
    api:
      type: api
      displayName: API
      appId: "{made.appId}"
      appRoles: {Admin: {displayName: Admin, description: Administers.}}
edit:
  applications: {api: {appRoles: {Admin: {value: Root, breaking: true}}}}
""",
)
def value_ambiguous(view: TenantView, own: Own) -> Iterator[Finding]:
    """Find a `breaking: true` of which nothing tells which live value it changes."""
    for each in unclear(view.manifest, own.declared, own.live.subject.application):
        listed = ", ".join(f"{value or 'without a value'} ({id_})" for value, id_ in each.candidates)
        yield found(own.key, each.entry.position, label=each.label, ids=listed)
