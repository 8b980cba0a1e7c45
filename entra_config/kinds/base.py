"""What a kind is: what it asks, which resources it makes of manifest and answers, which writes carry a
change out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Any, Protocol

from entra_config.graph.request import Request
from entra_config.kinds.details import Detail, SignInList
from entra_config.kinds.directory import Directory, Live, Subject
from entra_config.kinds.trace import Trace
from entra_config.kinds.writes import Patch, WriteView
from entra_config.manifest.fields.field import Brought
from entra_config.manifest.model import Application, Manifest
from entra_config.manifest.until import Until
from entra_config.plan.diff import Shape
from entra_config.plan.model import Change, Delete, Effect
from entra_config.plan.steps import Step
from entra_config.resource import WHOLE, Address, Ref, Resource, Text, Value

OWNER_TAG = "entra-config:owner="
KEY_TAG = "entra-config:key="
# Drawn anew for each POST, so that a lost answer is found again and nothing else is. Once written it proves
# nothing.
CREATED_TAG = "entra-config:created="
# Drawn anew before a client is given something: an answer that has it is no older than the look at the
# client's owners.
LOOKED_TAG = "entra-config:looked="
NOT_COMPARED = (CREATED_TAG, LOOKED_TAG)


@dataclass(frozen=True, order=True, slots=True)
class Grant:
    """One thing that is given at an API: `delegated`, `application`, `authorization` to a client.

    `assignment` (a role) and `ownership` go to a user, group or service principal: `holder` is the id.
    """

    client: str
    resource: str
    type: str
    permission: str
    holder: str = ""


class Fieldless:
    """What a kind inherits that brings no field to the manifest and lets nobody sign in, and whose values
    come back as they were sent.
    """

    fields: tuple[Brought, ...] = ()
    sign_ins: tuple[SignInList, ...] = ()

    def normal(self, values: Mapping[str, Value]) -> Mapping[str, Value]:
        """Return the values themselves."""
        return values


class GrantsNothing(Fieldless):
    """What a kind inherits that gives nothing to any client."""

    def grants(self, resource: Resource) -> Iterable[Grant]:  # noqa: ARG002  # the protocol's
        """Return nothing."""
        return ()

    def without(self, resource: Resource, refused: AbstractSet[Grant]) -> Resource | None:  # noqa: ARG002  # the protocol's
        """Return the resource itself."""
        return resource


class Kind(Protocol):
    """One kind of resource. Pure: it says what to ask and what to send, and never does either."""

    @property
    def name(self) -> str:
        """Return the kind's name, as addresses carry it."""

    @property
    def shape(self) -> Shape:
        """Return how its resources are compared."""

    @property
    def fields(self) -> tuple[Brought, ...]:
        """Return the fields that it brings to the manifest's applications, besides those of the table."""

    @property
    def sign_ins(self) -> tuple[SignInList, ...]:
        """Return the lists of whose tokens sign in as an application."""

    @property
    def trace(self) -> Trace:
        """Return what people and the audit log call its resources."""

    def questions(self, subject: Subject, manifest: Manifest) -> Mapping[Detail[Any], Request]:
        """Return the list requests about one live subject, by the question that each answers."""

    def desired(self, manifest: Manifest, directory: Directory) -> Iterable[Resource]:
        """Return what the manifest wants."""

    def actual(self, manifest: Manifest, directory: Directory) -> Iterable[Resource]:
        """Return what the tenant has, as far as the manifest manages it."""

    def normal(self, values: Mapping[str, Value]) -> Mapping[str, Value]:
        """Return the values of either side as Graph will answer them: so alike, they are compared."""

    def grants(self, resource: Resource) -> Iterable[Grant]:
        """Return what a resource gives to clients of ours, so that policy and distrust can hold it back."""

    def without(self, resource: Resource, refused: AbstractSet[Grant]) -> Resource | None:
        """Return the resource without some of its grants, None where nothing is left."""

    def effects(self, change: Change) -> Iterable[Effect]:
        """Return what a change gives somebody, and which guards it lowers: whole, for who reviews it."""

    def expand(self, view: WriteView) -> Iterable[Step | Patch]:
        """Return the writes that carry this kind's changes out."""


def ending(resource: Resource, until: Until | None) -> Resource:
    """Return a resource with the last day of what it stands for, if there is one."""
    return resource if until is None else replace(resource, ends={WHOLE: until.day})


def segment(name: str) -> str:
    """Return a name as one part of a key: a `/` in it parts nothing."""
    return name.replace("%", "%25").replace("/", "%2F")


def application_address(key: str) -> Address:
    """Return the address of an application."""
    return Address("application", key)


def is_application(address: Address) -> bool:
    """Tell whether an address is that of an application itself, and not of a part of one."""
    return address == application_address(address.key)


def deletes_application(change: Change) -> bool:
    """Return True if a change deletes an application itself, and not a part of one."""
    return isinstance(change, Delete) and is_application(change.before.address)


def enterprise_address(key: str) -> Address:
    """Return the address of an enterprise application."""
    return Address("enterpriseApplication", key)


def text(*parts: str | Ref) -> Text:
    """Return a path or string that holds references."""
    return Text(parts)


def tags_of(manifest: Manifest, key: str) -> tuple[str, str]:
    """Return the two marks of an application of ours."""
    return f"{OWNER_TAG}{manifest.owner}", f"{KEY_TAG}{key}"


def marks_of(manifest: Manifest, directory: Directory, key: str) -> list[str]:
    """Return the marks that an application gets: its own, or those that it bears while the lock file does
    not say so.
    """
    live = directory.live.get(key)
    body = (live.subject.application if live else None) or {}
    if body.get("id") not in directory.unsaid:
        return list(tags_of(manifest, key))
    return ownership(body)


def ownership(body: Mapping[str, Any]) -> list[str]:
    """Return the ownership tags of an application as Graph has it, whoever's they are."""
    return [tag for tag in body.get("tags") or () if tag.startswith((OWNER_TAG, KEY_TAG))]


def bears_owner(values: Mapping[str, Any]) -> bool:
    """Tell whether an application, as a resource or as Graph has it, bears the mark of anybody's manifest."""
    return any(tag.startswith(OWNER_TAG) for tag in values.get("tags") or ())


def created_ref(key: str) -> Ref:
    """Return what stands for the mark of one creation, until the run that sends it draws it."""
    return Ref(application_address(key), "created")


def looked_ref(key: str) -> Ref:
    """Return what stands for the mark of one look, until the run that sends it draws it."""
    return Ref(application_address(key), "looked")


def ignored_tags(live: Iterable[str] | None, ownership: Iterable[str]) -> list[str]:
    """Return the desired tags where `ignoreChanges` names them: the live ones with the ownership tags of this
    tool, which no manifest can ignore, since they decide what is managed.
    """
    return sorted({*unmarked(live or (), OWNER_TAG, KEY_TAG), *ownership})


def unmarked(tags: Iterable[str], *prefixes: str) -> list[str]:
    """Return tags without those of this tool, or of some types of them."""
    return [tag for tag in tags if not tag.startswith(prefixes or (OWNER_TAG, KEY_TAG, *NOT_COMPARED))]


def unique_name(manifest: Manifest, key: str) -> str:
    """Return the alternate key that guards the creation of an application against doubles."""
    return f"{manifest.project}.{manifest.environment}.{key}"


def managed_applications(
    manifest: Manifest, directory: Directory
) -> Iterable[tuple[Application, Live | None]]:
    """Yield each declared application with what the tenant has of it."""
    for key, application in manifest.applications.items():
        yield application, directory.live.get(key)


def is_removed(manifest: Manifest, key: str) -> bool:
    """Tell whether an application of ours stands under `removed:` with `destroy: true`."""
    return key not in manifest.applications and key in manifest.removed and manifest.removed[key].destroy


def is_released(manifest: Manifest, key: str) -> bool:
    """Tell whether an application of ours stands under `removed:` with `destroy: false`: when this plan is
    carried out it is others'.
    """
    return key not in manifest.applications and key in manifest.removed and not manifest.removed[key].destroy


def ignored(application: Application, path: str) -> bool:
    """Tell whether `ignoreChanges` names this Graph path, its last part, or something above it."""
    parts = path.split(".")
    return any(
        rule in {path, parts[-1]} or path.startswith(f"{rule}.") for rule in application.ignore_changes
    )
