"""Every path of the Graph half, from the tables of the collections."""

from entra_config.emulator.graph import (
    app_role_assignments,
    applications,
    deleted_items,
    directory_audits,
    directory_objects,
    federated_credentials,
    groups,
    managers,
    oauth2_permission_grants,
    organization,
    owners,
    passwords,
    relationships,
    service_principals,
    users,
)
from entra_config.emulator.graph.routing import Router

ROUTER = Router(
    applications.ROUTES,
    passwords.ROUTES,
    federated_credentials.ROUTES,
    service_principals.ROUTES,
    app_role_assignments.ROUTES,
    oauth2_permission_grants.ROUTES,
    owners.ROUTES,
    relationships.ROUTES,
    groups.ROUTES,
    users.ROUTES,
    managers.ROUTES,
    organization.ROUTES,
    directory_objects.ROUTES,
    deleted_items.ROUTES,
    directory_audits.ROUTES,
)
