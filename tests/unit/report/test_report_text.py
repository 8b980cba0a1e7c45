"""The text of a plan: what is said of changes, fields, values, warnings and refusals."""

from __future__ import annotations

from entra_config.graph.request import Usage
from entra_config.plan.model import (
    Create,
    FieldChange,
    Update,
)
from entra_config.report import lines, text
from entra_config.resource import Ref, Text
from tests.unit.report.plans import API, plan_of, resource, worked_example
from tools.bench import copies, measure

EXPECTED = """\
myapp/prod · contoso.onmicrosoft.com (1111…)

▲ High  gives somebody power, lowers a guard, or destroys
  + app role assignment api/Admin ← group "On call" (6f1c…)
      ! 6 people gain Admin

◆ Medium  lets more in, takes something away, or is not known to be harmless
  ~ application api "MyApp API"                                        manifests/applications/api.yaml:3
      ~ api.oauth2PermissionScopes
          + user.delete      Delete user data (admins)
      ~ appRoles
          ~ Writer           description: "Changes records." → "Changes and deletes records."
          - Auditor          its assignments first, then disabled, then removed
            ! 3 people lose it: group Audit (2), li@contoso.com (direct)
  - authorized client devClient → api

Plan: 1 to add, 1 to change, 1 to remove, 41 unchanged.
Access: 3 people lose Auditor, 6 gain Admin.
"""


def test_the_worked_example_looks_as_documented() -> None:
    """The plan of the documentation is printed letter for letter."""
    assert text.render(worked_example()) == EXPECTED


def test_an_empty_plan_says_so_in_one_line() -> None:
    """Nothing to do is one line with what was read."""
    plan = plan_of(unchanged=41, read=Usage(1, 1, 1))

    assert text.render(plan).splitlines()[2] == ("No changes: 41 unchanged.")
    assert lines.format_lines(text.lines(plan, whole=True)).splitlines()[3:] == [
        "Read: 1 request in 1 call, depth 1."
    ]


def test_the_benchmarks_find_what_reading_cost() -> None:
    """An apply says it in the text of its plan, to who asks for more, and `tools.bench copies` does."""
    shown = lines.format_lines(text.lines(plan_of(read=Usage(21, 2, 2)), whole=True))

    assert "--verbose" in copies.GO
    assert measure.read(measure.Spent(0, 0, 0, "", shown)) == {"requests": 21, "calls": 2, "depth": 2}


def test_what_is_unknown_is_said_to_be() -> None:
    """References print as known after apply."""
    ref = Ref(API, "appId")
    fields = (
        FieldChange("identifierUris", None, [Text(("api://", ref))]),
        FieldChange("appId", None, ref),
    )
    shown = text.render(plan_of(Create(resource(API, "api"), fields)))

    assert '+ identifierUris: ["api://(known after apply)"]' in shown
    assert "+ appId: (known after apply)" in shown


def test_credential_values_are_never_printed() -> None:
    """Secrets are left out wherever they stand in a value."""
    fields = (
        FieldChange("passwordCredentials", [{"hint": "abc", "secretText": "s3cr3t"}], []),
        FieldChange("web.password", "hunter2", "hunter3"),
    )
    shown = text.render(plan_of(Update(resource(API, "api"), resource(API, "api"), fields)))

    for secret in ("s3cr3t", "abc", "hunter2", "hunter3"):
        assert secret not in shown
