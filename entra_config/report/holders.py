"""Who holds which role in; lines for a terminal out: people, then applications, then who owns what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from entra_config.actual.access import Entrance, Holding, Ownership, Potential
from entra_config.manifest.until import wording
from entra_config.plan.model import TenantInfo
from entra_config.report import escape
from entra_config.report import potential as could
from entra_config.report.lines import Line, cells, counted, line, padded

_WHY = {"": "is disabled", "application": "is deleted", "servicePrincipal": "has no service principal"}
UNDECLARED = "not in the manifest"


@dataclass(frozen=True, slots=True)
class AccessReading:
    """What a report of access is of: project and environment, the tenant, when it was read, and as whom."""

    owner: str
    tenant: TenantInfo
    at: datetime
    by: str

    @property
    def moment(self) -> str:
        """Return when it was read."""
        return f"{self.at:%Y-%m-%d %H:%M} UTC"


def lines(
    holdings: Sequence[Holding],
    *,
    explain: bool,
    owners: Sequence[Ownership] = (),
    entrances: Sequence[Entrance] = (),
    about: AccessReading | None = None,
    potential: Potential | None = None,
) -> Iterator[Line]:
    """Yield one line for each holder, by role; `explain` adds through what, since when, and where the
    manifest says so. Who could gain access is below them.
    """
    if about is not None:
        yield from _head(about)
    if not holdings and not owners:
        yield line("Nobody.")
    if holdings:
        yield from _holders(holdings, explain=explain)
    if owners:
        yield from _owners(owners, explain=explain)
    if potential is not None:
        yield from could.lines(potential)
    notes = list(entrance_notes(entrances))
    if notes:
        yield line()
    for reported in notes:
        yield line(escape.text(reported))


def _head(about: AccessReading) -> Iterator[Line]:
    tenant = f"{escape.text(about.tenant.name)} ({about.tenant.id[:4]}…)"
    yield line((f"Access of {about.owner} · {tenant}", "bold"))
    yield line((f"read {about.moment} as {escape.text(about.by)}", "dim"))
    yield line()


def _owners(owners: Sequence[Ownership], *, explain: bool) -> Iterator[Line]:
    """Yield who owns which application, and by that can act as it."""
    yield line()
    if explain:
        for each in owners:
            acts = f", and can act as it: {', '.join(each.permissions)}" if each.permissions else ""
            owns = f"{owner_name(each)} owns {each.application}{until(each.until)}{acts}"
            yield line(escape.text(owns))
        return
    yield line(("Owners", "bold"), ("  can act as the application", "dim"))
    by_application: dict[str, list[str]] = {}
    for each in owners:
        by_application.setdefault(each.application, []).append(f"{owner_name(each)}{until(each.until)}")
    width = max(cells(escape.text(name)) for name in by_application) + 2
    for name, members in sorted(by_application.items()):
        yield line("  ", padded(escape.text(name), width), escape.text(", ".join(members)))


def entrance_notes(entrances: Sequence[Entrance]) -> Iterator[str]:
    """Yield a line for each API for which nobody gets a token, and one for all that require no assignment."""
    for each in entrances:
        if not each.enabled:
            yield f"{each.application} {_WHY[each.missing]}: nobody gets a token for it"
    names = sorted(each.application for each in entrances if each.enabled and not each.assignment_required)
    if len(names) == 1:
        yield f"{names[0]} requires no assignment: everybody gets a token for it, without roles"
    elif names:
        yield (
            f"{len(names)} applications require no assignment, so everybody gets a token for them, without "
            f"roles: {', '.join(names)}"
        )


_UNKNOWN = "The audit log does not say since when somebody is in a group where no such day stands."
_NESTED = (
    "Members of a group inside a group hold nothing through it: Entra gives roles to direct members only."
)


def _holders(holdings: Sequence[Holding], *, explain: bool) -> Iterator[Line]:
    width = min(50, max(cells(escape.text(name(each))) for each in holdings) + 2)
    for role, members in by_role(holdings):
        yield line((escape.text(role), "bold"), (f"  {count(members)}", "dim"))
        for each in members:
            yield _holder(each, width, explain=explain)
    if hand := sum(map(is_undeclared, holdings)):
        yield line()
        yield line((f"Not in the manifest: {hand}.", "mid"), " Drift shows who made it.")
    if explain:
        yield line()
        if any(each.group and each.type == "user" and not each.member_since for each in holdings):
            yield line((_UNKNOWN, "dim"))
        yield line((_NESTED, "dim"))


def _holder(each: Holding, width: int, *, explain: bool) -> Line:
    marked = (", disabled: gets no token", "yellow") if each.disabled else ("", "dim")
    hand = (f", {UNDECLARED}", "mid") if is_undeclared(each) else ("", "")
    noun = "application, " if each.type == "application" else "group, " if each.empty else ""
    reported = padded(escape.text(name(each)), width) + noun + escape.text(each.through) + until(each.until)
    if not explain:
        return line("  ", reported, marked, hand)
    return line("  ", reported, marked, (steps(each), "dim"), hand, right=each.position)


def is_undeclared(each: Holding) -> bool:
    """Return True if the manifest does not declare it: for an application, neither as a request of its
    client nor as acknowledged.
    """
    return each.undeclared if each.type == "application" else each.position is None


def owner_name(each: Ownership) -> str:
    """Return who owns an application, and whether the account is disabled."""
    return f"{each.name} (disabled)" if each.disabled else each.name


def name(each: Holding) -> str:
    """Return who holds it, as people read it: an application of others in quotes with its id."""
    return each.called or each.name


def until(day: date | None) -> str:
    """Return when something ends, as words behind others."""
    return f", {wording(day)}" if day is not None else ""


def steps(each: Holding) -> str:
    """Return since when each step of the path is: of a group its assignment, and the person in it where the
    log still says so.
    """
    since = f", since {each.since[:10]}" if each.since else ""
    inside = (
        f", in it since {each.member_since[:10]}"
        if each.member_since and each.group and each.type == "user"
        else ""
    )
    return since + inside


def by_role(holdings: Sequence[Holding]) -> list[tuple[str, list[Holding]]]:
    """Return the holders of each role, people and groups first, then applications."""
    found: dict[str, list[Holding]] = {}
    for each in sorted(holdings, key=lambda each: each.type == "application"):
        found.setdefault(role_of(each), []).append(each)
    return sorted(found.items())


def role_of(each: Holding) -> str:
    """Return a role by the value that tokens carry, with the manifest's label where that is another, and
    whether it is gone.
    """
    if each.role_deleted:
        named = f"{each.label}, id {each.role}" if each.label else each.role
        return f"{each.application}/{named} (gone: tokens carry nothing)"
    label = f" ({each.label})" if each.label not in {"", each.role} else ""
    return f"{each.application}/{each.role}{label}"


def count(members: Sequence[Holding]) -> str:
    """Return how many people, applications and groups hold one role."""
    people = len({each.id for each in members if each.type == "user"})
    applications = len({each.id for each in members if each.type == "application"})
    unknown = len({each.id for each in members if each.type == "group" and not each.empty})
    empty = len({each.id for each in members if each.empty})
    parts = [counted(people, "person", "people")] if people else []
    parts += [counted(applications, "application")] if applications else []
    disabled = len({each.id for each in members if each.disabled})
    parts += [f"{counted(unknown, 'group')} with unknown members"] if unknown else []
    parts += [f"{counted(empty, 'group')} without people"] if empty else []
    return ", ".join(parts) + (f" ({disabled} disabled)" if disabled else "")
