"""Certificates that have ended, and what reports call certificates."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from entra_config.actual.found import Found
from entra_config.checks import certificates
from entra_config.checks.changes import ChangesView
from entra_config.checks.rules import endings
from entra_config.errors import Position
from entra_config.graph import clouds
from entra_config.kinds import certificate_names
from entra_config.kinds.directory import Directory, Live, Subject
from entra_config.manifest.model import Application, Manifest
from entra_config.manifest.parts import Certificate
from entra_config.plan.model import Notice, Refusal, TenantInfo
from entra_config.resource import State
from tests.unit.checks.ruled import of_changes
from tests.unit.plan.estates import manifest

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
HERE = Position("access.yaml", 3)
THUMBPRINT = "D84D628FB6E9F24B5140D0CA478F5B416C5AC6C0"


def declaring(end: str | None) -> Manifest:
    """Return a manifest with one certificate of a daemon."""
    certificate = Certificate("ci", "", THUMBPRINT, "CI", not_after=end, position=HERE)
    return replace(
        manifest(), applications={"job": Application("job", "daemon", {}, certificates=(certificate,))}
    )


def holding(thumbprint: str) -> Directory:
    """Return a directory whose daemon has one certificate."""
    body = {"id": "1", "appId": "2", "keyCredentials": [{"keyId": "3", "customKeyIdentifier": thumbprint}]}
    return Directory(clouds.GLOBAL.base_url, live={"job": Live(Subject("job", body))})


@pytest.mark.parametrize(
    ("end", "live", "kind"),
    [
        ("2026-11-25T11:59:59Z", "other", Refusal),
        ("2026-11-25T11:59:59Z", THUMBPRINT, Notice),
        ("2026-11-25T12:00:00+00:00", THUMBPRINT, Notice),
        ("2026-11-25T12:00:01Z", "other", None),
        (None, "other", None),
    ],
)
def test_what_has_ended_is_not_added_and_is_told_where_it_is(
    end: str | None, live: str, kind: type | None
) -> None:
    """Nobody can sign in with it; a pipeline is not stopped by the passing of time alone."""
    tenant = Found(TenantInfo("t", "Contoso"), holding(live))
    view = ChangesView(declaring(end), tenant, State({}), (), (), NOW)
    found = of_changes((endings.certificate_ended,), view)
    assert [type(each) for each in found] == ([kind] if kind else [])
    assert all("`ci` of job ended on 25 Nov 2026" in each.message and each.position == HERE for each in found)


def test_a_label_has_name_end_and_whole_thumbprint() -> None:
    """What tells two certificates apart is not cut, on either side."""
    names = certificates.names(declaring("2027-01-31T00:00:00Z"))
    desired = {"customKeyIdentifier": THUMBPRINT}
    live = {"customKeyIdentifier": THUMBPRINT, "displayName": "CN=job", "endDateTime": "2027-01-31T00:00:00Z"}
    assert certificate_names.label(desired, names) == f"CI, until 30 Jan 2027 ({THUMBPRINT})"
    assert certificate_names.label(live, names) == f"CN=job, until 30 Jan 2027 ({THUMBPRINT})"
    assert (
        certificate_names.label({**live, "displayName": None}, {})
        == f"certificate, until 30 Jan 2027 ({THUMBPRINT})"
    )
