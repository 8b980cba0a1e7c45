"""Every rule of plan, by stage: which items are asked about, by which rules, in the order of reports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from entra_config.checks import changes, grants, tenant
from entra_config.checks.changes import ChangesView
from entra_config.checks.grants import GrantView
from entra_config.checks.limits import LimitsView
from entra_config.checks.rule import Stage
from entra_config.checks.rules import (
    consent,
    endings,
    foreseen,
    limits,
    names,
    pins,
    preflight,
    protection,
    trust,
    undeclared,
    use_by_others,
)
from entra_config.checks.tenant import TenantView, applications
from entra_config.manifest.ending import ending_soon

# The first rule that finds something counts, so what is withheld comes before what is skipped.
GRANTS: Stage[GrantView] = (
    # Withheld:
    (grants.grants, (trust.client_doubted, trust.api_doubted, pins.name_unconfirmed)),
    # Skipped:
    (
        grants.consents,
        (
            consent.permission_unknown,
            consent.permission_disabled,
            consent.consent_unlisted,
            consent.consent_dangerous,
        ),
    ),
)
TENANT: Stage[TenantView] = (
    (trust.staying_deleted, (trust.principal_stays_deleted,)),
    (lambda view: view.directory.live.values(), (trust.own_identity,)),
    (applications, (names.value_changes, names.value_ambiguous)),
    (lambda view: view.directory.taken.items(), (protection.takeover,)),
    (tenant.secrets, (protection.sink_new,)),
    (lambda view: view.directory.renamed.values(), (pins.name_changed,)),
    (
        lambda view: view.directory.live.values(),
        (use_by_others.consent_ends, use_by_others.requirement_ends, use_by_others.personal_consent_ends),
    ),
    (trust.doubted, (trust.credential_undeclared,)),
    (applications, (undeclared.consent_undeclared,)),
    (consent.held_already, (consent.tier_0_held,)),
    (applications, (undeclared.holders_undeclared,)),
    (applications, (undeclared.disabled,)),
    (applications, (undeclared.registration_disabled,)),
    (tenant.holders, (undeclared.role_beside_grants,)),
    (applications, (undeclared.ignored_property,)),
    (lambda view: view.manifest.assignments.values(), (undeclared.holder_stays,)),
    (tenant.secrets, (protection.secret_declared,)),
    (applications, (use_by_others.external_holder,)),
    (lambda view: view.manifest.empty_lists, (undeclared.list_empty,)),
)
CHANGES: Stage[ChangesView] = (
    (lambda view: view.sure, (foreseen.uri_unknown, foreseen.uri_refused, foreseen.role_refused)),
    (lambda view: view.manifest.applications.values(), (endings.certificate_ended,)),
    (lambda view: ending_soon(view.manifest, view.now), (endings.until_soon,)),
    (
        changes.made,
        (
            preflight.uri_against_policy,
            preflight.audience_against_policy,
            preflight.certificate_against_policy,
            preflight.secret_against_policy,
            preflight.consent_by_people,
            preflight.group_unlicensed,
        ),
    ),
    (lambda view: view.created[:1], (preflight.registration_refused, preflight.quota_exceeded)),
    (lambda view: (view,) if view.foreseeable else (), (preflight.refusal_unknown,)),
    (lambda view: (view,), (names.names_look_alike,)),
)
LIMITS: Stage[LimitsView] = (
    (lambda view: view.counted, (limits.holders_lost,)),
    (lambda view: (view,), (limits.people_lose, limits.applications_lose)),
    (lambda view: view.lost, (limits.consent_lost,)),
    (lambda view: (view,), (limits.last_holder_lost,)),
    (lambda view: view.plan.changes, (protection.application_deleted, protection.object_restored)),
    (lambda view: view.plan.changes, (protection.destroy_prevented,)),
    (lambda view: (view,), (limits.review_too_long,)),
)

STAGES: Mapping[str, tuple[str, Stage[Any]]] = {
    "grants": (
        "each new grant, before manifest and tenant are compared. The first rule that finds something counts",
        GRANTS,
    ),
    "tenant": ("the manifest and what was read of the tenant", TENANT),
    "changes": ("the changes, what was read, and the manifest as of today", CHANGES),
    "limits": (
        "the finished plan, who gains and loses what by it, and the manifest as written",
        LIMITS,
    ),
}
