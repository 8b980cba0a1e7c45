"""`policy`, `acknowledged` and `removed`: what an environment lets happen, and all that is noted."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from entra_config.manifest.lint_policy import LintPolicy
from entra_config.manifest.policy import Acknowledged, Limits, Policy, Removed
from entra_config.manifest.reading.node import Map
from entra_config.manifest.sections import policies
from tests.unit.manifest.declared import GALLERY, OWN, read
from tests.unit.manifest.one_value import found, node

WORDS = "`dangerous`, `delete`, `last`, `many`, `restore` or `used`"


def policy(text: str) -> tuple[Policy, list[str]]:
    """Read a policy in an environment that `gone` is left out of."""
    value, noted = read(lambda directory, _, it: policies.policy(it, Map(), directory, {"gone"}), node(text))
    assert isinstance(value, Policy)
    return value, noted


@pytest.mark.parametrize(
    ("text", "expected", "noted"),
    [
        ("", {}, []),
        ("null", {}, []),
        ("{ allow: [last, many, last] }", {"allow": {"last", "many"}}, []),
        (
            "{ allow: [lost, last] }",
            {"allow": {"last"}},
            [f"f:1:14: `allow`: `lost` is none of {WORDS}. Did you mean `last`?"],
        ),
        ("{ limits: { maxPeople: 0, maxApplications: 1, maxRemovedPercent: 2, floor: 3 } }", {"limits": Limits(0, 1, 2, 3)}, []),
        ("{ limits: { maxPeople: 5 } }", {"limits": Limits(5, 10, 30, 3)}, []),
        ("{ limits: { maxApplications: 0 } }", {"limits": Limits(10, 0, 30, 3)}, []),
        ("{ limits: { maxRemovedPercent: 0 } }", {"limits": Limits(10, 10, 0, 3)}, []),
        ("{ limits: { floor: 0 } }", {"limits": Limits(10, 10, 30, 0)}, []),
        ("{ limits: { maxRemovedPercent: 100, maxPeople: 100000 } }", {"limits": Limits(100_000, 10, 100, 3)}, []),
        (
            "{ limits: { maxRemovedPercent: 101 } }",
            {},
            ["f:1:35: `maxRemovedPercent`: expected a number from 0 to 100, found 101"],
        ),
        (
            "{ limits: { maxPeople: 100001 } }",
            {},
            ["f:1:27: `maxPeople`: expected a number from 0 to 100000, found 100001"],
        ),
        ("{ limits: { max: 1 } }", {}, ["f:1:16: `max` is not a key of `limits`. Known: `floor`, `maxApplications`, `maxPeople` and `maxRemovedPercent`."]),
        (
            "{ consent: { api: { delegated: [a, b], application: [c] }, Partner API: {}, gone: { delegated: [a] } } }",
            {
                "consent": {
                    "api": {"delegated": {"a", "b"}, "application": {"c"}},
                    "partner": {"delegated": set(), "application": set()},
                }
            },
            [],
        ),
        (
            "{ consent: { apj: { scopes: [a] } } }",
            {},
            [
                "f:1:24: `scopes` is not a key of the consents of `apj`. Known: `application` and `delegated`.",
                "f:1:17: `apj` is not an application here, an enterprise application or an API of Microsoft. Did you mean `api`?",
            ],
        ),
        ("{ deny: [last] }", {}, ["f:1:6: `deny` is not a key of `policy`. Known: `allow`, `consent`, `limits` and `lint`."]),
    ],
)  # fmt: skip
def test_a_policy(text: str, expected: dict[str, Any], noted: list[str]) -> None:
    """What is not said is the default: nothing lifted, nothing consented, four numbers."""
    plain: dict[str, Any] = {
        "consent": {},
        "allow": set(),
        "limits": Limits(10, 10, 30, 3),
        "lint": LintPolicy(),
    }

    assert policy(text) == (Policy(**{**plain, **expected}), noted)


def test_limits_are_these_where_nobody_says() -> None:
    """The numbers of the reference."""
    limits = Policy().limits

    assert (limits.max_people, limits.max_applications, limits.max_removed_percent, limits.floor) == (
        10,
        10,
        30,
        3,
    )


A = f"id: {GALLERY}"


@pytest.mark.parametrize(
    ("text", "expected", "noted"),
    [
        ("", {}, []),
        (
            f"{{ api: [{{ {A.upper().replace('ID', 'id')}, application: [x], because: y }}] }}",
            {"api": (Acknowledged(GALLERY, frozenset({"x"})),)},
            [],
        ),
        (
            f"{{ api: [{{ {A}, delegated: [x, y], until: 2027-01-31 }}, {{ {A}, application: [z] }}], client: [] }}",
            {
                "api": (
                    Acknowledged(GALLERY, delegated=frozenset({"x", "y"}), until=date(2027, 1, 31)),
                    Acknowledged(GALLERY, frozenset({"z"})),
                ),
                "client": (),
            },
            [],
        ),
        (
            f"{{ apj: [], api: [{{ {A}, delegated: [x] }}] }}",
            {"api": (Acknowledged(GALLERY, delegated=frozenset({"x"})),)},
            ["f:1:6: `apj` is not an application here. Did you mean `api`?"],
        ),
        (
            "{ api: [{ application: [x] }] }",
            {"api": ()},
            ["f:1:12: `id` is missing: the appId of the application that is acknowledged"],
        ),
        (
            "{ api: [{ id: x, why: y }] }",
            {"api": ()},
            [
                "f:1:21: `why` is not a key of an acknowledged application. Known: `application`, `because`, `delegated`, `id` and `until`.",
                'f:1:18: `id`: expected an id like 00000000-0000-0000-0000-000000000000, found "x"',
            ],
        ),
        (
            f"{{ api: [{{ {A}, because: 1 }}] }}",
            {"api": (Acknowledged(GALLERY),)},
            [
                "f:1:65: `because`: expected a string (write it in quotes), found the number 1",
                "f:1:12: name what is acknowledged: `application: [ROLE]`, `delegated: [SCOPE]`, or both",
            ],
        ),
    ],
)
def test_what_is_acknowledged(text: str, expected: Any, noted: list[str]) -> None:
    """An application of others by its appId, with roles, scopes or both, at one of ours."""
    value, problems = found(
        lambda reader, it: policies.acknowledged(reader.map(it, "acknowledged"), OWN, reader), node(text)
    )

    assert (value, problems) == (expected, noted)
    assert all(each.position and each.position.file == "f" for each in value.get("api", ()))


@pytest.mark.parametrize(
    ("text", "expected", "noted"),
    [
        ("", {}, []),
        ("{ applications: { a: { destroy: true }, b: { destroy: false } } }", {"a": True, "b": False}, []),
        (
            "{ applications: { a: { destroy: true, only: [prod] }, b: { destroy: true, only: [dev] } } }",
            {"b": True},
            [],
        ),
        (
            "{ applications: { a: {} } }",
            {"a": False},
            [
                "f:1:22: `a`: `destroy` is missing: true deletes it, false releases it and changes nothing else"
            ],
        ),
        (
            "{ applications: { a: { destroy: null } } }",
            {"a": False},
            [
                "f:1:22: `a`: `destroy` is missing: true deletes it, false releases it and changes nothing else"
            ],
        ),
        (
            "{ applications: { a: { destroy: 1, keep: x } } }",
            {"a": False},
            [
                "f:1:39: `keep` is not a key of a removed application. Known: `destroy` and `only`.",
                "f:1:36: `destroy`: expected true or false, found the number 1",
            ],
        ),
        (
            "{ applications: { a.b: { destroy: true } } }",
            {"a.b": True},
            ["f:1:22: `a.b` (a removed application) is no key: a letter, then letters, digits and hyphens"],
        ),
        (
            "{ applications: { api: { destroy: true } } }",
            {"api": True},
            ["f:1:22: `api` is under `applications` too: it stays or it leaves"],
        ),
        ("{ applications: { api: { destroy: true, only: [prod] } } }", {}, []),
        (
            "{ applications: { old: { destroy: true } } }",
            {"old": True},
            [
                "f:1:22: `old` is renamed to `client` (`previously`) and stands under `removed:` too: it stays or it leaves"
            ],
        ),
        ("{ apps: {} }", {}, ["f:1:6: `apps` is not a key of `removed`. Known: `applications`."]),
    ],
)
def test_what_is_removed(text: str, expected: dict[str, bool], noted: list[str]) -> None:
    """An application that left is deleted or released, in the environments of `only`."""
    environments = frozenset({"dev", "prod"})
    value, problems = found(
        lambda reader, it: policies.removed(it, "dev", environments, OWN, reader), node(text)
    )

    assert ({key: each.destroy for key, each in value.items()}, problems) == (expected, noted)
    assert all(isinstance(each, Removed) and each.key == key for key, each in value.items())
    assert all(each.position and each.position.file == "f" for each in value.values())
