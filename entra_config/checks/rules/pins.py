"""Rules about pinned objects that the tenant describes otherwise than the manifest or the lock file.

The id decides, whoever has the name. So the plan reports both names. In a protected environment nothing new
is granted to the object or at it until the lock file has both names: a reviewer sees names, and not whose an
id is.
"""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.checks.grants import GrantView
from entra_config.checks.rule import Finding, found, rule
from entra_config.checks.tenant import TenantView
from entra_config.kinds.base import Grant
from entra_config.kinds.directory import Directory, Renamed
from entra_config.manifest.model import Manifest
from entra_config.phrase import Phrase


@rule(
    "notice",
    "{difference}; its pinned id decides{way}",
    example="""\
manifest:
  environments: {dev: {protected: true, deployers: [Emulator deployer]}}
  applications:
    api:
      type: api
      displayName: API
      appRoles: {Reader: {displayName: Reader, description: Reads.}}
  appRoleAssignments: {api: {Reader: {groups: [Audit]}}}
lock: true
hand:
  - {PATCH: "/groups/{Audit.id}", body: {displayName: Auditors}}
""",
)
def name_changed(view: TenantView, renamed: Renamed) -> Iterator[Finding]:
    """Find a pinned object that the tenant describes otherwise: by name, owner or tags."""
    yield describe(view.manifest, renamed)


def describe(manifest: Manifest, renamed: Renamed) -> Finding:
    """Return how the tenant describes a pinned object otherwise."""
    way = "" if renamed.pinned else f": {remedy(manifest)}"
    return Finding({"difference": renamed.difference, "way": way}, None, renamed.position)


@rule(
    "withhold",
    "{what}: {difference}",
    remedy="{remedy}",
    example="""\
manifest:
  environments: {dev: {protected: true, deployers: [Emulator deployer]}}
  applications:
    api:
      type: api
      displayName: API
      appRoles: {Reader: {displayName: Reader, description: Reads.}}
  appRoleAssignments: {api: {Reader: {groups: [Audit]}}}
lock: true
hand:
  - {PATCH: "/groups/{Audit.id}", body: {displayName: Auditors}}
edit:
  applications: {api: {appRoles: {Writer: {displayName: Writer, description: Writes.}}}}
  appRoleAssignments: {api: {Writer: {groups: [Audit]}}}
""",
)
def name_unconfirmed(view: GrantView, _: object) -> Iterator[Finding]:
    """Find a grant to a pinned object, or at one, that the tenant describes otherwise than the lock file."""
    ids, grant = view.directory.unsaid, view.grant
    renamed = next((view.directory.renamed[id_] for id_ in _ends(view.directory, grant) if id_ in ids), None)
    if renamed is not None:
        if grant.holder == renamed.id:
            what = Phrase.of(renamed.name, f" gets nothing new at {grant.resource}")
        else:
            to = f"to {grant.client} " if grant.client else ""
            what = Phrase.of(f"nothing new is given {to}at {grant.resource}")
        place, way = (grant.client or grant.resource, renamed.position), remedy(view.manifest)
        yield found(*place, what=what, difference=renamed.difference, remedy=way)


def unsaid(directory: Directory, key: str) -> Renamed | None:
    """Return what the lock file does not say of the application of a key, None where it says all."""
    live = directory.live.get(key)
    body = live.subject.application if live is not None else None
    id_ = str(body["id"]) if body is not None else ""
    return directory.renamed[id_] if id_ in directory.unsaid else None


def _ends(directory: Directory, grant: Grant) -> Iterator[str]:
    """Yield the ids of all objects that a grant is about."""
    yield grant.holder
    for key in (grant.client, grant.resource):
        if (renamed := unsaid(directory, key)) is not None:
            yield renamed.id
    api = directory.apis.get(grant.resource)
    yield str(api.id) if api is not None else ""


def remedy(manifest: Manifest) -> str:
    """Return what a person can do."""
    return (
        f"look whether it is the one that is meant; `entra-config lock {manifest.chosen}` then "
        "writes both down"
    )
