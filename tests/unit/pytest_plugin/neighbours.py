"""A beginning and a chance in; tests that write to their tenants in any order, each held against the
beginning.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from entra_config.pytest_plugin.tenant import EntraTenant
from entra_emulator.directory import Tenants
from entra_emulator.snapshots.compare import differences

AT_ONCE = 8
Deed = Callable[[EntraTenant], None]


def _disables(tenant: EntraTenant) -> None:
    assert tenant.graph().patch("users/alice@contoso.com", json={"accountEnabled": False}).status_code == 204


def _registers(tenant: EntraTenant) -> None:
    assert tenant.graph().post("applications", json={"displayName": "Of one test"}).status_code == 201


def _leaves_groups(tenant: EntraTenant) -> None:
    for group in list(tenant.tenant.groups):
        for member in tenant.tenant.members.targets(group["id"]):
            tenant.tenant.members.remove(group["id"], member)


def _deletes(tenant: EntraTenant) -> None:
    graph = tenant.graph()
    for app in graph.get("applications?$select=id,displayName").json()["value"]:
        if not app["displayName"].startswith("Emulator"):
            assert graph.delete(f"applications/{app['id']}").status_code == 204


def _adds_secrets(tenant: EntraTenant) -> None:
    graph = tenant.graph()
    for app in graph.get("applications?$select=id").json()["value"][:3]:
        assert graph.post(f"applications/{app['id']}/addPassword", json={}).status_code == 200


def _takes_roles(tenant: EntraTenant) -> None:
    table = tenant.tenant.app_role_assignments
    for row_id in list(table.order):
        table.remove(row_id)


def _chooses(tenant: EntraTenant) -> None:
    tenant.directory.choose({"*": {"usersMayConsent": False}})


def _signs_in(tenant: EntraTenant) -> None:
    assert tenant.sign_in("alice", "spa", "api/user.read").roles == {"Admin", "Writer", "Reader"}


DEEDS: tuple[Deed, ...] = (
    _disables,
    _registers,
    _leaves_groups,
    _deletes,
    _adds_secrets,
    _takes_roles,
    _chooses,
    _signs_in,
)


def shuffled(base: Tenants, chance: random.Random) -> None:
    """Run some tests in any order, several at a time: each finds the beginning, and leaves it as it is."""
    before = base.fork()
    open_: list[EntraTenant] = []
    for deed in chance.choices(DEEDS, k=AT_ONCE):
        tenant = EntraTenant.of(base)
        assert differences(base, tenant.directory) == []
        assert tenant.sign_in("alice", "spa", "api/user.read").roles == {"Admin", "Writer", "Reader"}
        deed(tenant)
        open_.append(tenant)
        if chance.random() < 0.4:
            # One that began earlier goes on writing.
            _leaves_groups(chance.choice(open_))
    assert differences(base, before) == []
    assert base.ids.counter == before.ids.counter
    assert [len(t.audit) for t in base.tenants.values()] == [len(t.audit) for t in before.tenants.values()]
