"""Tenants with one change, and what a token has in any reading: for what holds of the evaluator in every
tenant.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from tests.oracle.random_sign_ins import Tenant
from tests.oracle.shapes import Piece
from tests.oracle.token_endpoint import Token


def plus(world: Tenant, piece: Piece) -> Tenant:
    """Return a tenant with one more object."""
    name, one = piece
    return world | {name: [*world[name], one]}


def changed(world: Tenant, change: Callable[[Tenant], object]) -> Tenant:
    """Return a changed copy of a tenant."""
    copy = deepcopy(world)
    change(copy)
    return copy


def each(world: Tenant, name: str, **values: Any) -> Tenant:
    """Return a tenant in which all objects of one list have these properties."""
    return world | {name: [one | values for one in world[name]]}


def widest(token: Token) -> tuple[frozenset[str], frozenset[str]]:
    """Return all roles and scopes that a token has, for certain or perhaps."""
    return token.roles | token.perhaps_roles, token.scopes | token.perhaps_scopes
