"""The fourth stage: a plan, and what tokens say on either side of it.

word      what it stops                                                             where
many      more than 10 people, or 10 applications, lose something in one apply,    everywhere
          or 30 % of a role's people (3 always may); people who cannot be counted
          are too many; a lost tenant-wide consent is too many                     (protected alone)
last      a role that stays loses its last holder                                  everywhere
delete    an application is deleted                                                protected environments
restore   a deleted application or service principal is restored                   protected environments
used      a scope or role goes that another organization's application requires    everywhere
dangerous a permission of the built-in list is consented                           everywhere
takeover  an application that has another owner's tags becomes ours                everywhere, by --allow only
sink      a secret would go to a place where none of its own was sent before       protected environments,
                                                                                   by --allow only
unseen    what gives power or lowers a guard is more than comments show            everywhere, by --allow only
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from entra_config.kinds.base import deletes_application
from entra_config.manifest.model import Manifest
from entra_config.plan import held, impact
from entra_config.plan.held import Stakes
from entra_config.plan.impact import Move
from entra_config.plan.model import Bound, Plan, address_of

WORDS = ("many", "last", "delete", "restore", "used", "dangerous", "takeover", "sink", "unseen")


@dataclass(frozen=True)
class LimitsView:
    """What a rule of this stage sees: `manifest` is the manifest as written, not as it is today."""

    plan: Plan
    manifest: Manifest
    stakes: Stakes

    @cached_property
    def deleted(self) -> frozenset[str]:
        """Return the keys of the applications that are deleted. Whoever deletes one means all that is held
        of it, and by it, too: that is `delete`, not `many` or `last`.
        """
        return frozenset(address_of(each).key for each in self.plan.changes if deletes_application(each))

    @cached_property
    def lost(self) -> tuple[Move, ...]:
        """Return what people and applications lose."""
        moves = impact.moves(self.stakes.before, self.stakes.after, self.stakes.members)
        gone = self.deleted
        return tuple(
            each
            for each in moves
            if each.sign == "lose" and each.value.application not in gone and each.value.client not in gone
        )

    @cached_property
    def counted(self) -> tuple[Move, ...]:
        """Return what counts as lost. Assignment that becomes required is a setting, and is shown."""
        closed = self.stakes.after.closed - self.stakes.before.closed
        return tuple(
            each for each in self.lost if each.value.kind != "signIn" or each.value.application not in closed
        )

    @property
    def people(self) -> int:
        """Return how many people lose something, each once; of whom only the number is known, at least that
        many.
        """
        known = [each for each in self.counted if not each.unknown]
        named = {person.id for each in known for person in each.people}
        return max(len(named), *(each.count or 0 for each in known), 0)

    @property
    def applications(self) -> int:
        """Return how many applications lose something."""
        return len({each.id for move in self.lost for each in move.applications})

    def holders(self, move: Move) -> int | None:
        """Return how many people have the value before; None if nobody could count them."""
        found = held.holders(self.stakes.before, {move.value.application})
        return held.reached(found.get(move.value, ()), self.stakes.members)

    def most(self, total: int | None) -> int:
        """Return how many of a role's `total` people may lose it in one apply."""
        limits = self.manifest.policy.limits
        return max(limits.floor, (total or 0) * limits.max_removed_percent // 100)


def bounds(view: LimitsView) -> Iterator[Bound]:
    """Yield how many people and how many applications lose something and may, then of each role's people."""
    limits, counted = view.manifest.policy.limits, view.counted
    people = None if any(move.unknown for move in counted) else view.people
    yield Bound("people", people, limits.max_people)
    yield Bound("applications", view.applications, limits.max_applications)
    for move in counted:
        if move.value.kind == "role":
            most = view.most(view.holders(move))
            yield Bound("people", move.count, most, move.value.application, move.value.value)


def unknown_words(allow: Iterable[str]) -> list[str]:
    """Return the words that lift nothing, for an error before anything is read."""
    return sorted(set(allow) - set(WORDS))
