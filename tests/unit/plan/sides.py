"""Sides of a plan about one API: who is assigned to its role Read, or to one that has no value."""

from __future__ import annotations

from typing import Any

from entra_config.plan.held import Assignment, Holder, Role, Side
from entra_config.resource import Address
from tests.unit.plan.estates import API, holder

LI, BO = holder("user:li"), holder("user:bo")
LARGE, UNREAD = holder("group:large"), holder("group:unread")
HERE = Address("appRoleAssignment", "here")
CLOSED = frozenset({"api"})


def held(role: str, who: Holder, address: Address | None = None) -> Assignment:
    """Make an assignment to a role of the API."""
    return Assignment("api", role, who, address)


def side(*assignments: Assignment, roles: dict[str, Role] | None = None, **more: Any) -> Side:
    """Make one side: roles 1 (Read) and 2 (silent) of the API."""
    offered = {"1": Role("Read", "reader"), "2": Role(None)} if roles is None else roles
    return Side({"api": offered}, frozenset(assignments), addresses={"api": API}, **more)
