"""What `lock` prints: each line that a new lock file has more, less or otherwise than the old one."""

from __future__ import annotations

import pytest

from entra_config.manifest.environments.pins import Lock, Pin, PinnedApplication, describe_changes

OLD = {
    "users": Lock(users={"ann@a.org": Pin("u1")}),
    "groups": Lock(groups={"Staff": Pin("g1", was="People")}),
    "others": Lock(service_principals={"Legacy": Pin("p1", organization="o1")}),
    "api": Lock(
        applications={
            "api": PinnedApplication(
                "a1", owners=("o2", "o1"), key_ids=("k1",), was="old", secrets=(("ci", ("s1", "s2")),)
            )
        }
    ),
    "rejected": Lock(rejected=("x2", "x1")),
    "nothing": Lock(),
}
CHANGES: list[tuple[str, Lock, list[str]]] = [
    ("nothing", OLD["users"], ["+ user ann@a.org: u1"]),
    ("users", OLD["nothing"], ["- user ann@a.org: u1"]),
    (
        "users",
        Lock(users={"ann@a.org": Pin("u2")}),
        ["! user ann@a.org: was u1, the name means u2 now; make sure that this is meant"],
    ),
    ("groups", OLD["groups"], []),
    ("others", OLD["others"], []),
    ("api", OLD["api"], []),
    ("rejected", OLD["rejected"], []),
    (
        "nothing",
        OLD["groups"],
        ["+ group Staff: g1", "! group Staff: g1 is called People now; make sure that this is meant"],
    ),
    ("groups", Lock(groups={"Staff": Pin("g1")}), []),
    (
        "groups",
        Lock(groups={"Staff": Pin("g1", was="Others")}),
        ["! group Staff: g1 is called Others now; make sure that this is meant"],
    ),
    ("others", OLD["nothing"], ["- service principal Legacy: p1"]),
    (
        "others",
        Lock(service_principals={"Legacy": Pin("p1", organization="o2")}),
        ["! service principal Legacy: p1 is of the organization o2; make sure that this is meant"],
    ),
    (
        "nothing",
        Lock(applications={"api": PinnedApplication("a1", was="old")}),
        [
            "~ application api: appId not pinned → a1",
            "! application api: a1 was `old` before; make sure that this is meant",
        ],
    ),
    (
        "api",
        Lock(
            applications={
                "api": PinnedApplication(
                    owners=("o3", "o2", "o0"),
                    key_ids=("k2",),
                    secrets=(("ci", ("s2", "s3")), ("job", ("j1",))),
                )
            }
        ),
        [
            "~ application api: appId a1 → not pinned",
            "+ application api: accepts owner o0",
            "+ application api: accepts owner o3",
            "- application api: owner o1",
            "+ application api: accepts key id k2",
            "- application api: key id k1",
            "+ application api: accepts secret ci s3",
            "- application api: secret ci s1",
            "+ application api: accepts secret job j1",
        ],
    ),
    (
        "rejected",
        Lock(rejected=("x0", "x1", "x3")),
        [
            "- appId x0: rejected, it is never one of ours",
            "- appId x3: rejected, it is never one of ours",
            "+ appId x2: no longer rejected",
        ],
    ),
]


@pytest.mark.parametrize(("before", "after", "lines"), CHANGES)
def test_each_difference_of_two_lock_files_is_a_line(before: str, after: Lock, lines: list[str]) -> None:
    """What stays is not said; what is pinned otherwise is said as the danger that it may be."""
    assert list(describe_changes(OLD[before], after)) == lines
