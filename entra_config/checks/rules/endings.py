"""Rules about what has ended, or ends soon."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC

from entra_config.checks.changes import ChangesView
from entra_config.checks.rule import Finding, found, rule
from entra_config.manifest.model import Application
from entra_config.manifest.until import Ending, format_end, wording
from entra_config.moments import parse_moment


@rule(
    "refuse",
    "certificate `{label}` of {key} ended on {day}",
    remedy="{remedy}",
    example="""\
manifest:
  applications: {job: {type: daemon, displayName: Job}}
edit:
  applications: {job: {certificates: {main: {file: certificates/expired.pem}}}}
""",
)
def certificate_ended(view: ChangesView, application: Application) -> Iterator[Finding]:
    """Find an ended certificate that would be added; one that is there already is only reported."""
    for certificate in application.certificates or ():
        if certificate.not_after is not None and parse_moment(certificate.not_after) <= view.now:
            there = view.has(application.key, certificate)
            yield found(
                application.key,
                certificate.position,
                outcome="notice" if there else None,
                label=certificate.label,
                day=format_end(parse_moment(certificate.not_after)),
                remedy="nobody can sign in with it; take it out"
                if there
                else "nobody could sign in with it; name its successor",
            )


@rule(
    "notice",
    "{what} {until}: {left}",
    example="""\
manifest:
  applications:
    api:
      type: api
      displayName: API
      appRoles: {Reader: {displayName: Reader, description: Reads.}}
edit:
  appRoleAssignments: {api: {Reader: {users: [{name: alice@contoso.com, until: 2026-12-01}]}}}
""",
)
def until_soon(view: ChangesView, ending: Ending) -> Iterator[Finding]:
    """Find an entry that ends within two weeks, unless a comment silences lint's `until-over`."""
    if not view.manifest.is_silenced("until-over", ending.position, view.now):
        days = (ending.day - view.now.astimezone(UTC).date()).days
        left = {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")
        yield Finding(
            {"what": ending.what, "until": wording(ending.day), "left": left}, None, ending.position
        )
