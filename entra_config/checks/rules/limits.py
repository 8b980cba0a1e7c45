"""Rules about how much one apply may take away, and how much a reviewer can read."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.checks.limits import LimitsView
from entra_config.checks.rule import Finding, found, rule
from entra_config.plan import effects, held, impact
from entra_config.plan.held import Value
from entra_config.plan.impact import Move


def _lost(move: Move, why: str = "") -> Finding:
    value, what = move.value, "sign-in" if move.value.kind == "signIn" else move.value.value
    return found(value.application, None, value=what, client=value.client, why=why)


@rule(
    "refuse",
    "{key}/{value}: {why}",
    word="many",
    example="""\
manifest:
  applications:
    api:
      type: api
      displayName: API
      appRoles: {Reader: {displayName: Reader, description: Reads.}}
  appRoleAssignments:
    api:
      Reader:
        users: [alice@contoso.com, bob@contoso.com, carol@contoso.com, dave@contoso.com, grace@contoso.com]
edit:
  appRoleAssignments: {api: {Reader: {users: [grace@contoso.com]}}}
""",
)
def holders_lost(view: LimitsView, move: Move) -> Iterator[Finding]:
    """Find a role that more of its people would lose than may in one apply, and a value that uncounted people
    would lose.
    """
    limits = view.manifest.policy.limits
    if move.unknown:
        why = "nobody could count who loses it (a group was not read whole), and that is too many"
        yield _lost(move, why)
    elif move.value.kind == "role" and (move.count or 0) > (most := view.most(view.holders(move))):
        total = view.holders(move)
        why = (
            f"{move.count} of its {'many' if total is None else total} people would lose it, at most {most} "
            f"may ({limits.max_removed_percent} %, but {limits.floor} always)"
        )
        yield _lost(move, why)


@rule(
    "refuse",
    "{people} people would lose something, at most {most} may in one apply",
    word="many",
    example="""\
manifest:
  environments: {dev: {policy: {limits: {maxPeople: 1}}}}
  applications:
    api:
      type: api
      displayName: API
      appRoles: {Reader: {displayName: Reader, description: Reads.}}
  appRoleAssignments:
    api: {Reader: {users: [alice@contoso.com, bob@contoso.com, carol@contoso.com]}}
edit:
  appRoleAssignments: {api: {Reader: {users: [carol@contoso.com]}}}
""",
)
def people_lose(view: LimitsView, _: LimitsView) -> Iterator[Finding]:
    """Find that more people would lose something than may in one apply."""
    most = view.manifest.policy.limits.max_people
    if view.people > most:
        yield Finding({"people": view.people, "most": most})


@rule(
    "refuse",
    "{applications} applications would lose something, at most {most} may in one apply",
    word="many",
    example="""\
manifest:
  environments: {dev: {policy: {limits: {maxApplications: 1}}}}
  applications:
    api:
      type: api
      displayName: API
      appRoles: {Job: {displayName: Job, description: Runs., allowedMemberTypes: [Application]}}
    first: &daemon
      type: daemon
      displayName: Daemon
      apiPermissions: {api: {application: [Job], adminConsent: true}}
    second: *daemon
edit:
  applications: {first: {apiPermissions: gone}, second: {apiPermissions: gone}}
""",
)
def applications_lose(view: LimitsView, _: LimitsView) -> Iterator[Finding]:
    """Find that more applications would lose something than may in one apply."""
    most = view.manifest.policy.limits.max_applications
    if view.applications > most:
        yield Finding({"applications": view.applications, "most": most})


@rule(
    "refuse",
    "{key}/{value}: {client} would lose its tenant-wide consent, and the environment is protected",
    word="many",
    example="""\
manifest:
  environments: {dev: {protected: true, deployers: [Emulator deployer]}}
  applications:
    api:
      type: api
      displayName: API
      scopes: {read: {displayName: Read, description: Reads.}}
    spa: {type: spa, displayName: SPA, apiPermissions: {api: {delegated: [read], adminConsent: true}}}
lock: true
edit:
  applications: {spa: {apiPermissions: gone}}
""",
)
def consent_lost(view: LimitsView, move: Move) -> Iterator[Finding]:
    """Find a tenant-wide consent that a client of a protected environment would lose."""
    if view.manifest.protected and move.value.kind == "scope":
        yield _lost(move)


@rule(
    "refuse",
    "role {value} stays, and would lose its last holder ({who})",
    word="last",
    example="""\
manifest:
  applications:
    api:
      type: api
      displayName: API
      appRoles: {Reader: {displayName: Reader, description: Reads.}}
  appRoleAssignments: {api: {Reader: {users: [alice@contoso.com]}}}
edit:
  appRoleAssignments: {api: {Reader: {users: []}}}
""",
)
def last_holder_lost(view: LimitsView, _: LimitsView) -> Iterator[Finding]:
    """Find a role that stays and would lose its last holder. A public comment may show it: a group is named
    there, a person is not.
    """
    sides = view.stakes.before, view.stakes.after
    where = impact.moving(*sides)
    before, after = (held.holders(side, where) for side in sides)
    roles = ((key, role.value) for key, roles in sides[1].roles.items() for role in roles.values())
    staying = {Value(key, "role", value) for key, value in roles if value}
    for value in sorted(before.keys() & staying):
        left = after.get(value, frozenset())
        people = sorted((each.type, each.name) for each in before[value] if each.type != "application")
        if (
            people
            and value.application not in view.deleted
            and not any(each.type != "application" for each in left)
        ):
            type_, name = people[0]
            who = f"group {name}" if type_ == "group" else "a user"
            yield found(value.application, None, value=value.value, who=who)


@rule(
    "refuse",
    "too much to review at once: what gives power or lowers a guard takes {size:,} characters, and of a pull "
    "request's comments {room:,} are for this environment; split it",
    word="unseen",
    example="""\
manifest:
  applications: {web: {type: web, displayName: Web}}
edit:
  applications: {web: {properties: {defaultRedirectUri: "https://contoso.com/{long.text}"}}}
""",
)
def review_too_long(view: LimitsView, _: LimitsView) -> Iterator[Finding]:
    """Find that what gives power or lowers a guard is more than the comments of a pull request can show."""
    size, room = effects.size(view.plan.effects), effects.room(view.manifest.environments)
    if size > room:
        yield Finding({"size": size, "room": room})
