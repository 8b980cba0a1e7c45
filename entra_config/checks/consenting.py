"""A policy's consents, which name APIs, and a tenant in; what may be consented at which object of it out.

`policy.consent` says   and it counts for
an API of Microsoft     that API, whatever a tenant calls it
an appId                that application, whatever manifest and tenant call it
a key or a display name the application of others that bears the declared name in the tenant, or that the lock
file says is
                             called otherwise; not where a restricted file says what the key is: its author
                             would say what it means
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from entra_config.kinds.directory import Api, Directory
from entra_config.manifest.model import Manifest


@dataclass(frozen=True, slots=True)
class Consenting:
    """The permissions that may be consented, by the API's object id and their kind; and why a listed name
    counts for none.
    """

    allowed: Mapping[str, Mapping[str, frozenset[str]]]
    reasons: Mapping[str, str]

    def allows(self, id_: object, kind: str, permission: str) -> bool:
        """Tell whether a permission of the API of an object id may be consented."""
        return permission in self.allowed.get(str(id_), {}).get(kind, frozenset())


def consenting(manifest: Manifest, directory: Directory) -> Consenting:
    """Return what an environment's policy means in this tenant."""
    allowed: dict[str, dict[str, frozenset[str]]] = {}
    reasons: dict[str, str] = {}
    by_app_id = {str(api.app_id): api for api in directory.apis.values()}
    for name, kinds in manifest.policy.consent.items():
        api = directory.apis.get(name) or by_app_id.get(name)
        if api is None or api.address is not None:
            continue
        if reason := _otherwise(manifest, directory, name, api):
            reasons[name] = reason
            continue
        place = allowed.setdefault(str(api.id), {})
        for kind, permissions in kinds.items():
            place[kind] = place.get(kind, frozenset()) | permissions
    return Consenting(allowed, reasons)


def _otherwise(manifest: Manifest, directory: Directory, name: str, api: Api) -> str:
    """Return why a name in a policy does not mean the object that the manifest calls so."""
    declared = manifest.enterprise_applications.get(name)
    found = directory.renamed.get(str(api.id))
    if found is not None and not found.pinned:
        return f"`policy.consent` means {found.name}, and {name} is '{api.shown}' in this tenant"
    if (
        declared is not None
        and declared.position is not None
        and any(manifest.path_restrictions.get(file) for file in declared.position.files)
    ):
        return (
            f"a file with `mayDeclare` says what `{name}` is: list it in `policy.consent` by its appId "
            f"({api.app_id})"
        )
    return ""
