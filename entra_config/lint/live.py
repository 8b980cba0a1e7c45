"""What was read of a tenant in; its applications as rules see them, each at the manifest's line where that
has one, out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from entra_config.errors import Position
from entra_config.kinds.details import (
    CONSENTS,
    HOLDERS,
    HOLDINGS,
    AllowedTenants,
    FederatedTrust,
)
from entra_config.kinds.directory import Directory, Json, Live
from entra_config.kinds.graph_values import at
from entra_config.kinds.table import sign_ins
from entra_config.lint import tenant as questions
from entra_config.lint.declared import enforced
from entra_config.lint.subject import (
    Credential,
    Federated,
    LintSubject,
    Permission,
    Placed,
    Redirect,
    SubjectOwner,
    SubjectRole,
    SubjectScope,
)
from entra_config.lint.tenant import TenantReading, ours
from entra_config.manifest.fields.field import PLATFORMS
from entra_config.manifest.model import Manifest
from entra_config.moments import read_moment
from entra_config.properties import rows_of

# What a manifest may say of either.
SETTINGS, ENTERPRISE = (
    tuple(row.path for row in rows_of(type_) if row.cls in {"kept", "free"})
    for type_ in ("application", "servicePrincipal")
)
_TYPES = {"User": "users", "Group": "groups", "ServicePrincipal": "applications"}


def subjects(
    manifest: Manifest, declared: tuple[LintSubject, ...], read: TenantReading
) -> tuple[LintSubject, ...]:
    """Return the live applications of one environment."""
    known = {each.key: each for each in declared}
    own = {key: app_id for app_id, key in read.directory.own_app_ids.items()}
    return tuple(
        _LiveReading(key, live, read, manifest, known.get(key), own).subject()
        for key, live in ours(read.directory).items()
    )


@dataclass(frozen=True, slots=True)
class _LiveReading:
    key: str
    live: Live
    read: TenantReading
    manifest: Manifest
    declared: LintSubject | None
    own: Mapping[str, str]

    def subject(self) -> LintSubject:
        """Return the application."""
        body = self._body()
        principal = None if self.live.subject.parked else self.live.subject.service_principal
        return LintSubject(
            self.key,
            str(body.get("displayName")),
            self.declared.type if self.declared else "",
            self._where(),
            settings={path: Placed(at(body, path), self._spot(path)) for path in SETTINGS},
            enterprise=None
            if principal is None
            else {path: Placed(principal.get(path), self._where()) for path in ENTERPRISE},
            redirects=tuple(self._redirects(body)),
            identifier_uris=tuple(Placed(uri, self._where()) for uri in body.get("identifierUris") or ()),
            scopes=tuple(self._scopes(body)),
            roles=tuple(self._roles(body)),
            permissions=tuple(self._permissions(body)),
            federated=tuple(self._federated()),
            credentials=tuple(self._credentials(body)),
            principal_credentials=tuple(self._credentials(principal or {})),
            owners=self._owners(),
            app_id=str(body["appId"]),
            limited=self._limited(),
        )

    def _limited(self) -> bool | None:
        if enforced(self.manifest, self.key):
            return True
        found = self.read.responses.first(questions.tenants_of(self.key))
        return None if found is None else bool(AllowedTenants.read(found).ids)

    def _body(self) -> Json:
        application = self.live.subject.application
        assert application is not None
        responses = self.read.responses
        more = (
            responses.first(questions.behaviours(self.key)),
            responses.first(questions.certificates_of(self.key)),
        )
        return {**application, **(more[0] or {}), **(more[1] or {})}

    def _where(self) -> Position | None:
        return self.declared.position if self.declared else None

    def _spot(self, path: str) -> Position | None:
        return self.declared.spot(path) if self.declared else None

    def _redirects(self, body: Json) -> Iterator[Redirect]:
        known = {each.uri: each.position for each in self.declared.redirects} if self.declared else {}
        for platform, path in PLATFORMS.items():
            for uri in at(body, path) or ():
                yield Redirect(platform, uri, known.get(uri) or self._where())  # type: ignore[arg-type]  # keys of PLATFORMS

    def _scopes(self, body: Json) -> Iterator[SubjectScope]:
        known = {each.value: each.position for each in self.declared.scopes} if self.declared else {}
        for each in at(body, "api.oauth2PermissionScopes") or ():
            value = str(each.get("value"))
            yield SubjectScope(
                value,
                each.get("type") == "User",
                bool(each.get("isEnabled")),
                known.get(value) or self._where(),
                _join_texts(
                    each,
                    "adminConsentDisplayName",
                    "adminConsentDescription",
                    "userConsentDisplayName",
                    "userConsentDescription",
                ),
            )

    def _roles(self, body: Json) -> Iterator[SubjectRole]:
        known = {each.value: each for each in self.declared.roles} if self.declared else {}
        for each in body.get("appRoles") or ():
            found = known.get(each.get("value"))
            held: dict[str, tuple[Placed, ...]] = {}
            for holder in self.live.rows(HOLDERS):
                if holder.role == each["id"]:
                    type_ = _TYPES.get(holder.principal_type, "applications")
                    held[type_] = (*held.get(type_, ()), Placed(holder.principal_name, self._where()))
            label = found.label if found else str(each.get("value") or each.get("displayName"))
            members = tuple(each.get("allowedMemberTypes") or ())
            yield SubjectRole(
                label,
                each.get("value"),
                members,
                bool(each.get("isEnabled")),
                (found.position if found else None) or self._where(),
                held,
                _join_texts(each, "displayName", "description"),
            )

    def _permissions(self, body: Json) -> Iterator[Permission]:
        """Yield what is requested, and what is granted beside it."""
        directory = self.read.directory
        granted = set(self._granted(directory))
        requested = {
            (
                str(api["resourceAppId"]),
                "delegated" if each["type"] == "Scope" else "application",
                directory.names.get(each["id"], each["id"]),
            )
            for api in body.get("requiredResourceAccess") or ()
            for each in api["resourceAccess"]
        }
        for api, kind, value in sorted(requested | granted):
            yield Permission(
                directory.own_app_ids.get(api) or directory.names.get(api, api),
                kind,  # type: ignore[arg-type]  # the two kinds
                value,
                own=api in directory.own_app_ids,
                app_id=api,
                requested=(api, kind, value) in requested,
                consented=(api, kind, value) in granted,
                position=self._requested(kind, value),
            )

    def _granted(self, directory: Directory) -> Iterator[tuple[str, str, str]]:
        """Yield what it is granted for everybody: appId of the API, kind, value."""
        for held in self.live.rows(HOLDINGS):
            yield (
                self._app_id(directory, held.resource),
                "application",
                directory.names.get(held.role, held.role),
            )
        for grant in self.live.rows(CONSENTS):
            for scope in grant.scopes if grant.everybody else ():
                yield self._app_id(directory, grant.resource), "delegated", scope

    def _app_id(self, directory: Directory, id_: str) -> str:
        key = directory.own_principals.get(id_)
        return self.own.get(key, id_) if key else directory.app_ids.get(id_, id_)

    def _requested(self, kind: str, value: str) -> Position | None:
        found = (
            each.position
            for each in (self.declared.permissions if self.declared else ())
            if (each.kind, each.value) == (kind, value)
        )
        return next((each for each in found if each), self._where())

    def _federated(self) -> Iterator[Federated]:
        known = {each.name: each for each in self.declared.federated} if self.declared else {}
        reported = {
            each.id: each.expression
            for each in map(FederatedTrust.read, self.read.responses[questions.expressions_of(self.key)])
        }
        for _, each in sign_ins(self.live):
            found = known.get(each.name)
            where, spots = (found.position, found.positions) if found else (self._where(), {})
            audience, expression = (
                next(iter(each.audiences), ""),
                each.expression or reported.get(each.id) or "",
            )
            yield Federated(
                each.name, each.issuer or "", each.subject or "", audience, where, spots, expression
            )

    def _credentials(self, body: Json) -> Iterator[Credential]:
        for each in body.get("passwordCredentials") or ():
            name = str(each.get("displayName") or f"{each.get('hint') or ''}…")
            # Graph keeps the first letters of each secret that it makes for an application
            # (application-addpassword).
            chosen = "hint" in each and not each["hint"]
            yield Credential(
                "secret", name, each["keyId"], *_life(each), position=self._where(), chosen=chosen
            )
        for each in body.get("keyCredentials") or ():
            name = str(each.get("displayName") or each["keyId"])
            usage = str(each.get("usage") or "Verify")
            der = str(each.get("key") or "")
            yield Credential(
                "certificate", name, each["keyId"], *_life(each), der, usage, position=self._where()
            )

    def _owners(self) -> tuple[SubjectOwner, ...] | None:
        if questions.owners_of(self.key) not in self.read.responses:
            return None
        return tuple(
            SubjectOwner(
                str(each.get("userPrincipalName") or each.get("displayName") or each["id"]),
                "servicePrincipal" if str(each.get("@odata.type")).endswith(".servicePrincipal") else "user",
                each["id"],
                each["userType"] == "Guest" if each.get("userType") else None,
                self._second_factor(each["id"]),
                self._where(),
            )
            for each in self.read.responses[questions.owners_of(self.key)]
        )

    def _second_factor(self, id_: str) -> bool | None:
        details: Json | None = self.read.responses.first(questions.second_factor(id_))
        return bool(details.get("isMfaRegistered")) if details is not None else None


def _join_texts(body: Json, *names: str) -> str:
    return " ".join(str(body[name]) for name in names if body.get(name))


def _life(each: Json) -> tuple[datetime | None, datetime | None]:
    start, end = (each.get(name) for name in ("startDateTime", "endDateTime"))
    return (read_moment(start, None), read_moment(end, None))
