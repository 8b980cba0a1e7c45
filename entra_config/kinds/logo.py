"""Logos: the picture that people see where an application asks for their consent.

It is compared by its digest, so it is read where the manifest has one. Graph takes no logo away again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from entra_config.errors import Position
from entra_config.graph.request import Request, Response, picture
from entra_config.kinds.base import GrantsNothing, application_address, ignored, text
from entra_config.kinds.details import Detail
from entra_config.kinds.directory import Directory, Subject
from entra_config.kinds.facts import application_at
from entra_config.kinds.trace import Part, Trace
from entra_config.kinds.writes import Patch, WriteView
from entra_config.manifest.fields.field import Brought, graph_row
from entra_config.manifest.model import Application, Manifest
from entra_config.manifest.reading.files import Files
from entra_config.manifest.reading.node import Node
from entra_config.manifest.reading.reader import Reader
from entra_config.plan.diff import Shape
from entra_config.plan.model import Change, Create, Effect, Update
from entra_config.plan.steps import Phase, Present, Probe, Step
from entra_config.resource import Address, Facts, Ref, Resource

KEY = PATH = "logo"
LARGEST = 100  # KB, of 1,024 bytes
# By their first bytes: what a name says is nothing.
TYPES: Mapping[bytes, str] = {
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
}
ROW = graph_row(
    KEY,
    PATH,
    "text",
    "A picture that people see on the consent page: a file, relative to the manifest that names it.",
    "logos/app.png",
    f"GIF, JPEG or PNG of at most {LARGEST} KB, below the root file's folder",
)
PROSE = (
    "A `logo` is compared by the SHA-256 of its bytes, with what Graph answers at `/applications/{id}/logo`; "
    "it is read only where one is declared.\n"
    "Graph takes none away again, so one that is declared no longer stays."
)


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture: its bytes, what type it is, as `image/png`, and where the manifest names it."""

    content: bytes
    type: str
    position: Position | None = field(default=None, compare=False)


LOGO = Detail("its logo", lambda item: hashlib.sha256(item["content"]).hexdigest(), picture=True)


def type_of(content: bytes) -> str | None:
    """Return what type of picture bytes are, None of what Graph does not take."""
    return next((type_ for head, type_ in TYPES.items() if content.startswith(head)), None)


def read(node: Node, files: Files, reader: Reader) -> Logo | None:
    """Return the picture in the file that the manifest names."""
    name = reader.text(node, KEY)
    if name is None:
        return None
    content = files.read(name, node.position.file, "pictures", LARGEST)
    if isinstance(content, str):
        reader.problems.add(node.position, f"`{KEY}`: {content}")
        return None
    type_ = type_of(content)
    if type_ is None:
        reader.problems.add(node.position, f"`{KEY}`: `{name}` is not a GIF, JPEG or PNG file")
        return None
    return Logo(content, type_, node.position)


def import_request(application: Mapping[str, Any]) -> Request | None:
    """Ask for the picture of a registration that has one."""
    address = (application.get("info") or {}).get("logoUrl")
    return Request("GET", f"/applications/{application['id']}/logo") if address else None


def import_file(key: str, response: Response) -> tuple[str, Mapping[str, bytes]] | None:
    """Return the name of the picture's file and the file; None if no manifest takes the picture."""
    content = picture(response) or b""
    type_ = type_of(content) if len(content) <= LARGEST << 10 else None
    if type_ is None:
        return None
    name = f"logos/{key}.{type_.partition('/')[2]}"
    return f"../{name}", {name: content}


class LogoKind(GrantsNothing):
    """The one of each application that declares one."""

    name = "applicationLogo"
    trace = Trace(
        "logo",
        Part(PATH),
        lambda own, tenant: {"object": application_at(tenant, own.parent).id},
    )
    shape = Shape()
    fields = (Brought(ROW, read, import_request, import_file, "homePageUrl", PROSE),)

    def questions(self, subject: Subject, manifest: Manifest) -> Mapping[Detail[Any], Request]:
        """Ask for the picture of an application that declares one."""
        if subject.application is None or subject.deleted or _declared(manifest, subject.key) is None:
            return {}
        return {LOGO: Request("GET", f"/applications/{subject.application['id']}/logo")}

    def desired(self, manifest: Manifest, directory: Directory) -> Iterable[Resource]:  # noqa: ARG002  # the protocol's
        """Return each that the manifest declares."""
        for key in manifest.applications:
            if (application := _declared(manifest, key)) is not None:
                digest = hashlib.sha256(application.added[KEY].content).hexdigest()
                yield _resource(key, digest, application)

    def actual(self, manifest: Manifest, directory: Directory) -> Iterable[Resource]:
        """Return the live one of each application that declares one."""
        for key, live in directory.live.items():
            if (application := _declared(manifest, key)) is not None:
                yield from (_resource(key, digest, application) for digest in live.rows(LOGO))

    def effects(self, change: Change) -> Iterable[Effect]:  # noqa: ARG002  # the protocol's
        """Return nothing: a picture lets nobody do anything."""
        return ()

    def expand(self, view: WriteView) -> Iterable[Step | Patch]:
        """Return one PUT for each picture that is new or another."""
        for change in view.of(self.name):
            match change:
                case Create(after) | Update(_, after):
                    assert after.parent is not None
                    yield _put(after, after.parent, view.manifest.applications[after.parent.key].added[KEY])


def _declared(manifest: Manifest, key: str) -> Application | None:
    application = manifest.applications.get(key)
    wanted = application is not None and KEY in application.added and not ignored(application, PATH)
    return application if wanted else None


def _resource(key: str, digest: str, application: Application) -> Resource:
    return Resource(
        Address("applicationLogo", key),
        {PATH: digest},
        Facts(),
        title=key,
        parent=application_address(key),
        position=application.positions[PATH],
    )


def _put(after: Resource, parent: Address, logo: Logo) -> Step:
    path = text("/applications/", Ref(parent), "/logo")
    return Step(
        f"{after.address}/put",
        (after.address,),
        Phase.REFERENCE,
        Request("PUT", path, logo.content, {"Content-Type": logo.type}),
        parent,
        f"{parent}/logo",
        visible=Probe(Request("GET", path), Present()),
    )
