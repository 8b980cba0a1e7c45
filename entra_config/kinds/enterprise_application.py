"""The enterprise application (Graph: servicePrincipal) of each application of ours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from entra_config.graph import odata
from entra_config.graph.request import Request
from entra_config.kinds import normal, setting_words
from entra_config.kinds.base import (
    GrantsNothing,
    application_address,
    enterprise_address,
    ignored,
    ignored_tags,
    managed_applications,
    marks_of,
    text,
    unmarked,
)
from entra_config.kinds.details import Detail
from entra_config.kinds.directory import Directory, Subject
from entra_config.kinds.facts import ApplicationFacts, EnterpriseFacts, application_at
from entra_config.kinds.graph_values import nest, pick
from entra_config.kinds.trace import Trace, Whole
from entra_config.kinds.writes import Patch, WriteView, purge
from entra_config.manifest.model import Manifest
from entra_config.plan.diff import Shape, holds
from entra_config.plan.model import Change, Create, Delete, Effect, Release, Restore, Update
from entra_config.plan.steps import Order, Phase, Present, Probe, Step
from entra_config.properties import find
from entra_config.resource import Ref, Resource, Value


class EnterpriseApplicationKind(GrantsNothing):
    """The service principals of our applications; those of others are never written."""

    name = "enterpriseApplication"
    trace = Trace(
        "enterprise application",
        Whole(),
        lambda own, tenant: _ends(own, application_at(tenant, own.parent)),
    )
    shape = Shape()

    def questions(self, subject: Subject, manifest: Manifest) -> Mapping[Detail[Any], Request]:  # noqa: ARG002  # the protocol's
        """Ask nothing: finding the subject has read it."""
        return {}

    def desired(self, manifest: Manifest, directory: Directory) -> Iterable[Resource]:
        """Return the enterprise application of each declared application that has one."""
        for application, live in managed_applications(manifest, directory):
            if application.enterprise is None:
                continue
            settings = application.enterprise.settings
            values: dict[str, Value] = {path: setting.value for path, setting in settings.items()}
            # Graph writes an application's tags on its service principal too, so they belong to both.
            own = application.settings["tags"].value if "tags" in application.settings else ()
            marks = marks_of(manifest, directory, application.key)
            values["tags"] = sorted({*(values.get("tags") or ()), *(own or ()), *marks})
            if live is not None and live.subject.service_principal is not None:
                tags = live.subject.service_principal.get("tags") or ()
                if "tags" not in settings:
                    values["tags"] = sorted({*values["tags"], *unmarked(tags)})
                values = {
                    path: value
                    for path, value in values.items()
                    if not ignored(application, f"enterpriseApplication.{path}")
                }
                values.setdefault("tags", ignored_tags(tags, marks))
            yield Resource(
                enterprise_address(application.key),
                values,
                EnterpriseFacts(),
                title=application.key,
                parent=application_address(application.key),
                position=application.enterprise.position or application.position,
                positions={path: setting.position for path, setting in settings.items() if setting.position},
            )

    def actual(self, manifest: Manifest, directory: Directory) -> Iterable[Resource]:
        """Return the service principals of ours that the manifest declares or removes."""
        for key, live in directory.live.items():
            body = live.subject.service_principal
            declared = manifest.applications.get(key)
            if body is None or live.subject.others or (declared is None and key not in manifest.removed):
                continue
            if declared is not None and declared.enterprise is None:
                continue  # none is made, and none is taken away
            paths = set(declared.enterprise.settings) if declared and declared.enterprise else set()
            yield Resource(
                enterprise_address(key),
                pick(body, sorted(paths)) | {"tags": list(body.get("tags") or ())},
                EnterpriseFacts(
                    body["id"], str(body["deletedDateTime"]) if body.get("deletedDateTime") else None
                ),
                title=key,
                parent=application_address(key),
            )

    def normal(self, values: Mapping[str, Value]) -> Mapping[str, Value]:
        """Return them without marks that are not compared."""
        return normal.marked(values)

    def effects(self, change: Change) -> Iterable[Effect]:
        """Return what lets more people in, and every setting that is not only read by people."""
        if not isinstance(change, Create | Update | Restore):
            return
        if isinstance(change, Restore):
            text = (
                f"{change.after.title} (enterprise application) is restored with its roles and consents, "
                f"deleted {change.before.facts.deleted}"
            )
            yield Effect("restore", text, change.after.address, change.after.position)
        for field in change.fields:
            row = find(field.path)
            guards = row.closed is not ...
            # What is created is open as Graph makes it; what is closed lowers nothing.
            if row.risk == "text" or (
                guards and (isinstance(change, Create) or field.after is not (not row.closed))
            ):
                continue
            for words in setting_words.reported(field):
                text = f"{change.after.title} (enterprise application): {words}"
                yield Effect(row.risk, text, change.after.address, field.position)

    def expand(self, view: WriteView) -> Iterable[Step | Patch]:
        """Return the writes of each change; a deleted application takes its service principal along."""
        for change in view.of(self.name):
            match change:
                case Create(after):
                    purges = view.purges.get(after.address, ())
                    yield from (
                        purge(after.address, id_, application_address(after.address.key)) for id_ in purges
                    )
                    yield _create(after, purges)
                case Update(before, after):
                    yield from _update(before, after)
                case Restore(before, after):
                    yield _restore(before)
                    yield from _update(before, after)
                case Release(before):
                    tags = unmarked(before.values["tags"])
                    yield Patch(
                        before.address,
                        Phase.EXTEND,
                        {"tags": tags},
                        (before.address,),
                        application_address(before.address.key),
                    )
                case Delete():
                    pass


def _update(before: Resource, after: Resource) -> Iterable[Patch]:
    changed = {
        path: value for path, value in after.values.items() if not holds(before.values.get(path), value)
    }
    if changed:
        yield Patch(
            after.address, Phase.EXTEND, changed, (after.address,), application_address(after.address.key)
        )


def _ends(own: Resource, application: ApplicationFacts) -> dict[str, str | None]:
    return {"object": own.facts.id or application.service_principal_id, "registration": application.id}


def _create(after: Resource, purges: Iterable[str]) -> Step:
    address, application = after.address, application_address(after.address.key)
    app_id = Ref(application, "appId")
    body = {
        "appId": app_id,
        **nest({path: value for path, value in after.values.items() if value is not None}),
    }
    by_key = Request("GET", odata.path("/servicePrincipals(appId=", app_id, ")"))
    return Step(
        id=f"{address}/create",
        carries=(address,),
        phase=Phase.CREATE,
        request=Request("POST", "/servicePrincipals", body),
        of=application,
        chain=str(address),
        needs=frozenset(f"{address}/purge/{id_}" for id_ in purges),
        produces={Ref(address): "id"},
        found_by=Probe(by_key, Present()),
        visible=Probe(Request("GET", text("/servicePrincipals/", Ref(address), "?$select=id")), Present()),
    )


def _restore(before: Resource) -> Step:
    id_, application = before.facts.id, application_address(before.address.key)
    live = Probe(Request("GET", f"/servicePrincipals/{id_}?$select=id"), Present())
    return Step(
        id=f"{before.address}/restore",
        carries=(before.address,),
        phase=Phase.CREATE,
        request=Request("POST", f"/directory/deletedItems/{id_}/restore"),
        of=application,
        chain=str(before.address),
        # Its roles and consents come back with it: so what can act as the application is read once more.
        order=Order(arms=frozenset({application})),
        found_by=live,
        visible=live,
    )
