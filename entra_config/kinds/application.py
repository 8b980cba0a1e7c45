"""The application (Graph: application): its fields, scopes, roles, required permissions and certificates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from entra_config.graph.odata import literal
from entra_config.graph.request import Request
from entra_config.kinds import (
    allowed_tenants,
    application_effects,
    application_steps,
    certificate_names,
    identifier_uris,
    normal,
)
from entra_config.kinds.application_steps import CERTIFICATES, REQUIRED
from entra_config.kinds.base import (
    GrantsNothing,
    application_address,
    ignored,
    ignored_tags,
    managed_applications,
    marks_of,
    unique_name,
)
from entra_config.kinds.details import REQUIRERS, Detail
from entra_config.kinds.directory import Directory, Live, Subject
from entra_config.kinds.entitlement_entries import (
    ROLE_COLLECTION,
    ROLE_KEYS,
    SCOPE_COLLECTION,
    SCOPE_KEYS,
    role_entries,
    scope_entries,
    writable,
)
from entra_config.kinds.entitlements import ROLES, SCOPES, ids
from entra_config.kinds.facts import ApplicationFacts, application_at
from entra_config.kinds.going import going
from entra_config.kinds.graph_values import at, pick, thumbprint
from entra_config.kinds.normal import CLAIMS
from entra_config.kinds.secret_names import generated
from entra_config.kinds.trace import Trace, Whole
from entra_config.kinds.writes import Patch, WriteView
from entra_config.manifest.fields.field import RESTRICTIONS
from entra_config.manifest.model import Application, Manifest
from entra_config.plan.diff import Collection, Shape
from entra_config.plan.model import Change, Effect
from entra_config.plan.steps import Step
from entra_config.properties import Property, rows_of
from entra_config.resource import Ref, Resource, Value

AUTHORIZED = "api.preAuthorizedApplications"
KNOWN_CLIENTS = "api.knownClientApplications"
LOCK = "servicePrincipalLockConfiguration"
LOCK_ALL = f"{LOCK}.allProperties"
LOCK_PARTS = tuple(
    f"{LOCK}.{part}"
    for part in ("credentialsWithUsageSign", "credentialsWithUsageVerify", "tokenEncryptionKeyId")
)
SEVERAL_TENANTS = frozenset({"AzureADMultipleOrgs", "AzureADandPersonalMicrosoftAccount"})
UNIQUE_NAME = "uniqueName"


def _permission_label(item: Mapping[str, Any], names: Mapping[str, str]) -> str:
    api = names.get(str(item["resourceAppId"]), str(item["resourceAppId"]))
    type_ = "delegated" if item["type"] == "Scope" else "application"
    return f"{api}/{names.get(item['id'], item['id'])} ({type_})"


def _collection(row: Property) -> Collection:
    return Collection(key=row.entry, label=lambda item, names: names.get(row.entry(item), row.entry(item)))


PERMISSION_COLLECTION = Collection(
    key=lambda item: (str(item["resourceAppId"]), item["id"], item["type"]), label=_permission_label
)
CERTIFICATE_COLLECTION = Collection(
    key=lambda item: item["customKeyIdentifier"],
    label=certificate_names.label,
)


class ApplicationKind(GrantsNothing):
    """Everything that one PATCH of an application can carry."""

    name = "application"
    trace = Trace(
        "application",
        Whole(),
        lambda own, tenant: {
            "object": own.facts.id or application_at(tenant, own.address).id,
            "principalObject": ApplicationFacts.of(own).service_principal_id,
        },
    )
    shape = Shape(
        {
            **{row.path: _collection(row) for row in rows_of("application") if row.identity},
            SCOPES: SCOPE_COLLECTION,
            ROLES: ROLE_COLLECTION,
            REQUIRED: PERMISSION_COLLECTION,
            CERTIFICATES: CERTIFICATE_COLLECTION,
        },
        unchecked=frozenset({UNIQUE_NAME}),
    )

    def questions(self, subject: Subject, manifest: Manifest) -> Mapping[Detail[Any], Request]:
        """Ask, only where a scope or role goes, which applications require anything of this one, and of beta
        which tenants may use it; the rest was read already.
        """
        tenants = allowed_tenants.questions(subject, manifest.applications.get(subject.key))
        if subject.application is None or not going(manifest, subject):
            return tenants
        of_this = (
            f"requiredResourceAccess/any(r:r/resourceAppId%20eq%20{literal(subject.application['appId'])})"
        )
        path = f"/applications?$filter={of_this}&$count=true&$select=id,appId,displayName,{REQUIRED}&$top=999"
        return {**tenants, REQUIRERS: Request("GET", path, headers={"ConsistencyLevel": "eventual"})}

    def desired(self, manifest: Manifest, directory: Directory) -> Iterable[Resource]:
        """Return each declared application."""
        for application, live in managed_applications(manifest, directory):
            yield _desired(manifest, application, live, directory)

    def actual(self, manifest: Manifest, directory: Directory) -> Iterable[Resource]:
        """Return each live application that the manifest declares or removes."""
        for key, live in directory.live.items():
            body = live.subject.application
            if body is not None and (key in manifest.applications or key in manifest.removed):
                yield _actual(manifest, key, live, body)

    def normal(self, values: Mapping[str, Value]) -> Mapping[str, Value]:
        """Return them with whole claims, roles without a value alike, and the marks alone that are
        compared.
        """
        return normal.application(values)

    def effects(self, change: Change) -> Iterable[Effect]:
        """Return what an application may from then on, and who as it."""
        return application_effects.effects(change)

    def expand(self, view: WriteView) -> Iterable[Step | Patch]:
        """Return the writes of each application's change."""
        changes = view.of(self.name)
        passed = identifier_uris.passed_on(changes, view.directory)
        for change in changes:
            yield from application_steps.expand(change, view, passed)


def _desired(
    manifest: Manifest, application: Application, live: Live | None, directory: Directory
) -> Resource:
    body = live.subject.application if live else None
    known = ids(manifest, application, body)
    values: dict[str, Value] = {path: setting.value for path, setting in application.settings.items()}
    values.pop(RESTRICTIONS, None)
    values |= allowed_tenants.desired(application, live)
    values |= _at_creation(values, created=body is None)
    marks = marks_of(manifest, directory, application.key)
    values["tags"] = sorted({*(values.get("tags") or ()), *marks})
    values[SCOPES] = scope_entries(application, known)
    values[ROLES] = role_entries(application, known)
    values[UNIQUE_NAME] = directory.unique_names.get(application.key) or unique_name(
        manifest, application.key
    )
    if application.known_clients is not None:
        values[KNOWN_CLIENTS] = [Ref(application_address(key), "appId") for key in application.known_clients]
    if application.certificates is not None:
        values[CERTIFICATES] = [
            *(_certificate(each.thumbprint.upper(), each.usage) for each in application.certificates),
            *_generated(manifest, application, body or {}),
        ]
    required = _required(application, directory)
    if required is not None:
        values[REQUIRED] = required
    if body is not None:
        values = {path: value for path, value in values.items() if not ignored(application, path)}
        values.setdefault("tags", ignored_tags(body.get("tags"), marks))
    return Resource(
        application_address(application.key),
        values,
        ApplicationFacts(),
        title=application.key,
        display_name=str(values.get("displayName", application.key)),
        position=application.position,
        positions={
            **{path: setting.position for path, setting in application.settings.items() if setting.position},
            **application.positions,
        },
        ends=dict(_ends(manifest, application, body or {})),
    )


def _at_creation(values: Mapping[str, Value], *, created: bool) -> dict[str, Value]:
    """Return what an application of several tenants is made with, unless the manifest says otherwise: there,
    nobody adds a key to its service principal (Zero Trust Assessment 21777). A lock of all properties is made
    as the portal makes it, with each part set.

    What exists is left as it is, so that an upgrade of this tool changes no plan; lint tells it.
    """
    if not created:
        return {}
    lock: dict[str, Value] = {}
    if locks_at_creation(values):
        lock = {f"{LOCK}.isEnabled": True, LOCK_ALL: True}
    if {**values, **lock}.get(LOCK_ALL) is True:
        lock |= {part: True for part in LOCK_PARTS if part not in values}
    return lock


def locks_at_creation(values: Mapping[str, object]) -> bool:
    """Return True if an application with these settings is created with its service principal locked."""
    declared = any(path.partition(".")[0] == LOCK for path in values)
    return not declared and values.get("signInAudience") in SEVERAL_TENANTS


def _ends(
    manifest: Manifest, application: Application, body: Mapping[str, Any]
) -> Iterator[tuple[tuple[str, str], date]]:
    """Yield the last day of each certificate that has one."""
    for each in application.certificates or ():
        if each.until is not None:
            yield (CERTIFICATES, each.thumbprint.upper()), each.until
    for entry, label in _kept(manifest, application, body):
        if (until := application.generated[label].until) is not None:
            yield (CERTIFICATES, thumbprint(entry)), until


def _generated(
    manifest: Manifest, application: Application, body: Mapping[str, Any]
) -> Iterator[dict[str, Value]]:
    """Yield the live certificates that stay because their keys are generated."""
    for entry, _ in _kept(manifest, application, body):
        yield _certificate(thumbprint(entry), entry.get("usage"))


def _kept(
    manifest: Manifest, application: Application, body: Mapping[str, Any]
) -> Iterator[tuple[Mapping[str, Any], str]]:
    """Yield each live certificate whose keys are generated, with its label: by name, or as the lock file
    has it.
    """
    rotated = manifest.rotated.get(str(body.get("appId")), {})
    known = {id_: label for label in application.generated for id_ in rotated.get(label, ())}
    declared = {each.thumbprint.upper() for each in application.certificates or ()}
    for entry in body.get(CERTIFICATES) or ():
        label = known.get(str(entry["keyId"]).lower()) or generated(application, entry)
        if label and thumbprint(entry) not in declared:
            yield entry, label


def _certificate(thumbprint: str, usage: str | None) -> dict[str, Value]:
    # Graph sets customKeyIdentifier to the thumbprint where nobody else did, and answers the key only where
    # it is selected.
    return {
        "customKeyIdentifier": thumbprint,
        "type": "AsymmetricX509Cert",
        "usage": usage,
    }


def _required(application: Application, directory: Directory) -> list[Value] | None:
    """Return the requested permissions, flat; None where an API or permission is unknown, so that nothing
    is taken away.
    """
    found: list[Value] = []
    for permission in application.api_permissions.values():
        api = directory.apis.get(permission.resource)
        if api is None:
            return None
        for type_, names, by_name in (
            ("Scope", permission.delegated, api.scopes),
            ("Role", permission.application, api.roles),
        ):
            for name in names:
                if name not in by_name:
                    return None
                found.append({"resourceAppId": api.app_id, "id": by_name[name], "type": type_})
    return found


def flat(required: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Value]]:
    """Yield each requested permission of Graph's nested list."""
    for resource in required:
        for access in resource["resourceAccess"]:
            yield {"resourceAppId": resource["resourceAppId"], "id": access["id"], "type": access["type"]}


def _actual(manifest: Manifest, key: str, live: Live, body: Mapping[str, Any]) -> Resource:
    declared = manifest.applications.get(key)
    paths = set(declared.settings) if declared else set()
    values = pick(
        body, sorted(paths | {"displayName", "tags", KNOWN_CLIENTS, CLAIMS, UNIQUE_NAME, AUTHORIZED})
    )
    values |= allowed_tenants.actual(live, manifest.tenant_id)
    values[SCOPES] = writable(at(body, SCOPES) or [], SCOPE_KEYS)
    values["tags"] = values["tags"] or []
    values[ROLES] = writable(at(body, ROLES) or [], ROLE_KEYS)
    values[REQUIRED] = list(flat(body.get(REQUIRED) or []))
    values[CERTIFICATES] = [
        {**entry, "customKeyIdentifier": thumbprint(entry)} for entry in body.get(CERTIFICATES) or []
    ]
    principal = live.subject.service_principal
    facts = ApplicationFacts(
        body["id"],
        str(body.get("deletedDateTime")) if live.subject.deleted else None,
        app_id=body["appId"],
        service_principal_id=principal["id"] if principal is not None else None,
    )
    return Resource(
        application_address(key),
        values,
        facts,
        title=key,
        display_name=str(body.get("displayName", "")),
        position=manifest.removed[key].position if key in manifest.removed else None,
    )
