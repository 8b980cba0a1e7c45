"""Names that differ and look alike are told in a plan, a few of them, with what tells them apart."""

from __future__ import annotations

import asyncio
import json
from importlib import resources
from typing import Any

import pytest

from entra_config.confusables import skeleton
from entra_config.phrase import without_names
from entra_emulator import seed
from tests.oracle.tenant import Tenant, load
from tests.unit.checks.shop import content


def warnings(changed: dict[str, Any], *groups: str) -> list[str]:
    """Return what a plan says of names that look alike, in a tenant with these groups besides."""
    tenant = Tenant()
    for group in groups:
        seed.add_group(tenant.rows, group)

    async def reported() -> list[str]:
        await tenant.apply(await tenant.plan(load(content())))
        return [without_names(each.message) for each in (await tenant.plan(load(changed))).warnings]

    return [message for message in asyncio.run(reported()) if "look alike" in message]


def test_a_group_that_looks_like_one_that_is_listed() -> None:
    """A Cyrillic letter in the name of a group that gets a role beside the real one."""
    changed = content()
    changed["appRoleAssignments"]["api"]["Writer"] = {"groups": ["\u0410udit"]}

    (reported,) = warnings(changed, "\u0410udit")

    assert reported.startswith(
        "two names look alike and differ: 'Audit' and '\u0410udit': U+0041 (LATIN CAPITAL LETTER A) and "
    )
    assert reported.endswith("U+0410 (CYRILLIC CAPITAL LETTER A)")


@pytest.mark.parametrize(
    ("path", "value", "pair"),
    [
        ("redirectUris", ["https://app.contoso.com/cb", "https://\u0430pp.contoso.com/cb"], "contoso.com/cb"),
        ("redirectUris", ["https://app.contoso.com/cb", "https://app.contoso.com/сb"], "contoso.com/"),
        ("displayName", "Jоb", "Job"),
    ],
)
def test_uris_and_display_names_are_names(path: str, value: Any, pair: str) -> None:
    """What is added is compared with what stays, and with what other applications are called."""
    changed = content()
    changed["applications"]["web"][path] = value
    found = warnings(changed)
    assert len(found) == 1
    assert pair in found[0]


def test_a_role_beside_another_that_is_read_as_the_same() -> None:
    """Letters of one script look alike too."""
    changed = content()
    changed["applications"]["api"]["appRoles"]["Wrlter"] = {"description": "W."}
    changed["applications"]["api"]["appRoles"]["Wr1ter"] = {"description": "W."}
    assert len(warnings(changed)) == 1


def test_what_was_so_before_is_not_said_again() -> None:
    """Of names that a plan does not touch nothing is said."""
    changed = content()
    changed["applications"]["web"]["displayName"] = "Another"
    assert warnings(changed) == []


def test_at_most_ten_are_told_and_the_rest_counted() -> None:
    """A flood of look-alikes hides nothing: how many more there are is said."""
    changed = content()
    for number in range(14):
        for char in "Il":
            changed["applications"]["api"]["appRoles"][f"Role{chr(65 + number)}{char}x"] = {
                "description": "R."
            }
    found = warnings(changed)
    assert len(found) == 11
    assert found[-1] == "4 more pairs of names look alike and differ"


def test_a_user_is_told_without_the_name() -> None:
    """People stay values in these sentences too."""
    changed = content()
    changed["appRoleAssignments"]["api"]["Writer"] = {
        "users": ["\u0430lice@contoso.com", "alice@contoso.com"]
    }
    tenant = Tenant()
    seed.add_user(tenant.rows, "\u0430lice@contoso.com", "Alice Archer")

    async def reported() -> list[str]:
        return [without_names(each.message) for each in (await tenant.plan(load(changed))).warnings]

    (message,) = [each for each in asyncio.run(reported()) if "look alike" in each]
    assert "lice@" not in message
    assert message.count("a user (") == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("paypal", "\u0440\u0430\u0443\u0440\u0430l"),
        ("modern", "rnodern"),
        ("a\u200bb", "ab"),
        ("Zoe\u0308", "Zo\u00eb"),
        ("l1", "Il"),
    ],
)
def test_a_skeleton_is_what_people_read(one: str, other: str) -> None:
    """Texts that look alike have one skeleton."""
    assert skeleton(one) == skeleton(other)


def test_ordinary_names_have_skeletons_of_their_own() -> None:
    """Nothing is said of names that nobody takes for each other."""
    names = [
        "Reader",
        "Writer",
        "Admin",
        "Auditor",
        "reader",
        "All Staff",
        "On call",
        "MyApp Developers",
        "開発者",
        "Ольга",
    ]
    assert len({skeleton(name) for name in names}) == len(names)


def test_the_table_says_where_it_is_from() -> None:
    """Source, version and checksum stand beside it; what looks like ASCII is compared as that."""
    data = json.loads(resources.files("entra_config").joinpath("confusables.json").read_text("utf-8"))

    assert data["source"] == f"https://www.unicode.org/Public/{data['version']}/security/confusables.txt"
    assert len(data["sha256"]) == 64
    assert sum(map(len, data["alike"].values())) == 6565
    for prototype in filter(str.isascii, data["alike"]):
        assert skeleton(prototype) == prototype
