"""Whom and what `access` is asked for: a person, an application or a role as people call it, or an error."""

from __future__ import annotations

import pytest

from entra_emulator import seed
from entra_emulator.embedded import Embedded
from entra_emulator.seed import fixed_id
from tests.unit.cli.access_rows import ALICE, app, principal, roles, rows
from tests.unit.cli.example import APPLY
from tests.unit.cli.ran import Run


@pytest.mark.parametrize(
    "word", ["alice@contoso.com", "ALICE@contoso.com", "Alice Archer", "alice archer", ALICE]
)
def test_story_10_a_person_may_be_called_as_people_do(run: Run, word: str) -> None:
    """Story 10: by principal name, by display name, by object id; case is no matter."""
    run(*APPLY)
    assert {row["id"] for row in rows(run, "--user", word)} == {ALICE}


def test_story_10_an_application_may_be_called_as_people_do(run: Run, tenant: Embedded) -> None:
    """Story 10: by key, by display name, by appId, by the id of its registration or of its service
    principal.
    """
    run(*APPLY)
    registration, service = app(tenant, "Nightly"), principal(tenant, "Nightly")
    for word in ("nightly", "MyApp Nightly (dev)", registration["appId"], registration["id"], service["id"]):
        assert {row["id"] for row in rows(run, "--user", word)} == {service["id"]}, word


def test_a_role_may_be_called_as_people_do(run: Run, tenant: Embedded) -> None:
    """By label or value, alone or with its application, whichever of its names that has; by its id."""
    run(*APPLY)
    api = app(tenant, "API")
    (id_,) = [each["id"] for each in api["appRoles"] if each["value"] == "Writer"]
    whole = rows(run, "--role", "api/Writer")
    assert whole
    for word in (
        "Writer",
        "writer",
        id_,
        f"{api['appId']}/Writer",
        f"MyApp API (dev)/{id_}",
        f"{api['id']}/writer",
    ):
        assert rows(run, "--role", word) == whole, word


def test_nothing_found_is_an_error_with_near_misses(run: Run) -> None:
    """Mistyped names end with exit code 1 and what may have been meant, not with "nobody"."""
    run(*APPLY)
    for option, word, said in (
        ("--user", "alcie@contoso.com", "Did you mean `alice@contoso.com`"),
        ("--user", "nightli", "Did you mean `nightly`"),
        ("--user", fixed_id("nobody"), "is not a user or application of this tenant"),
        ("--role", "api/Writter", "Did you mean `api/Writer`"),
    ):
        ran = run("access", "-e", "dev", option, word)
        assert (ran.code, ran.out) == (1, ""), word
        assert said in ran.err, ran.err
    nothing = run("access", "-e", "dev", "--user", "mallory@contoso.com", "--role", "api/Writer")
    assert (nothing.code, nothing.out.endswith("\n\nNobody.\n")) == (0, True)
    assert "user mallory@contoso.com holds no api/Writer in myapp/dev" in nothing.err


def test_two_found_is_an_error_with_both(run: Run, tenant: Embedded) -> None:
    """A name that two bear is nobody's: both are told with their ids."""
    run(*APPLY)
    directory = tenant.directory.default
    seed.add_user(directory, "alice2@contoso.com", "Alice Archer")
    ran = run("access", "-e", "dev", "--user", "Alice Archer")
    assert ran.code == 1
    assert "is 2: user alice@contoso.com" in ran.err
    assert "user alice2@contoso.com" in ran.err
    roles(
        tenant,
        lambda all_: [
            *all_,
            {**all_[0], "id": fixed_id("twin"), "value": "Twin", "displayName": "Writer twin"},
        ],
    )
    roles(
        tenant,
        lambda all_: [
            *all_,
            {**all_[0], "id": fixed_id("other"), "value": "Other", "displayName": "Writer twin"},
        ],
    )
    ran = run("access", "-e", "dev", "--role", "Writer twin")
    assert ran.code == 1
    assert "is 2 roles: api/Other" in ran.err
    assert f"api/Twin ({fixed_id('twin')})" in ran.err
