"""The list of policies, and the page of one: what it refuses, whom it holds for, and how Graph shows it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from entra_emulator.portal import graph_json, policy_rows, policy_words, trail
from entra_emulator.portal.listing import LISTED, Cell, ListFilter, page_of
from entra_emulator.portal.objects import NamedObject, name_of, named
from entra_emulator.portal.policy_rows import WORDS, ListedPolicy, everything
from entra_emulator.portal.policy_words import PolicyLine
from entra_emulator.portal.visit import Visit
from entra_emulator.portal.words import count

Row = Mapping[str, Any]
_ROLES = {
    "microsoft-company-admin": ("Global Administrator", "Privileged Role Administrator"),
    "microsoft-application-admin": ("Application Administrator", "Cloud Application Administrator"),
}


def show_list(visit: Visit) -> Response:
    """Show the policies of the tenant."""
    kind = visit.param("kind", "all", *WORDS)
    rows = [{"policy": each} for each in everything(visit.tenant)]

    def cells(row: Row) -> list[Cell]:
        policy: ListedPolicy = row["policy"]
        holding = _holds_for(visit, policy)
        return [
            Cell(name_of(policy.row), address(visit, policy), policy.id, code=True),
            Cell(WORDS[policy.kind]),
            Cell("each tenant has it" if policy.built_in else "made here"),
            Cell(holding.words),
        ]

    choices = (ListFilter("kind", "Type", (("all", "any"), *WORDS.items()), kind),)
    listing = page_of(
        visit,
        rows,
        len(rows),
        texts=lambda row: [name_of(row["policy"].row), row["policy"].id],
        cells=cells,
        keep=None if kind == "all" else lambda row: row["policy"].kind == kind,
        choices=choices,
    )
    return visit.render(
        "list.html",
        here="policies",
        words="Policies",
        listing=listing,
        columns=["Name", "Type", "Made", "Holds for"],
        choices=choices,
        searched="Name or id",
        nothing="There is no policy.",
        remark="",
        add=None,
    )


def show(visit: Visit) -> Response:
    """Show one policy."""
    kind, wanted = visit.request.path_params["kind"], visit.request.path_params.get("id", "")
    policy = next((each for each in everything(visit.tenant) if (each.kind, each.id) == (kind, wanted)), None)
    if policy is None:
        return visit.missing("policy", wanted or kind, "policies")
    holding = _holds_for(visit, policy)
    return visit.render(
        "policy.html",
        here="policies",
        policy=policy,
        switched=(policy_rows.APPS, policy_rows.DEFAULT),
        name=name_of(policy.row),
        type=WORDS[kind],
        lines=_SAYS[kind](visit, policy.row),
        holding=holding,
        more=len(holding.objects) - LISTED,
        trail=trail.entries(visit, [str(policy.row["id"])]),
        graph=graph_json.shown(visit, policy.path, address(visit, policy)),
    )


def address(visit: Visit, policy: ListedPolicy) -> str:
    """Return the page of a policy."""
    return visit.path("policies", policy.kind, *([policy.id] if policy.id else []))


@dataclass(frozen=True)
class PolicyHolding:
    """Whom a policy holds for: in words, and the objects or directory roles by name."""

    words: str
    objects: tuple[NamedObject, ...] = ()


def _holds_for(visit: Visit, policy: ListedPolicy) -> PolicyHolding:
    tenant, own = visit.tenant, str(policy.row["id"])
    if policy.kind == policy_rows.GRANTS:
        if own in tenant.choices.user_consent_policies:
            on = tenant.choices.users_may_consent
            return PolicyHolding("everybody" if on else "nobody: people may not consent")
        roles = _ROLES.get(own, ())
        named_roles = tuple(NamedObject(each, visit.path("directory-roles", each)) for each in roles)
        return PolicyHolding(" and ".join(roles) or "nobody", named_roles)
    if policy.kind in policy_rows.GIVEN:
        holders = policy_rows.links(tenant, policy.kind).sources(own)
        found = tuple(named(visit, each) for each in holders)
        return PolicyHolding(count(len(found), "application") if found else "nothing", found)
    if policy.kind == policy_rows.DEFAULT:
        return PolicyHolding("every application without a policy of its own")
    return PolicyHolding("everybody without a directory role")


_SAYS: Mapping[str, Callable[[Visit, Row], list[PolicyLine]]] = {
    policy_rows.AUTHORIZATION: lambda visit, _: policy_words.of_authorization(visit.tenant.choices),
    policy_rows.REQUESTS: lambda visit, _: policy_words.of_consent_requests(visit.tenant.choices),
    policy_rows.DEFAULT: lambda _, row: policy_words.of_app_management(row),
    policy_rows.APPS: lambda _, row: policy_words.of_app_management(row),
    policy_rows.GRANTS: lambda _, row: policy_words.of_grants(row),
    policy_rows.REALMS: lambda *_: [
        PolicyLine("Which sign-in page people are led to", "not in force", "one realm here")
    ],
    **dict.fromkeys(
        policy_rows.OF_TOKENS,
        lambda *_: [PolicyLine("What tokens have", "not in force", "tokens are of the default")],
    ),
}
