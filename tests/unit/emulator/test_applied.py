"""What programs hand over of a manifest that was applied: kept by tenant and owner, and checked whole."""

from __future__ import annotations

from typing import Any

import pytest

from entra_config.emulator.applied import AppliedManifests

TENANTS = {"t1": None, "t2": None}
BODY = {"tenant": "t1", "owner": "shop/prod", "places": {"application.api": "a.yaml:1"}}


def put(known: AppliedManifests, at: str = "10:00", **more: Any) -> Any:
    """Hand something over."""
    return known.put({**BODY, **more}, TENANTS, at)


def test_the_last_of_each_owner_in_each_tenant_is_kept() -> None:
    """What `settings` tells says where things are, and leaves when they were applied."""
    known = AppliedManifests()
    assert known.last("t1") is known.of("t1", "shop/prod") is None
    assert put(known, by="settings").at == ""
    assert known.last("t1") is None, "nobody applied anything"
    put(known, "10:00")
    put(known, "12:00", owner="shop/dev")
    put(known, "14:00", tenant="t2")
    put(known, "16:00", by="settings", places={})
    found = known.of("t1", "shop/prod")
    assert found is not None
    assert (found.at, found.places) == ("10:00", {})
    last = known.last("t1")
    assert last is not None
    assert (last.owner, last.snapshot) == ("shop/dev", "apply of shop.dev")
    assert known.described()["value"] == [
        {"tenant": "t1", "owner": "shop/prod", "at": "10:00", "places": 0},
        {"tenant": "t1", "owner": "shop/dev", "at": "12:00", "places": 1},
        {"tenant": "t2", "owner": "shop/prod", "at": "14:00", "places": 1},
    ]


def test_an_address_is_read_part_by_part() -> None:
    """As the manifest writes them: a slash in a part is no end of it."""
    places = {"application.api/redirectUri/https:%2F%2Fa.example%2Fx.y": "a.yaml:1", "application.b.c": "b:1"}
    assert put(AppliedManifests(), places=places).parts == {
        ("application", "api", "redirectUri", "https://a.example/x.y"): "a.yaml:1",
        ("application", "b.c"): "b:1",
    }


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"tenant": "t3"}, "no such tenant: 't3'"),
        ({"tenant": 3}, "no such tenant: '3'"),
        ({"owner": "shop"}, "not an owner such as project/environment"),
        ({"owner": "shop/prod/more"}, "not an owner"),
        ({"owner": "-shop/prod"}, "not an owner"),
        ({"owner": "shop/" + "p" * 101}, "not an owner"),
        ({"owner": None}, "not an owner"),
        ({"by": "destroy"}, "by is apply or settings"),
        ({"more": 1}, "and nothing else"),
        ({"places": []}, "places are an object"),
        ({"places": dict.fromkeys(map(str, range(50_001)), "")}, "at most 50,000"),
        ({"labels": {"a": 1}}, "labels are texts of at most 1,000 characters"),
        ({"labels": {"a": "x" * 1001}}, "labels are texts"),
        ({"places": {"x" * 1001: "a"}}, "places are texts"),
    ],
)
def test_what_is_not_as_it_has_to_be_is_refused_and_not_kept(more: dict[str, Any], said: str) -> None:
    """Each with what was expected."""
    known = AppliedManifests()
    with pytest.raises(ValueError, match=said):
        put(known, **more)
    assert known.described() == {"value": []}


def test_what_is_as_long_as_it_may_be_is_kept() -> None:
    """At each limit; and the three names that have to be there."""
    longest = {"x" * 1000: "y" * 1000, **dict.fromkeys(map(str, range(49_999)), "")}
    found = put(AppliedManifests(), owner="s" * 100 + "/" + "p" * 100, places=longest)
    assert len(found.places) == 50_000
    assert len(found.snapshot) == 64
    for name in BODY:
        with pytest.raises(ValueError, match="tenant, owner and places are expected"):
            AppliedManifests().put({key: value for key, value in BODY.items() if key != name}, TENANTS, "")
