"""What happened to the users, groups and applications that a manifest names, as findings; and what plan
refuses or withholds, where no other finding is about it.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from entra_config.actual import names
from entra_config.actual.apis import position_of_api
from entra_config.actual.pins import differs
from entra_config.actual.questions import everybody
from entra_config.checks.rules import pins
from entra_config.claimants import pin_is_gone
from entra_config.drift.gone import format_losses_of_clients
from entra_config.drift.identify import DeletedApi, Known
from entra_config.drift.model import Finding, Objects
from entra_config.errors import Position, Problem
from entra_config.kinds.app_role_assignment import AppRoleAssignmentKind
from entra_config.kinds.base import enterprise_address, segment
from entra_config.kinds.directory import Directory, Principal
from entra_config.kinds.permission_grant import PermissionGrantKind
from entra_config.kinds.table import TRACES
from entra_config.kinds.trace import ConsentTrace, Link
from entra_config.manifest.model import Manifest, Named
from entra_config.phrase import Person, Phrase
from entra_config.plan.model import Notice, Plan, Withheld, address_of, subject_of
from entra_config.resource import Address, Resource

NEVER_THERE = ", or never in this tenant"
_NOUNS = {"user": "user", "group": "group", "servicePrincipal": "application"}


def deleted(
    manifest: Manifest, directory: Directory, earlier: Objects, apis: Mapping[str, DeletedApi]
) -> Iterator[Finding]:
    """Yield each object that the manifest names and that was deleted, with what was lost by it; `apis` are
    the deleted APIs of others, by the manifest's name.
    """
    seen: set[str] = set()
    for types, named in everybody(manifest):
        id_ = named.id
        if id_ is None or id_ in seen or any(directory.principal(type_, named) for type_ in types):
            continue
        seen.add(id_)
        type_ = types[0]
        group = earlier.groups.get(named.name.casefold())
        who = _losers(type_, group.people if group is not None else None)
        lost = ", ".join(_held(manifest, named))
        words = [" deleted", f": {who} lost {lost}" if lost else ""]
        yield _deleted(
            Address(type_, named.name), _called(type_, named.name, id_), words, id_, named.position
        )
    for key, api in apis.items():
        if api.id and api.id in seen:
            continue
        lost = format_losses_of_clients(key, manifest)
        words = [" deleted", NEVER_THERE if api.purged else "", f": {lost}" if lost else ""]
        name = _called("servicePrincipal", api.name, api.id)
        event = _deleted(enterprise_address(key), name, words, api.id, position_of_api(manifest, key))
        yield replace(event, element=key) if api.purged else event


def _deleted(
    address: Address, name: Phrase, words: Sequence[str], id_: str, position: Position | None
) -> Finding:
    return Finding(
        address,
        "removed",
        f"{_NOUNS.get(address.kind, 'application')}-deleted",
        Phrase.of(name, *words),
        element=id_,
        subjects=(id_,) if id_ else (),
        position=position,
        ends={"object": id_} if id_ else {},
        gives="lost",
        event="deleted",
    )


def _losers(type_: str, people: int | None) -> str:
    if type_ != "group":
        return "it" if type_ == "servicePrincipal" else "this user"
    if people is None:
        return "its members"
    return "1 person" if people == 1 else f"{people} people"


def _held(manifest: Manifest, named: Named) -> Iterator[str]:
    """Yield the roles that the manifest gives to a name, by the values that tokens carry."""
    for (key, label), assignees in manifest.assignments.items():
        if any(named.id == each.id for _, listed in assignees.by_type for each in listed):
            roles = manifest.applications[key].app_roles if key in manifest.applications else {}
            value = roles[label].value if label in roles else label
            yield f"{value or label} of {key}"


def renamed(manifest: Manifest, directory: Directory, unpinned: Container[str] = ()) -> Iterator[Finding]:
    """Yield each object that has another name now, unless the lock file has that name too; `unpinned` are the
    names that no pin led to: plan no longer finds those.
    """
    seen: set[str] = set()
    for named, who in _there(manifest, directory):
        if who.id != named.id or who.id in seen or named.name == named.id:
            continue
        known = directory.renamed.get(who.id)
        if known is None or known.pinned or not differs(named.name, who.called(named)):
            continue
        seen.add(who.id)
        lost = named.name.casefold() in unpinned
        now: str | Person = Person(who.name, who.id) if who.type == "user" else who.name
        words = " (it is not pinned, so plan no longer finds it)" if lost else ""
        yield Finding(
            Address(who.type, named.name),
            "changed",
            f"{_NOUNS[who.type]}-renamed",
            Phrase.of(_called(who.type, named.name, who.id), " renamed to ", now, words),
            element=who.id,
            subjects=(who.id,),
            position=named.position,
            ends={"object": who.id},
            part=who.name,
            gives="lost" if lost else "text",
            event="renamed",
        )


def _there(manifest: Manifest, directory: Directory) -> Iterator[tuple[Named, Principal]]:
    """Yield whom the manifest names, its APIs of others included, each with the object in the tenant."""
    for types, named in everybody(manifest):
        who = next((each for type_ in types if (each := directory.principal(type_, named))), None)
        if who is not None:
            yield named, who
    for key, enterprise in manifest.enterprise_applications.items():
        api, named_api = directory.apis.get(key), enterprise.named
        if api is not None and named_api is not None:
            id_ = str(api.id)
            yield replace(named_api, id=id_), Principal(id_, api.shown or named_api.name, "servicePrincipal")


def _called(type_: str, name: str, id_: str) -> Phrase:
    return Phrase.of(Person(name, id_)) if type_ == "user" else Phrase.of(f"{_NOUNS[type_]} {name}")


def with_withheld(findings: Iterable[Finding], plan: Plan) -> Iterator[Finding]:
    """Yield the findings; of a missing grant that plan withholds, also why plan does not give it."""
    given = {address_of(change): subject_of(change) for change in plan.changes}
    for finding in findings:
        held = _withheld(finding, plan, given.get(finding.address))
        words = Phrase.of(", or never given; plan withholds it: ", _with_remedy(held)) if held else ""
        yield replace(finding, sentence=Phrase.of(finding.sentence, words), held=held is not None)


def skipped(plan: Plan, directory: Directory) -> Iterator[Finding]:
    """Yield each missing consent that `policy.consent` does not allow, so that plan does not change it."""
    principals = {key: id_ for id_, key in directory.own_principals.items()}
    for refusal in plan.refusals:
        consent = refusal.skipped
        if consent is None or consent.client not in principals:
            continue
        client, api = principals[consent.client], directory.apis[consent.api]
        of_role = consent.kind != "delegated"
        kind, path = (AppRoleAssignmentKind.name, "") if of_role else (PermissionGrantKind.name, "scope")
        place = f"{segment(consent.api)}/{segment(consent.permission)}/servicePrincipal:{consent.client}"
        ends = {"resource": str(api.id)}
        ends |= {"role": consent.id, "principal": client} if of_role else {"client": client}
        what = (
            f"{api.called}/{consent.permission} taken from {consent.client}"
            if of_role
            else f"admin consent to {consent.permission} taken away: {consent.client} → {api.called}"
        )
        yield Finding(
            Address(kind, place if of_role else f"{consent.client}/{segment(consent.api)}"),
            "removed",
            "assignment-removed" if of_role else "admin-consent-removed",
            Phrase.of(what, ", or never given; plan skips it: ", refusal.message),
            path,
            element=consent.id if of_role else consent.permission,
            subjects=(str(api.id), client),
            position=refusal.position,
            ends=ends,
            application=consent.client,
            keys=frozenset({consent.client, consent.api}),
            held=True,
        )


def _withheld(finding: Finding, plan: Plan, given: Resource | None) -> Withheld | None:
    """Return what withholds the missing grant of a finding; `given` is what plan gives at its address."""
    trace = TRACES.get(finding.address.kind)
    if finding.sign != "removed" or trace is None or not isinstance(trace.reported, Link | ConsentTrace):
        return None
    if given is not None and (not trace.each or finding.element in given.values[trace.each]):
        return None
    return next((each for each in plan.withheld if each.address and each.address.key in finding.about), None)


def _with_remedy(held: Withheld) -> Phrase:
    return Phrase.of(held.message, "; ", held.remedy)


def withheld(plan: Plan, problems: Iterable[Problem], findings: Sequence[Finding]) -> Iterator[Finding]:
    """Yield what plan refuses or withholds, unless another finding is about the same object."""
    keys = {key for each in findings for key in each.about}
    positions = {each.position for each in findings} - {None}
    refused = [
        (each.message, each.address, each.position)
        for each in plan.refusals
        if each.absent not in keys and each.skipped is None
    ]
    refused += [(each.message, None, each.position) for each in problems]
    for verb, said in (
        ("refuses", refused),
        ("withholds", [(_with_remedy(each), each.address, each.position) for each in plan.withheld]),
    ):
        for message, address, position in said:
            if position in positions or (address is not None and address.key in keys):
                continue
            yield Finding(
                address or Address("environment", plan.environment),
                "changed",
                f"plan-{verb}",
                Phrase.of(f"plan {verb}: ", message),
                element=str(message),
                position=position,
                application=address.key if address is not None else "",
                gives="setting",
                event="withheld",
            )


def others(warnings: Iterable[Notice], known: Known, directory: Directory) -> Iterator[Notice]:
    """Yield the warnings that tell something else than who was deleted or renamed, and not of a pin that only
    drift knows.
    """
    missing, _ = names.remarks(known.manifest, dict(directory.principals))
    renamed = (
        pins.name_changed.report(pins.describe(known.manifest, each)) for each in directory.renamed.values()
    )
    told = {notice.message for notice in (*missing, *renamed) if notice.position}
    told |= {pin_is_gone(key, app_id) for key, app_id in known.app_ids.items()}
    yield from (notice for notice in warnings if notice.message not in told)
