"""The manifests of a project's environments in; the identities of its pipeline out, each with the least
that it needs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from entra_config.bootstrap.model import READER, JobIdentity, Pipeline, SignIns
from entra_config.checks import privileges
from entra_config.errors import UsageError
from entra_config.graph import privileges as graph_privileges
from entra_config.manifest.model import Manifest, Named

# Entra takes no more federated credentials on one application.
MOST_SIGN_INS = 20
WRITER = "writer-"


def pipeline(
    manifests: Sequence[Manifest],
    sign_ins: SignIns,
    *,
    deployers: Sequence[Named],
    title: str = "",
    names: Mapping[str, str] = MappingProxyType({}),
) -> Pipeline:
    """Return the pipeline of a project; `names` are what identities are called already, by key."""
    first, *others = manifests
    for other in others:
        if other.tenant_id != first.tenant_id:
            raise UsageError(
                f"{first.environment} is of tenant {first.tenant_id} and {other.environment} of "
                f"{other.tenant_id}: "
                "bootstrap makes the pipeline of one tenant: give the other a manifest and a repository of "
                "its own"
            )
    called = title or first.project
    found = [reader(sign_ins, names.get(READER, f"{called} Reader"))]
    for manifest in manifests:
        key = writer_key(manifest.environment)
        found.append(writer(manifest, sign_ins, names.get(key, f"{called} Writer ({manifest.environment})")))
    for each in found:
        if len(each.sign_ins) > MOST_SIGN_INS:
            raise UsageError(
                f"{each.name} would have {len(each.sign_ins)} federated credentials, and Entra takes "
                f"{MOST_SIGN_INS} "
                "on one application: bring the environments into several manifests"
            )
    return Pipeline(first.project, first.tenant_id, sign_ins.issuer, tuple(found), tuple(deployers))


def in_order(manifests: Sequence[Manifest]) -> list[Manifest]:
    """Return environments as a pipeline applies them: as the root file has them, but what is protected
    after what is not.
    """
    return sorted(manifests, key=lambda each: each.protected)


def reader(sign_ins: SignIns, name: str) -> JobIdentity:
    """Return who plans: it reads what plan, preflight and drift read, and writes nothing."""
    return JobIdentity(READER, name, "", least_of_reader(), sign_ins.reader)


def writer(manifest: Manifest, sign_ins: SignIns, name: str) -> JobIdentity:
    """Return who applies one environment: what this very manifest needs, and no more."""
    environment = manifest.environment
    return JobIdentity(
        writer_key(environment), name, environment, least_of_writer(manifest), sign_ins.writers[environment]
    )


def writer_key(environment: str) -> str:
    """Return the key of the identity that applies an environment."""
    return f"{WRITER}{environment}"


def least_of_reader() -> tuple[str, ...]:
    """Return the permissions with which plan, preflight and drift leave nothing unread."""
    levels = (privileges.reading(), privileges.foreseeing(), privileges.watching())
    return tuple(graph_privileges.minimal(privileges.names(levels)))


def least_of_writer(manifest: Manifest) -> tuple[str, ...]:
    """Return the permissions with which all of an environment passes."""
    return tuple(privileges.least(privileges.of_manifest(manifest)))
