"""Write what a Terraform configuration refers to: the ids of an API, of its scopes and roles, and of its
clients.
"""

from __future__ import annotations

from entra_config import quoting
from entra_config.manifest.model import Manifest
from entra_config.manifest.targets import App
from entra_config.settings import source
from entra_config.settings.registered import RegisteredTenant


def variables(manifest: Manifest, app: App, tenant: RegisteredTenant) -> str:
    """Return one variable for the API, as JSON that Terraform reads. Nothing in it is secret."""
    api = tenant.registered(app.key)
    clients = {each.key: tenant.registered(each.key).app_id for each in source.clients(manifest, app.key)}
    value = {
        "tenant_id": manifest.tenant_id,
        "client_id": api.app_id,
        "identifier_uri": api.app_id_uri,
        "scope_ids": dict(api.scope_ids),
        "role_ids": dict(api.role_ids),
        "client_ids": clients,
    }
    return quoting.json({f"entra_{app.key}": value})
