"""`until` of an entry: read alike wherever it may stand, wrong ones told with their place; what is over at an
instant.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from entra_config.actual.found import Found
from entra_config.checks.changes import ChangesView
from entra_config.checks.rules.endings import until_soon
from entra_config.kinds.directory import Directory
from entra_config.lint.model import View
from entra_config.lint.rules import until_over
from entra_config.manifest import ending, until
from entra_config.manifest.model import Manifest
from entra_config.plan.model import TenantInfo
from entra_config.resource import State
from tests.unit.checks.ruled import of_changes
from tests.unit.manifest.conftest import Load

PEM = """-----BEGIN CERTIFICATE-----
            MIIBCDCBr6ADAgECAgEHMAoGCCqGSM49BAMCMA4xDDAKBgNVBAMMA29uZTAeFw0y
            NjAxMDEwMDAwMDBaFw0zNjAxMDEwMDAwMDBaMA4xDDAKBgNVBAMMA29uZTBZMBMG
            ByqGSM49AgEGCCqGSM49AwEHA0IABNfyd49n/IzWhW/b3ItJC+RQcNrFyH83P3Lm
            IQ4ahRLpMGntqctJPb+vDGeT0E654+sknFFfnpsUMb2y4L/KjocwCgYIKoZIzj0E
            AwIDSAAwRQIhAPMFEJ5O/cMXyMp6yZVjRn6iKrjvMgJrkURfIgba4e1rAiAZIWLm
            FfsAmXaPNYIDpBM1/uXGDIUmJg1IkhudF+g56Q==
            -----END CERTIFICATE-----"""
EVERYWHERE = f"""\
project: p
environments:
  dev:
    tenantId: 11111111-1111-1111-1111-111111111111
    variables: {{ last: 2027-01-31 }}
    sinks: {{ web: {{ file: {{ path: /var/lib/web }} }}, made: {{ file: {{ path: /var/lib/made }} }} }}
    acknowledged: {{ api: [{{ id: 22222222-2222-2222-2222-222222222222, application: [Job], until: 2027-01-31 }}] }}
grants:
  Identity: {{ Microsoft Graph: {{ application: [User.Read.All, {{ name: Mail.Read, until: 2027-01-31 }}] }} }}
applications:
  api:
    type: api
    displayName: API
    appRoles: {{ Job: {{ description: Runs., allowedMemberTypes: [User, Application] }} }}
    owners: [alice@contoso.com, {{ name: bob@contoso.com, until: "2027-01-31" }}]
    enterpriseApplication: {{ owners: [{{ id: 33333333-3333-3333-3333-333333333333, until: 2027-01-31 }}] }}
  web:
    type: web
    displayName: Web
    apiPermissions:
      api: {{ application: [Job], adminConsent: [{{ name: Job, until: 2027-01-31 }}] }}
      Microsoft Graph:
        delegated: [User.Read, Mail.Read]
        adminConsent: {{ delegated: [User.Read, {{ name: Mail.Read, until: '${{last}}' }}] }}
    federatedCredentials: {{ pipeline: {{ issuer: "https://ci.example.com", subject: a, until: 2027-01-31 }} }}
    credentials:
      secrets: {{ web: {{ sink: web, until: 2027-01-31 }} }}
      certificates:
        made: {{ generate: {{ in: made }}, until: 2027-01-31 }}
        one:
          until: 2027-01-31
          pem: |
            {PEM}
appRoleAssignments:
  api:
    Job:
      users: [{{ name: carol@contoso.com, until: 2027-01-31 }}]
      groups: [Staff, {{ name: Guests, until: 2027-01-31 }}]
      servicePrincipals: [{{ name: Billing, until: 2027-01-31 }}]
"""
LAST = datetime(2027, 1, 31, 23, 59, 59, 999999, UTC)


def test_it_stands_wherever_something_may_end(load: Load) -> None:
    """Of all that ends, the day, what it is and its line; a variable may be the day."""
    manifest = load(EVERYWHERE)
    found = [(str(each.what), each.day) for each in ending.endings(manifest)]

    assert {day for _, day in found} == {date(2027, 1, 31)}
    assert [what for what, _ in found] == [
        "bob@contoso.com owns api",
        "33333333-3333-3333-3333-333333333333 owns api (enterprise application)",
        "federated credential pipeline of web signs in",
        "certificate one of web signs in",
        "certificate made of web signs in",
        "secret web of web signs in",
        "web has consent to Job of api",
        "web has consent to Mail.Read of Microsoft Graph",
        "user carol@contoso.com holds Job of api",
        "group Guests holds Job of api",
        "application Billing holds Job of api",
        "application Identity holds Mail.Read of Microsoft Graph",
        "what 22222222-2222-2222-2222-222222222222 holds at api is acknowledged",
    ]
    text = EVERYWHERE.splitlines()
    for each in ending.endings(manifest):
        assert each.position is not None
        below = "\n".join(text[each.position.line - 1 : each.position.line + 1])
        assert "2027-01-31" in below or "last" in below


def test_each_is_warned_of_two_weeks_ahead(load: Load) -> None:
    """By plan, and by lint as a note: from the first instant of the fourteenth day before its end, until the
    day is over.
    """
    manifest = load(EVERYWHERE)
    every = [str(each.what) for each in ending.endings(manifest)]

    def warned(at: datetime) -> list[str]:
        changes = ChangesView(manifest, Found(TenantInfo("t", "t"), Directory("")), State({}), (), (), at)
        notices = of_changes((until_soon,), changes)
        reported = [str(each.message).partition(" until ")[0] for each in notices]
        view = View(manifest, (), at)
        noted = [
            each.message.partition(" until ")[0] for each in until_over.check(view) if each.severity == "I"
        ]
        assert noted == reported
        return reported

    first = datetime(2027, 1, 18, tzinfo=UTC)
    assert warned(first - timedelta(microseconds=1)) == []
    assert warned(first) == every
    assert warned(LAST) == every
    assert warned(LAST + timedelta(microseconds=1)) == []
    over = [each.message for each in until_over.check(View(manifest, (), LAST + timedelta(microseconds=1)))]
    assert over == [f"{what}: its last day was 31 Jan 2027; nothing expires by itself" for what in every]


def test_what_lint_is_silent_of_is_noted_two_weeks_ahead(load: Load) -> None:
    """A comment, and what the policy says of a rule."""
    text = (
        "project: p\nenvironments:\n  dev:\n    tenantId: 11111111-1111-1111-1111-111111111111\n"
        "policy: { lint: { rules: { token-v1: { severity: I, until: 2027-01-31, because: x } } } }\n"
        "applications:\n  # entra-config: ignore[owner-none] until 2027-01-31 because x\n"
        "  web: { type: web, displayName: Web }\n"
    )
    manifest = load(text)
    noted = {at: list(until_over.check(View(manifest, (), at))) for at in (LAST, LAST - timedelta(days=14))}
    assert [each.what for each in noted[LAST]] == ["token-v1", "owner-none"]
    assert [each.position.line if each.position else 0 for each in noted[LAST]] == [5, 7]
    assert noted[LAST - timedelta(days=14)] == []


def test_nothing_is_over_before_its_day_is(load: Load) -> None:
    """On the last microsecond of the day the manifest is whole, and a moment later what ended is gone."""
    manifest = load(EVERYWHERE)
    after = LAST + timedelta(microseconds=1)

    assert ending.at(manifest, LAST) is manifest
    assert ending.at(manifest, LAST.astimezone(timezone(timedelta(hours=14)))) is manifest
    left = ending.at(manifest, after.astimezone(timezone(timedelta(hours=-12))))
    assert left.written is manifest
    _gone(left)
    assert ending.since(manifest, LAST) is None
    assert ending.since(manifest, after) == date(2027, 1, 31)
    assert ending.at(left, after) == left


def _gone(left: Manifest) -> None:
    api, web = left.applications["api"], left.applications["web"]
    assert [each.name for each in api.owners or ()] == ["alice@contoso.com"]
    assert api.enterprise is not None
    assert api.enterprise.owners == ()
    assert web.federated_credentials == {}
    assert web.certificates == ()
    assert web.secrets == {}
    assert web.api_permissions["api"].application_consent == frozenset()
    assert web.api_permissions["api"].application == ("Job",)
    assert web.api_permissions["Microsoft Graph"].delegated_consent == {"User.Read"}
    assert web.api_permissions["Microsoft Graph"].application_consent is None
    held = left.assignments["api", "Job"]
    assert held.users == ()
    assert [each.name for each in held.groups] == ["Staff"]
    assert held.service_principals == ()
    assert left.grants[0].application == ("User.Read.All",)
    assert left.grants[0].absent == ("Mail.Read",)


@pytest.mark.parametrize("day", [date(2028, 2, 29), date(2027, 12, 31), date.max])
def test_the_calendar_is_right(day: date) -> None:
    """Leap days and ends of years end as other days do, and the last of all never overflows."""
    last = datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=UTC)

    assert not until.over(day, last)
    assert until.end(day) > last
    assert until.soon(day, last)
    if day != date.max:
        assert until.over(day, until.end(day))
        assert not until.soon(day, until.end(day))
        assert until.soon(day, until.end(day) - until.SOON)
        assert not until.soon(day, until.end(day) - until.SOON - timedelta(seconds=1))
