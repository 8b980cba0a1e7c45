"""The first stage, before the comparison: which new grants are withheld or skipped, each by the first rule
that finds something.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from entra_config.checks.consenting import Consenting
from entra_config.checks.dangers import Kind as DangerKind
from entra_config.checks.rule import Finding, found
from entra_config.checks.trust import Doubt
from entra_config.kinds.base import Grant, Kind
from entra_config.kinds.directory import Api, Directory
from entra_config.manifest.model import Manifest
from entra_config.manifest.sections.microsoft import OPENID_SCOPES
from entra_config.plan.model import Refusal, SkippedConsent, Withheld
from entra_config.resource import Address, Resource, State

Judge = Callable[[Grant], Refusal | Withheld | None]


@dataclass(frozen=True, slots=True)
class GrantView:
    """What a rule of this stage sees: one new grant, the manifest, and what was read."""

    grant: Grant
    manifest: Manifest
    directory: Directory
    doubts: Mapping[str, Doubt]
    consenting: Consenting
    allow: frozenset[str]


@dataclass(frozen=True, slots=True)
class Consent:
    """A consent that the policy must allow: to an API that is not the project's own."""

    client: str
    api: Api
    kind: DangerKind
    permission: str

    @property
    def known(self) -> Mapping[str, str]:
        """Return the ids of the permissions of this kind that the API offers."""
        return self.api.scopes if self.kind == "delegated" else self.api.roles

    def skip(self, why: str, offer: SkippedConsent | None = None) -> Finding:
        """Return a finding about the consent."""
        return found(
            self.client,
            None,
            facts={"skipped": offer},
            api=self.api.called,
            permission=self.permission,
            kind=self.kind,
            why=why,
        )


def grants(view: GrantView) -> tuple[Grant, ...]:
    """Return the grant itself."""
    return (view.grant,)


def consents(view: GrantView) -> Iterator[Consent]:
    """Yield the consent that the grant is. OpenID scopes and the project's own APIs need no policy."""
    grant = view.grant
    api = view.directory.apis.get(grant.resource) or Api(grant.resource, None, "", {}, {}, {})
    kind: DangerKind = "delegated" if grant.type == "delegated" else "application"
    own = api.address is not None or (kind == "delegated" and grant.permission in OPENID_SCOPES)
    if not own and grant.type not in {"authorization", "assignment", "ownership"}:
        yield Consent(grant.client or grant.resource, api, kind, grant.permission)


def restrain(
    desired: State, actual: State, kinds: Iterable[Kind], judge: Judge
) -> tuple[State, tuple[Refusal | Withheld, ...]]:
    """Return a desired State without each new grant that `judge` objects to, and the objections; what is
    granted already stays.
    """
    by_name = {kind.name: kind for kind in kinds}
    kept: dict[Address, Resource] = {}
    reasons: dict[Refusal | Withheld, None] = {}
    for resource in desired:
        kind = by_name[resource.address.kind]
        before = actual.get(resource.address)
        held = set(kind.grants(before)) if before is not None else set()
        objections = {
            grant: why
            for grant in kind.grants(resource)
            if grant not in held and (why := judge(grant)) is not None
        }
        reasons |= dict.fromkeys(objections.values())
        left = kind.without(resource, objections.keys()) if objections else resource
        if left is not None:
            kept[resource.address] = left
    return State(kept), tuple(reasons)
