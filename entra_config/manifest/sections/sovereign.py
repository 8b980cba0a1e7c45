"""A manifest and the cloud that it is for in; an error for what is of the public cloud alone out."""

from __future__ import annotations

from entra_config.manifest.fields.platform_workloads import MANAGED_IDENTITY
from entra_config.manifest.model import Manifest
from entra_config.manifest.reading.problems import Problems

# The emulator's tenants are of the public cloud.
PUBLIC = frozenset({"global", "emulator"})


def unknown_forms(cloud: str) -> frozenset[str]:
    """Return the forms of federated credentials that mean nobody in a cloud."""
    return frozenset() if cloud in PUBLIC else frozenset({MANAGED_IDENTITY.key})


def check(manifest: Manifest, cloud: str) -> None:
    """Raise ManifestError for each `managedIdentity` where the cloud is another: its form makes the issuer of
    the public cloud, and with that no identity of this one signs in.
    """
    problems = Problems()
    for application in manifest.applications.values() if unknown_forms(cloud) else ():
        for credential in application.federated_credentials.values():
            # No other form has this word.
            if (position := credential.positions.get(MANAGED_IDENTITY.subjects[0].keys[0])) is not None:
                message = (
                    f"`{MANAGED_IDENTITY.key}` makes an issuer of the public cloud, {credential.issuer}, "
                    f"and this is {cloud}: write `issuer`, `subject` and `audience` as the identity's "
                    "tokens have them"
                )
                problems.add(position, message)
    problems.finish()
