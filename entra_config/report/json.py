"""A plan in, a versioned JSON document out; its schema is published as docs/schemas/plan.schema.json."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel

from entra_config.errors import Position
from entra_config.plan import effects, model, values
from entra_config.plan.steps import Step
from entra_config.report.document import (
    AccessIdsPart,
    AccessPart,
    Action,
    Change,
    Cost,
    DeployerPart,
    EffectPart,
    FieldDifference,
    Item,
    KeyPart,
    NoticePart,
    PersonPart,
    Place,
    PlanDocument,
    RefusalPart,
    RequestPart,
    SubjectPart,
    Summary,
    TenantPart,
    TestsDocument,
    WithheldPart,
)
from entra_config.resource import Address


def render(plan: model.Plan, *, show_requests: bool = False, tests: TestsDocument | None = None) -> str:
    """Return the plan as JSON, with what came of its access tests: ASCII only, so that no name reaches a
    terminal raw.
    """
    found = document(plan, show_requests=show_requests).model_copy(update={"tests": tests})
    content = found.model_dump(mode="json", by_alias=True)
    for name, shown in (("requests", show_requests), ("tests", tests is not None)):
        if not shown:
            del content[name]
    return written(content)


def written(content: Mapping[str, Any]) -> str:
    """Return a document's content as JSON text: ASCII only, so that no name reaches a terminal raw."""
    return json.dumps(content, indent=2, ensure_ascii=True) + "\n"


def published(found: BaseModel) -> str:
    """Return a published document as JSON text."""
    return written(found.model_dump(mode="json", by_alias=True))


def document(plan: model.Plan, *, show_requests: bool = False) -> PlanDocument:
    """Return the plan as the published document."""
    return PlanDocument(
        version=4,
        kind="plan",
        project=plan.project,
        environment=plan.environment,
        protected=plan.protected,
        tenant=TenantPart(id=plan.tenant.id, name=_safe(plan.tenant.name)),
        blocked=plan.blocked,
        summary=_summary(plan),
        effects=[_effect(each) for each in plan.effects],
        changes=[_change(change, plan.objects) for change in plan.changes],
        following=[_change(change, plan.objects) for change in plan.following],
        access=[_access(each, plan.objects.principals) for each in plan.access],
        keys=_keys(plan),
        deployers=[
            DeployerPart(name=_safe(d.name), id=d.id, app_id=d.app_id) for d in plan.objects.deployers
        ],
        warnings=[_warning(each) for each in plan.warnings],
        refusals=[_refusal(each) for each in plan.refusals],
        withheld=[_withheld(each) for each in plan.withheld],
        steps=len(plan.steps),
        read=Cost(requests=plan.read.requests, calls=plan.read.calls, depth=plan.read.depth),
        apply=Cost(requests=len(plan.steps), calls=None, depth=plan.depth),
        requests=[_request(step) for step in plan.steps] if show_requests else None,
    )


def action(change: model.Change) -> Action:
    """Return the word for what a change does."""
    match change:
        case model.Create():
            return "create"
        case model.Update():
            return "adopt" if change.adopts else "update"
        case model.Restore():
            return "restore"
        case model.Delete():
            return "delete"
        case model.Release():
            return "release"


def _change(change: model.Change, objects: model.Objects) -> Change:
    resource = model.subject_of(change)
    ids = objects.ids.get(resource.address, {})
    return Change(
        action=action(change),
        address=SubjectPart(kind=resource.address.kind, key=_safe(resource.address.key)),
        title=_safe(resource.title),
        display_name=_safe(resource.display_name),
        position=_place(resource.position),
        fields=_fields(change.fields),
        notes=[_safe(note) for note in change.notes],
        ids=dict(ids),
    )


def _keys(plan: model.Plan) -> list[KeyPart]:
    withheld = {each.address.key for each in plan.withheld if each.address is not None}
    return [
        KeyPart(
            key=_safe(each.key),
            object=each.object,
            app_id=each.app_id,
            service_principal=each.service_principal,
            proof=each.proof,
            withheld=each.key in withheld,
        )
        for each in plan.objects.keys
    ]


def _fields(fields: Iterable[model.FieldChange]) -> list[FieldDifference]:
    return [
        FieldDifference(
            path=_safe(field.path),
            before=None if field.items else _value(field.before, field.path),
            after=None if field.items else _value(field.after, field.path),
            items=[_item(item) for item in field.items],
            differences=_fields(field.differences),
            position=_place(field.position),
        )
        for field in fields
    ]


def _item(item: model.ItemChange) -> Item:
    return Item(
        action=item.sign,
        label=_safe(item.label),
        summary=_safe(item.summary),
        fields=_fields(item.fields),
        notes=[_safe(note) for note in item.notes],
    )


def _value(value: Any, path: str) -> Any:
    if values.secret(path):
        return None if value is None else values.SECRET
    return safe_value(values.to_json(value))


def safe_value(value: Any) -> Any:
    """Return a JSON value whose texts any UTF-8 writer takes."""
    match value:
        case str():
            return _safe(value)
        case list():
            return [safe_value(item) for item in value]
        case dict():
            return {_safe(key): safe_value(item) for key, item in value.items()}
        case _:
            return value


def _safe(value: str) -> str:
    """Replace lone surrogates, which no UTF-8 writer takes; all else is escaped by JSON itself."""
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _access(each: model.AccessChange, principals: Mapping[str, str]) -> AccessPart:
    return AccessPart(
        kind=each.kind,
        application=_safe(each.application),
        role=_safe(each.role),
        label=_safe(each.label),
        client=_safe(each.client) or None,
        action=each.sign,
        count=each.count,
        people=[_person(one) for one in each.people],
        application_count=len(each.applications),
        applications=[_person(one) for one in each.applications],
        ids=AccessIdsPart(
            resource=principals.get(each.application),
            role=each.role_id or None,
            client=principals.get(each.client),
        ),
    )


def _person(one: model.Affected) -> PersonPart:
    return PersonPart(id=_safe(one.id), name=_safe(one.name), through=_safe(one.through))


def _warning(each: model.Notice) -> NoticePart:
    return NoticePart(
        message=_safe(each.message), address=_subject(each.address), position=_place(each.position)
    )


def _refusal(each: model.Refusal) -> RefusalPart:
    return RefusalPart(
        word=each.word,
        message=_safe(each.message),
        blocks=each.blocks,
        address=_subject(each.address),
        position=_place(each.position),
    )


def _withheld(each: model.Withheld) -> WithheldPart:
    return WithheldPart(
        message=_safe(each.message),
        remedy=_safe(each.remedy),
        address=_subject(each.address),
        position=_place(each.position),
    )


def _effect(each: model.Effect) -> EffectPart:
    return EffectPart(
        type=each.type,
        risk=effects.risk(each),
        text=_safe(each.text),
        address=_subject(each.address),
        position=_place(each.position),
    )


def _request(step: Step) -> RequestPart:
    return RequestPart(
        step=step.id,
        method=step.request.method,
        path=step.request.endpoint + str(values.to_json(step.request.path)),
        body=_value(step.request.body, ""),
        needs=sorted(step.needs),
    )


def _summary(plan: model.Plan) -> Summary:
    done = [action(change) for change in plan.changes]
    return Summary(
        add=done.count("create"),
        change=done.count("update"),
        remove=done.count("delete"),
        adopt=done.count("adopt"),
        restore=done.count("restore"),
        release=done.count("release"),
        unchanged=plan.unchanged,
        withheld=len(plan.withheld),
        skipped=plan.left_out,
    )


def _subject(address: Address | None) -> SubjectPart | None:
    return None if address is None else SubjectPart(kind=address.kind, key=_safe(address.key))


def _place(position: Position | None) -> Place | None:
    return None if position is None else Place.of(position)
