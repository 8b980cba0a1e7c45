"""Extension properties, the attributes that an application adds to users: a kind that the tests add to a
copy of the package.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from entra_config.graph.request import Request
from entra_config.kinds.base import GrantsNothing, application_address, text
from entra_config.kinds.details import Detail
from entra_config.kinds.directory import Directory, Subject
from entra_config.kinds.facts import application_at
from entra_config.kinds.trace import Link, Trace
from entra_config.kinds.writes import Patch, WriteView
from entra_config.manifest.fields.field import Field, Labelled
from entra_config.manifest.model import Manifest
from entra_config.plan.diff import Shape
from entra_config.plan.model import Change, Create, Delete, Effect
from entra_config.plan.steps import Absent, Listed, Phase, Probe, Step
from entra_config.resource import Address, Facts, Ref, Resource

TYPES = ("Binary", "Boolean", "DateTime", "Integer", "LargeInteger", "String")
PROPERTIES = Field(
    "extensionProperties",
    "extensionProperties",
    "watched",
    Labelled(
        "an extension property",
        (
            Field(
                "dataType",
                "dataType",
                "kept",
                "choice",
                "What it holds.",
                "String",
                choices=TYPES,
                defaults={"*": "String"},
            ),
            Field(
                "targetObjects",
                "targetObjects",
                "kept",
                "texts",
                "What bears it.",
                ["User"],
                required=False,
                longest=20,
            ),
        ),
        most=100,
    ),
    "Attributes that it adds to users and other objects, by name.",
    {"badge": {"dataType": "String", "targetObjects": ["User"]}},
    "at most 100",
)
EXTENSIONS = Detail("extension properties", dict)


@dataclass(frozen=True, slots=True)
class ExtensionFacts(Facts):
    """The attribute's own name in its application, by which the manifest calls it."""

    name: str = ""


class ExtensionPropertyKind(GrantsNothing):
    """One for each entry of `extensionProperties` of an application; what it holds cannot change."""

    name = "extensionProperty"
    trace = Trace(
        "extension property",
        Link(("extension property",), {"object": (1,), "extension": (0,)}),
        lambda own, tenant: {"object": application_at(tenant, own.parent).id, "extension": own.facts.id},
    )
    fields = (PROPERTIES,)
    shape = Shape()

    def questions(self, subject: Subject, manifest: Manifest) -> Mapping[Detail[Any], Request]:
        """Ask for those of an application."""
        if subject.application is None or subject.deleted:
            return {}
        return {EXTENSIONS: Request("GET", f"/applications/{subject.application['id']}/extensionProperties")}

    def desired(self, manifest: Manifest, directory: Directory) -> Iterable[Resource]:
        """Return each that the manifest declares."""
        for key, application in manifest.applications.items():
            if PROPERTIES.key in application.added:
                for name, said in application.added[PROPERTIES.key].value.items():
                    values = {
                        "dataType": said["dataType"],
                        "targetObjects": said["targetObjects"] or ["User"],
                    }
                    yield _resource(key, values, ExtensionFacts(name=name))

    def actual(self, manifest: Manifest, directory: Directory) -> Iterable[Resource]:
        """Return the live ones of each declared application."""
        for key, live in directory.live.items():
            if key in manifest.applications:
                for entry in live.rows(EXTENSIONS):
                    values = {"dataType": entry["dataType"], "targetObjects": entry["targetObjects"]}
                    # Graph puts the application before the name: extension_APPID_badge.
                    yield _resource(key, values, ExtensionFacts(entry["id"], entry["name"].split("_", 2)[2]))

    def effects(self, change: Change) -> Iterable[Effect]:
        """Return nothing: an attribute lets nobody do anything."""
        return ()

    def expand(self, view: WriteView) -> Iterable[Step | Patch]:
        """Return one POST or DELETE for each change; with its application gone, nothing is left to delete."""
        for change in view.of(self.name):
            match change:
                case Create(after):
                    assert after.parent is not None
                    path = text("/applications/", Ref(after.parent), "/extensionProperties")
                    body = {"name": ExtensionFacts.of(after).name, **after.values}
                    shown = Probe(Request("GET", path), Listed(dict(after.values)))
                    yield _write(after, "add", Request("POST", path, body), shown)
                case Delete(before) if not isinstance(
                    view.changes.get(before.parent or before.address), Delete
                ):
                    path = text(
                        "/applications/", Ref(before.parent or before.address), "/extensionProperties"
                    )
                    gone = Probe(Request("GET", path), Absent({"id": before.facts.id}))
                    yield _write(
                        before, "remove", Request("DELETE", text(*path.parts, f"/{before.facts.id}")), gone
                    )


def _resource(key: str, values: Mapping[str, Any], facts: ExtensionFacts) -> Resource:
    name = f"{key}/{facts.name}"
    return Resource(
        Address("extensionProperty", name), values, facts, title=name, parent=application_address(key)
    )


def _write(side: Resource, verb: str, request: Request, visible: Probe) -> Step:
    assert side.parent is not None
    return Step(
        f"{side.address}/{verb}",
        (side.address,),
        Phase.REFERENCE,
        request,
        side.parent,
        str(side.parent),
        visible=visible,
    )
