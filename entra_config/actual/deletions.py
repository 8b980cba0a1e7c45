"""Deleted applications that would be restored in; who deleted each, as far as the audit log tells, out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from entra_config.actual.fetch import TenantReader
from entra_config.actual.found import Found
from entra_config.graph.odata import literal
from entra_config.graph.request import Request
from entra_config.kinds.directory import Subject
from entra_config.moments import read_moment
from entra_config.phrase import Person, Phrase

SKEW = timedelta(minutes=5)
# A plan does not need the log: who may not read it, or asks while the log is slow, learns that nobody knows.
UNREADABLE = "who deleted it is not known: the audit log cannot be read"
SILENT = "who deleted it is not known: the audit log does not say"


async def reported(graph: TenantReader, found: Found) -> Found:
    """Return what was read with who deleted what would be restored."""
    gone = [live.subject for live in found.directory.live.values() if live.subject.deleted]
    return replace(found, deleters=await deleted_by(graph, gone)) if gone else found


async def deleted_by(graph: TenantReader, subjects: Iterable[Subject]) -> dict[str, str]:
    """Return by key who deleted each application, or why nobody knows: one request, none where nothing is
    deleted.
    """
    gone = {
        subject.key: subject.application
        for subject in subjects
        if subject.deleted and subject.application is not None
    }
    moments = [read_moment(body.get("deletedDateTime"), None) for body in gone.values()]
    times = [moment for moment in moments if moment is not None]
    if not times:
        return dict.fromkeys(gone, SILENT)
    since, until = min(times) - SKEW, max(times) + SKEW
    window = (
        f"activityDateTime%20ge%20{since:%Y-%m-%dT%H:%M:%SZ}%20and%20activityDateTime%20le%20"
        f"{until:%Y-%m-%dT%H:%M:%SZ}"
    )
    filters = f"{window}%20and%20activityDisplayName%20eq%20{literal('Delete application')}"
    [response] = await graph.send([Request("GET", f"/auditLogs/directoryAudits?$filter={filters}&$top=999")])
    if not response.ok:
        return dict.fromkeys(gone, UNREADABLE)
    records: list[dict[str, Any]] = response.body["value"]
    return {key: _who(records, body["id"]) for key, body in gone.items()}


def _who(records: list[dict[str, Any]], id_: str) -> str:
    for record in sorted(records, key=lambda each: str(each["activityDateTime"]), reverse=True):
        about = any(target.get("id") == id_ for target in record.get("targetResources") or ())
        if about and record.get("result") == "success":
            return _actor(record.get("initiatedBy") or {})
    return SILENT


def _actor(initiated: Mapping[str, Any]) -> str:
    user, app = initiated.get("user") or {}, initiated.get("app") or {}
    if name := user.get("userPrincipalName") or user.get("id"):
        return Phrase.of("deleted by ", Person(name, user.get("id") or ""))
    if name := app.get("displayName") or app.get("servicePrincipalId"):
        return f"deleted by application '{name}'"
    return SILENT
