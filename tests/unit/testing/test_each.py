"""An access test with `each` is one test for each item of a list, in each environment that has it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from entra_config.errors import ManifestError
from entra_config.manifest.editing import edit, move
from entra_config.manifest.references import read_references
from entra_config.testing import edits, github, junit, markdown, reading, runs
from entra_config.testing.model import AccessTest
from tests.unit.testing.conftest import NOW, Write

MANIFEST = """\
project: shop
environments:
  dev:
    tenantId: 11111111-1111-1111-1111-111111111111
    overrides: { lists: { services: { orders: { group: Testers } } } }
  prod: { tenantId: 11111111-1111-1111-1111-111111111111 }
files: [{ path: more.yaml, mayDeclare: [lists/services/*, applications/more-*, tests/more *] }]
lists:
  services:
    orders: { group: Readers }
    billing: { group: Readers, only: [prod] }
  none: {}
applications:
  ${service}-api:
    each: { service: services }
    type: api
    displayName: ${service} API
    identifierUris: ["api://${appId}"]
    scopes: { read: { displayName: Read, description: Reads., whoCanConsent: admins } }
    appRoles: { Reader: { displayName: Reader, description: Reads. } }
  ${service}-spa:
    each: { service: services }
    type: spa
    displayName: ${service}
    redirectUris: ["https://${service}.example.com/"]
    apiPermissions: { "${service}-api": { delegated: [read], adminConsent: true } }
appRoleAssignments:
  ${service}-api: { each: { service: services }, Reader: { groups: ["${service.group}"] } }
"""
ONE = """\
tests:
  - it: lets readers of ${service} read
    each: { service: services }
    as: { memberOf: ["${service.group}"] }
    client: ${service}-spa
    asks: ["${service}-api/read"]
    expect: { token: { roles: [Reader] } }
"""
GRID = """\
groups: { Others: {} }
tests:
  - it: gives roles of ${service}
    each: { service: services }
    client: ${service}-spa
    asks: ["${service}-api/read"]
    grid: { roles: [Reader], "${service.group}": [x], Others: [.] }
"""


@pytest.fixture(autouse=True)
def _services(folder: Path) -> None:
    (folder / "manifests/entra-config.yaml").write_text(MANIFEST)
    (folder / "manifests/more.yaml").write_text("# Nothing yet.\n")


def in_files() -> list[AccessTest]:
    """Return the access tests of all files."""
    return [test for suite in reading.load(Path("manifests")) for test in suite.tests]


def problems() -> str:
    """Return what is wrong with the access tests."""
    with pytest.raises(ManifestError) as caught:
        reading.load(Path("manifests"))
    return str(caught.value)


def test_each_item_has_its_test_in_the_environments_that_have_it(write: Write) -> None:
    """Overrides of an item count, and the place names the item."""
    write(ONE)
    found = in_files()
    assert [(test.name, test.only, test.person and test.person.member_of[0].text) for test in found] == [
        ("lets readers of orders read", ("dev",), "Testers"),
        ("lets readers of billing read", ("prod",), "Readers"),
        ("lets readers of orders read", ("prod",), "Readers"),
    ]
    assert found[1].position.short == "manifests/tests/a.yaml:2 (billing)"


@pytest.mark.parametrize(("text", "number"), [(ONE, 3), (GRID, 6)])
def test_they_run_and_fail_as_others_do(text: str, number: int, write: Write) -> None:
    """Rows of a grid are named by items too."""
    write(text)
    passing = asyncio.run(runs.run(Path("manifests"), now=NOW))
    assert [len(result.failures) for result in passing.results] == [0] * number

    write(
        text.replace("roles: [Reader]", "roles: [Reader, Writer]")
        .replace("[x]", "[x, x]")
        .replace("[.]", "[., .]")
    )
    failing = asyncio.run(runs.run(Path("manifests"), now=NOW))
    assert failing.failed
    for report in (github.render(failing), junit.render(failing), markdown.render(failing)):
        assert " (orders)" in report
        assert " (billing)" in report


def test_only_of_a_test_counts_too(write: Write) -> None:
    """The test is in the environments that both allow."""
    write(ONE + "    only: [dev]\n")
    assert [(test.name, test.only) for test in in_files()] == [("lets readers of orders read", ("dev",))]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("of ${service} read", "read", "`lets readers read` is made by the items `billing` and `orders`"),
        ("services }", "servces }", "`servces` is not a list of `lists`. Did you mean `services`?"),
        ("${service.group}", "${service.grp}", "`${service.grp}`: item `billing` has no such field"),
        ("service: services", "services: services", "`services` cannot be the name of an item"),
        ("{ service: services }", "services", "expected a map"),
    ],
)
def test_errors_of_entries_are_those_of_tests(old: str, new: str, message: str, write: Write) -> None:
    """Each has the place of the test."""
    write(ONE.replace(old, new))
    found = problems()
    assert message in found
    assert found.startswith("manifests/tests/a.yaml:")


def test_two_tests_of_one_name_are_refused(write: Write) -> None:
    """A name that an item makes is taken."""
    write(
        ONE
        + ONE.replace("tests:\n", "")
        .replace("    each: { service: services }\n", "")
        .replace("${service}", "orders")
        .replace("${service.group}", "Readers")
    )
    assert "a test `lets readers of orders read` stands at" in problems()


def test_an_empty_list_is_reported(write: Write) -> None:
    """It is allowed and makes no test."""
    write(ONE.replace("services }", "none }").replace("lets readers of ${service} read", "keeps ${service}"))
    (suite,) = reading.load(Path("manifests"))
    assert suite.tests == ()
    assert [str(entry.problem) for entry in suite.empty_lists] == [
        "manifests/tests/a.yaml:2:5: `keeps ${service}` makes nothing, because its list is empty"
    ]


def test_the_file_of_the_item_may_declare_the_test(write: Write) -> None:
    """A restricted file makes no test that `mayDeclare` does not allow, by its items or by its own `each`."""
    write(ONE)
    Path("manifests/more.yaml").write_text("lists: { services: { more: { group: Readers } } }\n")
    assert (
        "`tests/lets readers of more read/it` is outside of what manifests/more.yaml may declare"
        in problems()
    )
    write(ONE.replace("lets readers of ${service} read", "${service} readers read"))
    assert "more readers read" in {test.name for test in in_files()}

    root = Path("manifests/entra-config.yaml")
    root.write_text(f"{MANIFEST}tests: [{{ path: tests/a.yaml, mayDeclare: [tests/more *] }}]\n")
    found = problems()
    assert "`tests/billing readers read` is outside of what this file may declare: `tests/more *`" in found
    assert "tests/more readers" not in found


def test_changes_since_a_revision_are_those_of_each_item(write: Write) -> None:
    """Also if a test changes in one environment only."""
    write(ONE)
    before = reading.load(Path("manifests"))
    root = Path("manifests/entra-config.yaml")
    root.write_text(MANIFEST.replace("Testers", "Checkers").replace("only: [prod]", "only: [dev]"))
    found = edits.between(before, reading.load(Path("manifests")))
    assert (found.removed, found.added) == ((), ())
    assert set(found.changed) == {"lets readers of orders read", "lets readers of billing read"}


def test_edits_in_place_find_names_of_items(write: Write) -> None:
    """A role is renamed for all; a person that an item names is refused with the place in the test."""
    for text in (ONE, GRID):
        path = write(text)
        renamed = edit.rename(Path("manifests"), "orders-api", "Reader", "Viewer", scope="all")
        assert "roles: [Viewer]" in renamed.after[path]

    path = write(ONE.replace("roles: [Reader]", "aud: '${service}-api', roles: [Reader]"))
    (edited,) = move.key(Path("manifests"), "orders-api", "${service}-backend", every=True).edits
    assert 'asks: ["${service}-backend/read"]' in edited.after[path]
    assert "aud: '${service}-backend'" in edited.after[path]
    write(GRID)

    named = [each for each in read_references(Path("manifests")).every if each.place.kind == "tests"]
    groups = {
        (each.name, each.environments) for each in named if each.noun == "group" and each.name != "Others"
    }
    assert groups == {
        ("Testers", ("dev",)),
        ("Readers", ("prod",)),
        ("Readers", ("dev", "prod")),
    }
    (client, *_) = [each for each in named if each.name == "orders-spa"]
    assert client.place.obstacle.startswith("it is written by the placeholder `${service}`, set at")
