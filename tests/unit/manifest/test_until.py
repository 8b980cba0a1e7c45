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
from tests.unit.manifest.conftest import Load, Problems

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
DAYS = pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("soon", "expected a day such as 2027-06-30, found"),
        ('""', "is empty"),
        ("2027-01-31T12:00:00Z", "without a time or zone: it ends at 24:00 UTC of it"),
        ('"2027-01-31 12:00"', "without a time or zone"),
        ("2027-01-31+01:00", "without a time or zone"),
        ("2027-01-31Z", "without a time or zone"),
        ("2027-02-30", "a day that the calendar has"),
        ("2027-02-29", "a day that the calendar has"),
        ("2027-13-01", "a day that the calendar has"),
        ("0000-01-01", "a day that the calendar has"),
        ("20270131", "expected a day such as 2027-06-30, found the number 20270131"),
        ("2027-W04-7", "expected a day such as"),
        ("2027-1-31", "expected a day such as"),
        ("31.01.2027", "expected a day such as"),
        ("true", "`until`: expected a"),
        ("[2027-01-31]", "found a list"),
    ],
)


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


@DAYS
def test_what_is_no_day_is_told_at_its_place(problems: Problems, written: str, expected: str) -> None:
    """In each of the shapes that it may stand in, with what was expected."""
    texts = [
        f"applications: {{ a: {{ type: api, displayName: A, owners: [{{ name: x@a.b, until: {written} }}] }} }}\n",
        (
            "applications:\n  a:\n    type: daemon\n    displayName: A\n    federatedCredentials:\n"
            f'      red: {{ issuer: "https://i.example.com", subject: s, until: {written} }}\n'
        ),
        (
            "applications:\n  a:\n    type: daemon\n    displayName: A\n    apiPermissions:\n"
            "      Microsoft Graph: { application: [User.Read.All], "
            f"adminConsent: [{{ name: User.Read.All, until: {written} }}] }}\n"
        ),
        (
            "applications: { a: { type: api, displayName: A } }\n"
            f"appRoleAssignments: {{ a: {{ default: {{ groups: [{{ name: G, until: {written} }}] }} }} }}\n"
        ),
        (
            "applications: { a: { type: web, displayName: A } }\n"
            f"grants: {{ I: {{ Microsoft Graph: {{ application: [{{ name: Mail.Read, until: {written} }}] }} }} }}\n"
        ),
    ]
    for text in texts:
        (problem,) = problems(text)
        place, _, message = problem.partition(": ")
        line, column = map(int, place.split(":")[1:3])
        lines = (
            "project: myapp\nenvironments: { dev: { tenantId: 11111111-1111-1111-1111-111111111111 } }\n"
            + text
        ).splitlines()
        assert lines[line - 1][column - 1 :].startswith(written)
        assert expected in message


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("owners: [{ until: 2027-01-31 }]", "a name needs `name`, `id` or both"),
        (
            "owners: [{ name: x@a.b, untill: 2027-01-31 }]",
            "`untill` is not a key of a name in `owners`. Did you mean",
        ),
        ("owners: [{ name: x@a.b, until: 2027-01-31 }, x@a.b]", "duplicate `x@a.b`"),
        (
            (
                "apiPermissions: { Microsoft Graph: { application: [User.Read.All], adminConsent: "
                "[User.Read.All, { name: User.Read.All, until: 2027-01-31 }] } }"
            ),
            "duplicate `User.Read.All`",
        ),
        (
            "apiPermissions: { Microsoft Graph: { application: [{ name: User.Read.All, until: 2027-01-31 }] } }",
            "`application`: expected a string",
        ),
        (
            "apiPermissions: { Microsoft Graph: { application: [Mail.Read], adminConsent: [{ until: 2027-01-31 }] } }",
            "an entry that is a map needs its `name`",
        ),
    ],
)
def test_an_entry_that_is_none_is_told(problems: Problems, text: str, expected: str) -> None:
    """A map without a name, a misspelled key, two words for one thing, and a request, which has no end."""
    (problem, *_) = problems(f"applications: {{ a: {{ type: daemon, displayName: A, {text} }} }}\n")

    assert expected in problem


def test_a_deployer_does_not_end(problems: Problems) -> None:
    """Who applies here is named for good."""
    text = (
        "project: p\nenvironments: { dev: { tenantId: 11111111-1111-1111-1111-111111111111, "
        "deployers: [{ name: Writer, until: 2027-01-31 }] } }\n"
    )

    assert "`until` is not a key of a name in `deployers`" in problems(text)[0]


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
