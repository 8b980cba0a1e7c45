"""Which consents of a client are the manifest's business: those that it manages, and those whose request it drops."""

from __future__ import annotations

from entra_config.kinds.base import Directory, Live, is_removed
from entra_config.kinds.graph_values import at
from entra_config.manifest.model import Manifest


def managed(manifest: Manifest, client: str, resource: str) -> bool:
    """Tell whether consent of application permissions is the manifest's business for this pair."""
    declared = manifest.applications.get(client)
    if declared is None:
        return is_removed(manifest, client)
    permission = next((p for p in declared.api_permissions.values() if p.resource == resource), None)
    return permission is not None and permission.application_consent is not None


def dropped(manifest: Manifest, live: Live, resource_id: str, directory: Directory) -> bool:
    """Tell whether the tenant's application requests an API that the manifest does not: its consents go with the request."""
    declared = manifest.applications.get(live.subject.key)
    if declared is None:
        return False
    app_id = directory.app_ids.get(resource_id)
    wanted = {str(directory.apis[p.resource].app_id) for p in declared.api_permissions.values() if p.resource in directory.apis}
    required = {resource["resourceAppId"] for resource in at(live.subject.application, "requiredResourceAccess") or []}
    return app_id in required - wanted
