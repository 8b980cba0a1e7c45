"""App role assignments in; their resources and keys, alike on both sides, out."""

from __future__ import annotations

from entra_config.errors import Position
from entra_config.kinds import given
from entra_config.kinds.base import application_address, segment
from entra_config.kinds.facts import AssignmentFacts
from entra_config.phrase import Phrase
from entra_config.resource import Address, Resource


def assigned(
    key: str, facts: AssignmentFacts, name: str, parent: str, position: Position | None = None
) -> Resource:
    """Return an assignment as a resource, below the application that it goes with."""
    role, holder = facts.sides
    return Resource(
        Address("appRoleAssignment", key),
        {},
        facts,
        title=Phrase.of(f"{role} ← ", holder),
        display_name=name,
        parent=application_address(parent),
        position=position,
        of=application_address(facts.resource),
    )


def given_key(holder: given.Grantee, name: str) -> str:
    """Return the key of a role that an application of others is given."""
    return f"{segment(holder.api.name)}/{segment(name)}/servicePrincipal:{holder.who.id}"


def consent_key(api: str, role: str, client: str) -> str:
    """Return the key of a role that a client of ours holds."""
    return f"{segment(api)}/{segment(role)}/servicePrincipal:{client}"
