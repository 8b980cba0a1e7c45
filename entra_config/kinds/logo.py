"""Logos: the picture that people see where an application asks for their consent.

It is compared by its digest, so it is read where the manifest has one. Graph takes no logo away again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from entra_config.graph.request import Request
from entra_config.kinds.base import GrantsNothing, application_address, ignored, text
from entra_config.kinds.details import LOGO, Detail
from entra_config.kinds.directory import Directory, Subject
from entra_config.kinds.facts import application_at
from entra_config.kinds.trace import Part, Trace
from entra_config.kinds.writes import Patch, WriteView
from entra_config.manifest.model import Application, Manifest
from entra_config.plan.diff import Shape
from entra_config.plan.model import Change, Create, Effect, Update
from entra_config.plan.steps import Phase, Present, Probe, Step
from entra_config.resource import Address, Facts, Ref, Resource

PATH = "logo"


class LogoKind(GrantsNothing):
    """The one of each application that declares one."""

    name = "applicationLogo"
    trace = Trace(
        "logo",
        Part(PATH),
        lambda own, tenant: {"object": application_at(tenant, own.parent).id},
    )
    shape = Shape()

    def questions(self, subject: Subject, manifest: Manifest) -> Mapping[Detail[Any], Request]:
        """Ask for the picture of an application that declares one."""
        if subject.application is None or subject.deleted or _declared(manifest, subject.key) is None:
            return {}
        return {LOGO: Request("GET", f"/applications/{subject.application['id']}/logo")}

    def desired(self, manifest: Manifest, directory: Directory) -> Iterable[Resource]:  # noqa: ARG002  # the protocol's
        """Return each that the manifest declares."""
        for key in manifest.applications:
            application = _declared(manifest, key)
            if application is not None and application.logo is not None:
                digest = hashlib.sha256(application.logo.content).hexdigest()
                yield _resource(key, digest, application)

    def actual(self, manifest: Manifest, directory: Directory) -> Iterable[Resource]:
        """Return the live one of each application that declares one."""
        for key, live in directory.live.items():
            if (application := _declared(manifest, key)) is not None:
                yield from (_resource(key, each.digest, application) for each in live.rows(LOGO))

    def effects(self, change: Change) -> Iterable[Effect]:  # noqa: ARG002  # the protocol's
        """Return nothing: a picture lets nobody do anything."""
        return ()

    def expand(self, view: WriteView) -> Iterable[Step | Patch]:
        """Return one PUT for each picture that is new or another."""
        for change in view.of(self.name):
            match change:
                case Create(after) | Update(_, after):
                    assert after.parent is not None
                    yield _put(after, after.parent, view.manifest.applications[after.parent.key])


def _declared(manifest: Manifest, key: str) -> Application | None:
    application = manifest.applications.get(key)
    wanted = application is not None and application.logo is not None and not ignored(application, PATH)
    return application if wanted else None


def _resource(key: str, digest: str, application: Application) -> Resource:
    assert application.logo is not None
    return Resource(
        Address("applicationLogo", key),
        {PATH: digest},
        Facts(),
        title=key,
        parent=application_address(key),
        position=application.logo.position,
    )


def _put(after: Resource, parent: Address, application: Application) -> Step:
    assert application.logo is not None
    path = text("/applications/", Ref(parent), "/logo")
    return Step(
        f"{after.address}/put",
        (after.address,),
        Phase.REFERENCE,
        Request("PUT", path, application.logo.content, {"Content-Type": application.logo.type}),
        parent,
        f"{parent}/logo",
        visible=Probe(Request("GET", path), Present()),
    )
