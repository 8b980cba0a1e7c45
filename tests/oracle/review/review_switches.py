"""The rules of what a reviewer sees, by name, each with what the engine is without it, and the moves that
then go unread.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from tests.oracle.review import moves_of_access, moves_of_disguise, moves_of_registrations, noise
from tests.oracle.review.switches import Switch
from tests.oracle.switching import Off

MAIL = re.compile(r"[\w.+-]*@[\w.-]+")


def nothing(_: Any) -> Any:
    """Say nothing."""
    return lambda *_rest, **_options: ()


def without(id_: str) -> Off:
    """Ask all rules but one."""

    def off(original: Any) -> Any:
        def judge(stage: Any, view: Any) -> Any:
            kept = ((items, [rule for rule in rules if rule.id != id_]) for items, rules in stage)
            return original(tuple(kept), view)

        return judge

    return off


def empty(_: Any) -> Any:
    """Find no reason."""
    return lambda *_rest, **_options: ""


def by_its_beginning(_: Any) -> Any:
    """Leave out of a creation whatever begins as a mark of ours does."""

    def reported(change: Any, marks: Any) -> Iterator[Any]:
        for field in change.fields:
            items = tuple(item for item in field.items if not item.label.startswith("entra-config:"))
            if items or not field.items:
                yield replace(field, items=items)

    return reported


def by_its_text(original: Any) -> Any:
    """Take whatever looks like a mail address for somebody."""
    return lambda plan, **options: MAIL.sub("(someone)", original(plan, **options))


def nobody(_original: Any) -> Any:
    """Call every person the same."""
    return lambda _id: "a user"


def alike(original: Any) -> Any:
    """Take each change for as harmless as the next one, so that the plan's own order stays."""
    return type("Alike", (original,), {"risk": lambda _self, _change: "low"})


def raw(_: Any) -> Any:
    """Print a name as it is, whatever is not seen of it."""
    return lambda value: value.replace("\n", " ")


def untold(_: Any) -> Any:
    """Show changes only, in their own order."""
    return lambda plan, *_rest: plan


def unlooked(original: Any) -> Any:
    """Look at no client again before it is given something."""
    return lambda *rest: {
        address: replace(each, owners=(), others=(), marked=False)
        for address, each in original(*rest).items()
    }


def unnamed(original: Any) -> Any:
    """Call an application of others by the manifest's word alone."""
    return lambda *rest: replace(original(*rest), shown="")


SWITCHES = (
    Switch(
        "our marks are left out by field and value",
        {"report.change_text:_reported": by_its_beginning},
        ((moves_of_registrations.create,),),
    ),
    Switch(
        "people are left out by kind",
        {"report.markdown:render": by_its_text},
        ((moves_of_registrations.redirect,), (moves_of_registrations.federated,)),
    ),
    Switch(
        "two people are two, without their names",
        {"phrase:pseudonym": nobody},
        ((moves_of_access.holder,), (moves_of_access.owner,)),
    ),
    Switch(
        "what is not seen is spelled out",
        {"characters:printed": raw},
        ((moves_of_access.holder,), (moves_of_registrations.create,)),
    ),
    Switch(
        "what gives power comes first",
        {"report.markdown:_effects": empty, "report.plan_risk:Risks": alike},
        ((noise.noise, moves_of_access.holder, moves_of_registrations.federated),),
    ),
    Switch(
        "every change tells its effects",
        {"checks.judging:add_effects": untold},
        ((moves_of_access.holder,), (moves_of_access.owner,)),
    ),
    Switch(
        "more than comments show is refused",
        {"checks.rule:judge": without("review-too-long")},
        ((noise.deluge, moves_of_registrations.redirect),),
    ),
    Switch(
        "names that look alike are said to",
        {"checks.rule:judge": without("names-look-alike")},
        ((moves_of_access.holder,), (moves_of_access.team_holder,)),
    ),
    Switch(
        "a lock line that changes is told", {"actual.edited:_name": empty}, ((moves_of_disguise.swap_pin,),)
    ),
    Switch(
        "a pin of ours that changes is told",
        {"actual.edited:_application": nothing},
        ((moves_of_disguise.adopt,),),
    ),
    Switch(
        "a guard that is lower is told", {"manifest.edits:lowered": nothing}, ((moves_of_disguise.guards,),)
    ),
    Switch(
        "policy.consent is held by the object",
        {"checks.consenting:_otherwise": empty, "checks.rule:judge": without("name-unconfirmed")},
        ((moves_of_disguise.swap_pin, moves_of_access.consent),),
        budget=200,
    ),
    Switch(
        "others' applications bear the tenant's name",
        {"actual.apis:_others": unnamed},
        ((moves_of_disguise.swap_pin, moves_of_access.others_role),),
        budget=200,
    ),
    Switch(
        "what ignoreChanges lists is read",
        {"checks.rule:judge": without("ignored-property"), "checks.rules.undeclared:unsaid": nothing},
        ((moves_of_disguise.look_away,),),
    ),
    Switch(
        "a federated credential is doubted though it is ignored",
        {"checks.trust:_federated": nothing, "checks.watches:looks": unlooked},
        ((moves_of_disguise.ignore,),),
        budget=120,
    ),
    Switch(
        "a credential is doubted though it is ignored",
        {"checks.trust:_credentials": nothing, "checks.watches:looks": unlooked},
        ((moves_of_disguise.ignore,),),
        budget=120,
    ),
)
