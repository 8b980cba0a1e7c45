"""Which permissions are dangerous, and that none of tier 0 is missing."""

from __future__ import annotations

import json
from importlib import resources

import pytest

from entra_config.checks import dangers
from entra_config.kinds import microsoft_graph

TIER_0 = json.loads(resources.files("entra_config.checks").joinpath("tier_0.json").read_text("utf-8"))


def test_no_name_of_tier_0_is_missing() -> None:
    """Each name of the kept list is dangerous, leads to control of the tenant, and has a description."""
    rows = TIER_0["permissions"]
    assert len(rows) == TIER_0["header"]["permissions"] > 40
    for row in rows:
        reason = dangers.danger(row["value"], "application")
        assert reason, row["value"]
        assert reason != dangers._UNDESCRIBED, f"describe {row['value']} in dangers.py"
        assert dangers.leads_up(row["value"], "application"), row["value"]


def test_the_kept_lists_agree_about_ids() -> None:
    """A name of tier 0 has the id that Microsoft Graph gives it."""
    assert {
        row["value"]: row["id"] for row in TIER_0["permissions"]
    }.items() <= microsoft_graph.roles().items()


def test_a_name_that_is_added_to_tier_0_is_dangerous_before_somebody_describes_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A refreshed list takes effect by itself."""
    monkeypatch.setattr(dangers, "tier_0", lambda: frozenset({"New.ReadWrite.All"}))
    assert dangers.listed.__wrapped__()["application"]["New.ReadWrite.All"] == dangers._UNDESCRIBED


@pytest.mark.parametrize("file", ["checks/tier_0.json", "kinds/graph_permissions.json"])
def test_each_copy_says_where_it_comes_from(file: str) -> None:
    """Source, commit, date and licence are in the file."""
    header = json.loads(resources.files("entra_config").joinpath(file).read_text("utf-8"))["header"]
    assert all(header[name] for name in ("source", "commit", "date", "licence"))


def test_engine_and_emulator_have_the_same_published_file() -> None:
    """Each reads a copy of its own, so that neither reads through the other's code."""
    copies = [
        resources.files(package).joinpath(folder, "graph_permissions.json").read_bytes()
        for package, folder in (("entra_config", "kinds"), ("entra_emulator", "data"))
    ]
    assert copies[0] == copies[1]


@pytest.mark.parametrize(
    ("permission", "kind", "said"),
    [
        ("Application.ReadWrite.All", "delegated", True),
        ("Application.ReadWrite.All", "application", True),
        ("Mail.Send", "application", True),
        ("Mail.Send", "delegated", False),
        ("Mail.Read", "application", True),
        ("Mail.Read", "delegated", False),
        ("User.Read.All", "application", False),
    ],
)
def test_what_is_dangerous(permission: str, kind: dangers.Kind, said: bool) -> None:
    """Some alone, for everyone, and not in the name of a person."""
    assert (dangers.danger(permission, kind) is not None) is said
    assert (permission in dangers.listed()[kind]) is said


@pytest.mark.parametrize(
    "permission", ["Notes.FullControl.All", "Full_access_here", "New.RoleManagement.ReadWrite"]
)
def test_what_is_full_control_by_its_name(permission: str) -> None:
    """Whatever Microsoft adds."""
    assert dangers.danger(permission, "delegated") == "is full control by its name"
