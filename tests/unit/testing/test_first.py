"""The first access tests of a new role: a grid of who holds what, whole, or why there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from entra_config.testing import first

HEAD = """\
project: shop
tests: [others/*.yaml, tests/*.yaml]
environments:
  dev: { tenantId: 11111111-1111-1111-1111-111111111111 }
"""
API = """\
  api:
    type: api
    displayName: API
    scopes:
      read: { displayName: R, description: Reads., whoCanConsent: admins }
      write: { displayName: W, description: Writes., whoCanConsent: admins }
    appRoles:
      Clerk: { displayName: C, description: Clerks. }
      Boss: { displayName: B, description: Bosses., value: Boss.All }
      Looker: { displayName: L, description: Looks. }
"""
PAGE = """\
  page:
    type: spa
    displayName: Page
    redirectUris: [https://a.example.com/]
    apiPermissions: { api: { delegated: [write, read], adminConsent: [write] } }
"""
HELD = """\
appRoleAssignments:
  api:
    Clerk: { groups: [Clerks, Night shift], users: [bob@contoso.com] }
    Boss: { groups: [Night shift, "8th: floor", "yes", "true", roles, team@contoso.com] }
"""
TOP = """\
# yaml-language-server: $schema=../entra-config.tests.schema.json
#
# Who holds which role: `x` has it, `.` has it not. Nobody has api/Looker yet; whoever gives it says here to whom.
# The row of a group is somebody who is in it and in no other; `people:` adds persons (docs/tests.md).
tests:
"""  # noqa: E501  # as the file has it
IT = "  - it: gives each the roles of api, and nobody Looker"
WRITES = "    client: page\n    asks: [api/write]\n"


def written(folder: Path, *parts: str, head: str = HEAD) -> first.First:
    """Return what is written of a role that a manifest of these parts has."""
    root = folder / "entra-config.yaml"
    root.write_text(f"{head}applications:\n{''.join(parts)}", encoding="utf-8")
    return first.of_role(root, "api", "Looker", {})


def below(found: first.First) -> str:
    """Return the tests below the head of the file."""
    assert not found.note, found.note
    assert found.text.startswith(TOP)
    return found.text.removeprefix(TOP)


def test_a_grid_has_a_row_for_each_group(tmp_path: Path) -> None:
    """Hold every role as a column, each group as YAML has its name, and who holds what."""
    found = written(tmp_path, API, PAGE, HELD)

    assert found.path == tmp_path / "tests" / "api-Looker.yaml"
    assert below(found) == (
        f"{IT}\n{WRITES}"
        "    grid:\n"
        "      roles:        [Clerk, Boss.All, Looker]\n"
        "      Clerks:       [x,     .,        .     ]\n"
        "      Night shift:  [x,     x,        .     ]\n"
        '      "8th: floor": [.,     x,        .     ]\n'
        "      yes:          [.,     x,        .     ]\n"
        '      "true":       [.,     x,        .     ]\n'
    )


@pytest.mark.parametrize(
    ("strict", "expected"),
    [("false", "{ token: { roles: absent } }"), ("true", "{ refused: AADSTS50105 }")],
)
def test_without_groups_somebody_in_none_signs_in(strict: str, expected: str, tmp_path: Path) -> None:
    """Hold that he gets a token without roles, or is refused where an assignment is required."""
    enterprise = f"    enterpriseApplication: {{ assignmentRequired: {strict} }}\n"
    people = "appRoleAssignments: { api: { Clerk: { users: [bob@contoso.com] } } }\n"

    assert below(written(tmp_path, API, enterprise, PAGE, people)) == (
        f"{IT}\n    as: {{ memberOf: [] }}\n{WRITES}    expect: {expected}\n"
    )


SITE = PAGE.replace("page:", "site:").replace("spa", "web").replace("a.example", "b.example")
DESK = (
    PAGE.replace("page:", "desk:")
    .replace("spa", "publicClient")
    .replace("https://a.example.com/", "http://localhost")
)
UNASKED = PAGE.replace(", adminConsent: [write]", "")
STRICT = PAGE.replace(
    "displayName: Page", "displayName: Page\n    enterpriseApplication: { assignmentRequired: true }"
)
ALONE = PAGE.replace("    redirectUris: [https://a.example.com/]\n", "")
LISTED = API.replace("    appRoles:", "    authorizedClients: { page: [read] }\n    appRoles:")


@pytest.mark.parametrize(
    ("parts", "lines"),
    [
        ((API, SITE, DESK, PAGE), "    client: page\n    asks: [api/write]\n"),
        ((API, SITE, DESK), "    client: desk\n    asks: [api/write]\n"),
        ((API, SITE), "    client: site\n    secret: true\n    asks: [api/write]\n"),
        ((API, UNASKED, SITE), "    client: site\n    secret: true\n    asks: [api/write]\n"),
        ((API, STRICT, SITE), "    client: site\n    secret: true\n    asks: [api/write]\n"),
        ((API, ALONE, SITE), "    client: site\n    secret: true\n    asks: [api/write]\n"),
        ((LISTED, UNASKED), "    client: page\n    asks: [api/read]\n"),
        ((LISTED, PAGE), "    client: page\n    asks: [api/read]\n"),
    ],
    ids=[
        "a page before a server",
        "a device before a server",
        "a server proves itself",
        "one without consent does not",
        "one that is assigned does not",
        "one without a page does not",
        "an authorized client needs no consent",
        "the first scope of the API",
    ],
)
def test_the_client_is_the_first_that_people_can_sign_in_to(
    parts: tuple[str, ...], lines: str, tmp_path: Path
) -> None:
    """Hold which client and which scope the tests begin with."""
    found = below(written(tmp_path, *parts))
    assert found == f"{IT}\n    as: {{ memberOf: [] }}\n{lines}    expect: {{ token: {{ roles: absent }} }}\n"


def test_environments_that_differ_have_a_test_each(tmp_path: Path) -> None:
    """Hold that each says where it holds."""
    over = "{ appRoleAssignments: { api: { Clerk: { groups: [Staff] } } } }"
    more = f"  prod: {{ tenantId: 22222222-2222-2222-2222-222222222222, overrides: {over} }}\n"
    clerks = "appRoleAssignments: { api: { Clerk: { groups: [Clerks] } } }\n"
    rows = {
        name: f"    grid:\n      {'roles:':<{width}} [Clerk, Boss.All, Looker]\n"
        f"      {name + ':':<{width}} [x,     .,        .     ]\n"
        for name, width in (("Clerks", 7), ("Staff", 6))
    }
    assert below(written(tmp_path, API, PAGE, clerks, head=HEAD + more)) == (
        f"{IT} in dev\n    only: [dev]\n{WRITES}{rows['Clerks']}\n"
        f"{IT} in prod\n    only: [prod]\n{WRITES}{rows['Staff']}"
    )


def test_environments_that_are_alike_have_one_test(tmp_path: Path) -> None:
    """Hold that it says no environment where it holds in all, and both where there is a third."""
    more = "  prod: { tenantId: 22222222-2222-2222-2222-222222222222 }\n"
    third = "  qa: { tenantId: 33333333-3333-3333-3333-333333333333 }\n"
    some = API.replace("    type: api", "    type: api\n    only: [dev, prod]")
    page = PAGE.replace("    type: spa", "    type: spa\n    only: [dev, prod]")

    assert below(written(tmp_path, API, PAGE, head=HEAD + more)).startswith(f"{IT}\n    as")
    assert below(written(tmp_path, some, page, head=HEAD + more + third)).startswith(
        f"{IT} in dev and prod\n    only: [dev, prod]\n"
    )


def test_where_there_is_none_it_is_said_why(tmp_path: Path) -> None:
    """Hold that a file which exists is not touched, one that the manifest does not list is not written, and
    that a test needs a client.
    """
    none = written(tmp_path, API, UNASKED)
    file = tmp_path / "tests" / "api-Looker.yaml"
    root = tmp_path / "entra-config.yaml"
    assert none == first.First(file, note="no client asks for a scope of `api`: no access test was written")

    unlisted = written(tmp_path, API, PAGE, head=HEAD.replace(", tests/*.yaml", ""))
    assert unlisted == first.First(
        file, note=f"`tests` of {root} names no file like {file}: no access test was written"
    )
    file.parent.mkdir()
    file.write_text("", encoding="utf-8")
    assert written(tmp_path, API, PAGE) == first.First(
        file, note=f"{file} exists: no access test was written"
    )
