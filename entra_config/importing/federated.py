"""Federated credentials of a registration in; how a manifest says whose tokens they take, out."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from entra_config.importing.tenant import Json
from entra_config.importing.yaml_writer import Label
from entra_config.manifest.fields import workloads
from entra_config.manifest.sections.credentials import AUDIENCE

Entry = dict[str, Any]


def entries(credentials: Iterable[Json], tenant_id: str, unknown: Collection[str]) -> Entry:
    """Return the credentials by name; forms that are `unknown` in the tenant's cloud are written out."""
    return {Label(each["name"]): _credential(each, tenant_id, unknown) for each in credentials}


def _credential(item: Json, tenant_id: str, unknown: Collection[str]) -> Entry:
    made = _workload(item, tenant_id, unknown)
    if (audience := next(iter(item.get("audiences") or ()), AUDIENCE)) != AUDIENCE:
        made["audience"] = audience
    return {**made, "description": item["description"]} if item.get("description") else made


def _workload(item: Json, tenant_id: str, unknown: Collection[str]) -> Entry:
    """Return whose tokens a federated credential takes: by the form's name where there is one, else
    written out.
    """
    issuer, found = item["issuer"], (item.get("claimsMatchingExpression") or {}).get("value")
    known = (
        workloads.matching(issuer, found) if found else workloads.recognized(issuer, item["subject"] or "")
    )
    if known is None or known[0] in unknown:
        return {"issuer": issuer, **({"matches": found} if found else {"subject": item["subject"]})}
    form, words = known
    return {form: {key: word for key, word in words.items() if (key, word) != ("tenantId", tenant_id)}}
