"""A tenant in; the side navigation with its counts out."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from entra_emulator.portal import policy_rows, powers
from entra_emulator.portal.words import brief
from entra_emulator.tenant import Tenant


class NavigationEntry(NamedTuple):
    """One entry: its key, its words, where it leads, and what stands beside: a number, or how many are on."""

    key: str
    words: str
    address: str
    beside: str = ""


def places(tenant: Tenant, address: Callable[..., str], on: int) -> list[tuple[str, list[NavigationEntry]]]:
    """Return headings with their entries; `on` is how many faults are."""
    work = [
        NavigationEntry("start", "Start", address()),
        NavigationEntry("changes", "Changes and snapshots", address("changes")),
        NavigationEntry("traffic", "Traffic", address("traffic")),
        NavigationEntry("token", "Token lab", address("token")),
        NavigationEntry("faults", "Faults and clock", address("faults"), beside=f"{on} on" if on else ""),
    ]
    objects = [
        NavigationEntry(key, words, address(key), brief(number)) for key, words, number in counts(tenant)
    ]
    return [(tenant.display_name, work), ("Objects", objects)]


def counts(tenant: Tenant) -> list[tuple[str, str, int]]:
    """Return each kind of object: its key, its words and how many there are."""
    return [
        ("registrations", "Registrations", len(tenant.applications)),
        ("enterprise", "Enterprise applications", len(tenant.service_principals)),
        ("users", "Users", len(tenant.users)),
        ("groups", "Groups", len(tenant.groups)),
        ("roles", "App roles", sum(len(row["appRoles"]) for row in own_principals(tenant))),
        ("directory-roles", "Directory roles", len(powers.names(tenant))),
        ("grants", "Grants", len(tenant.oauth2_permission_grants)),
        ("policies", "Policies", len(policy_rows.everything(tenant))),
        ("deleted", "Deleted", len(tenant.deleted_items)),
    ]


def own_principals(tenant: Tenant) -> Iterable[Mapping[str, Any]]:
    """Return the enterprise applications of the tenant's own registrations: Microsoft's have a thousand roles
    between them.
    """
    return (row for row in tenant.service_principals if row.get("appOwnerOrganizationId") == tenant.tenant_id)
