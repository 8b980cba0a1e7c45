"""How many applications and assignments in, a contoso that has as many of them out."""

import random

from entra_emulator.clock import Clock
from entra_emulator.directory import Tenants
from entra_emulator.graph.entities.application import make_app_role
from entra_emulator.seed import (
    add_application,
    add_service_principal,
    add_user,
    assign,
    contoso,
    fixed_id,
)
from entra_emulator.table import Row


def generate(
    n_applications: int, n_assignments: int, *, seed: int = 0, clock: Clock | None = None
) -> Tenants:
    """Make a contoso with many more users, applications and assignments."""
    directory = contoso(clock=clock, seed=str(seed))
    tenant = directory.default
    chance = random.Random(seed)  # noqa: S311  # test data
    users = [
        add_user(tenant, f"user{n:05}@contoso.com", f"User {n:05}") for n in range(min(1000, n_assignments))
    ]
    resources_: list[tuple[Row, str]] = []
    for number in range(n_applications):
        name = f"Generated {number:05}"
        role_id = fixed_id(name, "role")
        roles = [make_app_role(role_id, "Reader", "Reader", "Reads.", ["User", "Application"])]
        tags = [f"example:owner=generated{number % 100}/prod", f"example:key=app{number}"]
        app = add_application(
            tenant, name, appRoles=roles, tags=tags, uniqueName=f"generated.prod.app{number}"
        )
        resources_.append((add_service_principal(tenant, app), role_id))
    for number in range(n_assignments):
        resource, role_id = resources_[number % n_applications]
        user = users[(number // n_applications + chance.randrange(2) * 500) % len(users)]
        assign(tenant, {**user, "type": "User"}, resource, role_id)
    return directory
