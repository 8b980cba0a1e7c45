"""`grants` in: the roles of others' APIs that principals which are not ours hold besides whatever else,
and those that go.
"""

from __future__ import annotations

from entra_config.manifest.environments.names import Names
from entra_config.manifest.fields.binder import bind
from entra_config.manifest.fields.root_records import GIVEN
from entra_config.manifest.model import Given, Named
from entra_config.manifest.reading.node import Entry, Node, Scalar
from entra_config.manifest.sections.assignments import is_ours
from entra_config.manifest.sections.declared_applications import DeclaredApplications

GRANTS = "grants"


def read(node: Node | None, directory: DeclaredApplications, names: Names, project: str) -> tuple[Given, ...]:
    """Read what is given to whom, at which API."""
    reader = directory.reader
    found: list[Given] = []
    for entry in reader.map(node, GRANTS).entries.values():
        named = names.one(Scalar(entry.key, entry.position), "holder", GRANTS)
        if named is None:
            continue
        if is_ours(named, directory, project):
            message = f"`{named.name}` is of this project: its `apiPermissions` say what it holds"
            reader.problems.add(entry.position, f"`{GRANTS}`: {message}")
        apis = reader.map(entry.node, entry.key).entries.values()
        found += [given for api in apis if (given := _given(named, api, directory)) is not None]
    return tuple(found)


def _given(named: Named, entry: Entry, directory: DeclaredApplications) -> Given | None:
    reader = directory.reader
    resource = directory.resource(entry.key, entry.position)
    fields = bind(entry.node, entry.key, GIVEN, reader)
    listed, until = reader.lasting(fields["application"], "application")
    given, absent = reader.texts(listed, "application"), fields["absent"]
    if not (given or absent):
        message = (
            f"`{entry.key}` says nothing: name roles under `application`, or under `absent` those that go"
        )
        reader.problems.add(entry.position, message)
    for name in sorted({*given} & {*absent}):
        reader.problems.add(
            fields.where("absent"), f"`{name}` stands under `application` too: it is given or it goes"
        )
    if resource is None:
        return None
    key, own = resource
    if own:
        message = (
            f"`{key}` is of this project: `appRoleAssignments` says by `servicePrincipals` who holds its "
            "roles"
        )
        reader.problems.add(entry.position, message)
        return None
    return Given(named, key, given, absent, entry.position, until)
