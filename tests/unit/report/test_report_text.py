"""The text of a plan: what is said of changes, fields, values, warnings and refusals."""

from __future__ import annotations

import dataclasses

from entra_config.errors import Position
from entra_config.graph.request import Usage
from entra_config.plan.model import (
    Create,
    Delete,
    FieldChange,
    ItemChange,
    Notice,
    Refusal,
    Release,
    Restore,
    Update,
)
from entra_config.report import lines, text
from entra_config.resource import Address, Ref, Text
from tests.unit.report.plans import API, HERE, plan_of, resource, worked_example
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


def test_a_name_that_the_title_has_is_said_once() -> None:
    """Assignments and consents name both ends in their title."""
    group = Address("appRoleAssignment", "api/Admin/group:1")
    shown = text.render(
        plan_of(
            *(
                Delete(dataclasses.replace(resource(group, title, name), parent=API))
                for title, name in (
                    ('api/Admin ← group "On call" (6f1c…)', "On call"),
                    ("api/Writer ← nightly", "nightly"),
                )
            )
        )
    )

    assert shown.count("On call") == 1
    assert shown.count("nightly") == 1


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


def test_rare_changes_are_named_and_counted() -> None:
    """Adopted, restored and released objects stand out and are counted apart."""
    api = resource(API, "api", "MyApp API")
    shown = text.render(
        plan_of(
            Update(api, api, adopts=True),
            Restore(api, api, notes=("deleted 3 days ago, 1 secret",)),
            Release(api),
        )
    )

    assert '~ application api "MyApp API" (adopted)' in shown
    assert '+ application api "MyApp API" (restored)' in shown
    assert "      ! deleted 3 days ago, 1 secret" in shown
    assert "(released: only its ownership tags are removed)" in shown
    assert "0 to add, 0 to change, 0 to remove, 1 to adopt, 1 to restore, 1 to release" in shown


def test_warnings_and_refusals_come_with_place_and_way_forward() -> None:
    """A refusal names the word that lifts it; a part left out reads differently."""
    shown = text.render(
        plan_of(
            warnings=(Notice("a secret that is not declared", API, HERE),),
            refusals=(
                Refusal("many", "11 of 12 assignments would go", API),
                Refusal("", "Mail.Read needs a human", API, blocks=False),
            ),
        )
    )

    assert "Warning: api: a secret that is not declared" in shown
    assert "manifests/applications/api.yaml:3" in shown
    assert "Refused: api: 11 of 12 assignments would go" in shown
    assert "--allow many" in shown
    assert "Skipped: api: Mail.Read needs a human" in shown


def test_what_is_created_is_told_short() -> None:
    """Our two marks and a type's defaults are left out of a creation, unless asked for; what only looks
    like a mark is told.
    """
    marks = tuple(ItemChange("add", f"entra-config:{mark}") for mark in ("owner=myapp/prod", "key=api"))
    near = tuple(
        ItemChange("add", f"entra-config:{mark}")
        for mark in ("owner=myapp/dev", "key=api2", "Admin", "created=1")
    )
    written = Position(HERE.file, 4, 5)
    fields = (
        FieldChange("displayName", None, "API", position=written),
        FieldChange("isFallbackPublicClient", None, after=False, position=HERE),
        FieldChange("tags", items=(*marks, *near, ItemChange("add", "mine"))),
        FieldChange("web.redirectUris", items=(ItemChange("add", "entra-config://evil/cb"), marks[0])),
    )
    plan = plan_of(Create(resource(API, "api", "API", HERE), fields))
    short, whole = text.render(plan), lines.format_lines(text.lines(plan, whole=True))

    assert 'displayName: "API"' in short
    assert "+ mine" in short
    assert short.count("entra-config:owner=myapp/prod") == 1, "that of the redirect URIs"
    assert "entra-config:key=api\n" not in short
    assert all(each.label in short for each in near)
    assert "isFallbackPublicClient" not in short
    assert "+ entra-config://evil/cb" in short
    assert "entra-config:owner" in whole
    assert "isFallbackPublicClient: false" in whole


def test_several_fields_of_one_item_stand_below_each_other() -> None:
    """Each field of an item has its own line, in one column."""
    item = ItemChange("change", "Writer", fields=(FieldChange("a", 1, 2), FieldChange("b", True, False)))
    api = resource(API, "api")
    shown = text.render(plan_of(Update(api, api, (FieldChange("appRoles", items=(item,)),))))
    first, second = (line for line in shown.splitlines() if "→" in line)

    assert first.index("a: 1 → 2") == second.index("b: true → false")


def test_of_an_object_only_the_leaves_that_differ_are_shown() -> None:
    """One line for each leaf, by its path inside, and not the two whole objects."""
    api = resource(API, "api")
    leaves = (FieldChange("isEnabled", False, True), FieldChange("tokens.email", None, "x"))
    field = FieldChange(
        "lock", {"isEnabled": False, "other": 1}, {"isEnabled": True, "other": 1}, differences=leaves
    )
    shown = text.render(plan_of(Update(api, api, (field,))))

    assert '      ~ lock\n          ~ isEnabled: false → true\n          + tokens.email: "x"\n' in shown
    assert "other" not in shown
