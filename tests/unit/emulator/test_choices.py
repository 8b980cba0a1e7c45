"""A tenant's choices: read, refused, kept with the directory, set at the start, by `--for` and while it
runs.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from entra_emulator import choices, seed
from entra_emulator.choices import Choices
from entra_emulator.cli.main import app
from entra_emulator.directory import Tenants
from entra_emulator.server import Host
from entra_emulator.server_options import ServerOptions

DOCUMENT = Path(__file__).parents[3] / "docs" / "emulator.md"


def test_choices_are_read_and_written_alike() -> None:
    """What a tenant describes of itself is what sets it, name by name."""
    chosen = Choices(("a.example",)).changed(
        {"usersMayConsent": False, "unverifiedDomains": ["New.Example"], "objectQuota": 7}
    )
    assert set(chosen.describe()) == set(choices.NAMES)
    assert Choices(("a.example",)).changed(chosen.describe()) == chosen
    assert chosen.unverified_domains == ("new.example",)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"nonsense": 1}, "no such choice: nonsense; known: verifiedDomains"),
        ({"usersMayConsent": "no"}, "usersMayConsent is neither true nor false: 'no'"),
        ({"identifierUriPolicy": True}, "identifierUriPolicy is neither 'default' nor 'off'"),
        ({"objectQuota": -1}, "objectQuota is no number of objects: -1"),
        ({"objectQuota": True}, "objectQuota is no number of objects: True"),
        ({"objectQuota": 1.5}, "objectQuota is no number of objects: 1.5"),
        ({"objectQuota": "7"}, "objectQuota is no number of objects: '7'"),
        ({"entraPlan": "P3"}, "entraPlan is neither 'P1' nor 'free': 'P3'"),
        (
            {"defaultAppManagementPolicy": {"enabled": True}},
            "is no default app management policy; it has applicationRestr",
        ),
        (
            {
                "defaultAppManagementPolicy": {
                    "applicationRestrictions": {"keyCredentials": [{"maxLifetime": "1d"}]}
                }
            },
            "not an ISO 8601 duration: '1d'",
        ),
        ({"defaultAppManagementPolicy": {"applicationRestrictions": 5}}, "has 5 where an object belongs"),
        (
            {"defaultAppManagementPolicy": {"applicationRestrictions": {"audiences": {"x": 1}}}},
            "restricts audiences; what can be",
        ),
        (
            {"defaultAppManagementPolicy": {"servicePrincipalRestrictions": {"keys": []}}},
            "restricts keys; what can be restricted",
        ),
        ({"verifiedDomains": "contoso.com"}, "verifiedDomains is not a list of domain names"),
        ({"verifiedDomains": ["https://contoso.com"]}, "verifiedDomains is not a list of domain names"),
        ({"unverifiedDomains": ["b.example", 7]}, "is not a list of domain names"),
        ({"unverifiedDomains": {"b.example": 1}}, "is not a list of domain names"),
        ({"userConsentPolicies": ["mine", 7]}, "is not a list of ids of permission grant policies"),
        ({"userConsentPolicies": ["mine", "not/mine"]}, "is not a list of ids of permission grant policies"),
        ({"userConsentPolicies": {"mine": 1}}, "is not a list of ids of permission grant policies"),
        ({"usersWithoutMfa": ["alice@a.example", 7]}, "is not a list of user principal names"),
        ({"usersWithoutMfa": ["alice@a.example", "bob"]}, "is not a list of user principal names"),
        ({"usersWithoutMfa": {"alice@a.example": 1}}, "is not a list of user principal names"),
        ({"defaultAppManagementPolicy": []}, "is no default app management policy"),
        (
            {"defaultAppManagementPolicy": {"applicationRestrictions": {"keyCredentials": [None, 5]}}},
            "restricts keyCredentials; what can be",
        ),
        (
            {
                "defaultAppManagementPolicy": {
                    "servicePrincipalRestrictions": {
                        "passwordCredentials": [None, {"restrictForAppsCreatedAfterDateTime": "soon"}]
                    }
                }
            },
            "is no time: 'soon'",
        ),
        (
            {
                "verifiedDomains": ["g.example", "e.example", "c.example", "b.example", "d.example"],
                "unverifiedDomains": ["B.example", "c.example", "D.example", "e.example", "G.example"],
            },
            "verified or not: b.example, c.example, d.example, e.example, g.example",
        ),
    ],
)
def test_what_is_no_choice_is_refused(data: dict[str, Any], words: str) -> None:
    """An unknown name, or a value that it cannot have, is told with what was expected."""
    with pytest.raises(ValueError, match=words):
        Choices(("a.example",)).changed(data)


def test_what_is_named_twice_is_chosen_once() -> None:
    """In the order in which it is named first."""
    twice = {
        "verifiedDomains": ["c.example", "B.example", "C.example"],
        "userConsentPolicies": ["two", "one", "two"],
        "usersWithoutMfa": ["z@a.example", "a@a.example", "z@a.example"],
    }
    found = Choices(("a.example",)).changed(twice).describe()
    assert {name: found[name] for name in twice} == {
        "verifiedDomains": ["a.example", "c.example", "b.example"],
        "userConsentPolicies": ["two", "one"],
        "usersWithoutMfa": ["z@a.example", "a@a.example"],
    }


@pytest.mark.parametrize("quota", [None, 0, 1])
def test_a_quota_is_a_number_or_none(quota: int | None) -> None:
    """Of nothing too."""
    assert Choices(("a.example",)).changed({"objectQuota": quota}).describe()["objectQuota"] == quota


def test_a_tenant_keeps_the_domain_that_it_was_made_with() -> None:
    """The first domain stays first whatever is chosen, and the last one is the default."""
    directory = seed.contoso()
    directory.choose({"contoso.com": {"verifiedDomains": ["one.example", "two.example"]}})
    assert directory.default.domains == ("contoso.onmicrosoft.com", "one.example", "two.example")
    assert directory.find("two.example") is directory.default
    assert directory.tenants[seed.FABRIKAM].domains[-1] == "fabrikam.com"


def test_a_domain_is_verified_or_not() -> None:
    """A domain that is named in one list leaves the other, so that one word takes a manifest's domain
    away; the first stays.
    """
    choices = Choices(("a.example", "b.example", "c.example")).changed({"unverifiedDomains": ["b.example"]})
    assert (choices.verified_domains, choices.unverified_domains) == (
        ("a.example", "c.example"),
        ("b.example",),
    )
    back = choices.changed({"verifiedDomains": ["b.example"]})
    assert (back.verified_domains, back.unverified_domains) == (("a.example", "b.example"), ())
    with pytest.raises(ValueError, match=r"verified or not: a\.example"):
        choices.changed({"unverifiedDomains": ["a.example"]})


def test_choices_are_saved(tmp_path: Path) -> None:
    """A directory keeps its tenants' choices; one that was saved before there were any has its domains."""
    directory = seed.contoso()
    directory.choose({"*": {"usersMayRegister": False}})
    data = json.loads(json.dumps(directory.dump()))
    assert Tenants.from_data(data).default.choices == directory.default.choices
    for tenant in data["tenants"]:
        tenant["domains"] = tenant.pop("choices")["verifiedDomains"]
    assert Tenants.from_data(data).default.domains == directory.default.domains


def test_choices_at_the_start_survive_a_reset(tmp_path: Path) -> None:
    """What was chosen at the start holds for tenants that a manifest names, and after a reset."""
    tenant_id = "33333333-3333-4333-8333-333333333333"
    options = ServerOptions(
        tmp_path, choices={"*": {"usersMayConsent": False}, tenant_id: {"identifierUriPolicy": "off"}}
    )
    host = Host(options, lambda directory: seed.for_names(directory, [tenant_id]))
    made = host.directory.tenants[tenant_id].choices
    assert (made.users_may_consent, made.identifier_uri_policy) == (False, "off")
    assert not host.initial().default.choices.users_may_consent
    host.save()
    # The process that serves is another one, which knows the folder and the options but no manifest.
    again = Host(options).initial().tenants[tenant_id].choices
    assert (again.users_may_consent, again.identifier_uri_policy) == (False, "off")


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("usersMayConsent", "is not NAME=VALUE"),
        ("usersMayConsent=perhaps", "is neither true nor false"),
        ("x=1", "no such choice"),
        ("nobody.example/usersMayConsent=false", "no such tenant: nobody.example"),
    ],
)
def test_unknown_choices_are_usage_errors(tmp_path: Path, setting: str, words: str) -> None:
    """A start with a choice that does not exist starts nothing and says why."""
    outcome = CliRunner().invoke(app, ["start", "--port", "0", "--state", str(tmp_path), "--choice", setting])
    assert outcome.exit_code in (1, 2)
    assert words in outcome.stderr


def test_each_choice_is_documented() -> None:
    """The page on the emulator names every choice."""
    text = DOCUMENT.read_text(encoding="utf-8")
    assert all(f"`{name}`" in text for name in choices.NAMES)


def test_a_new_tenant_is_as_documented() -> None:
    """The page's column of what holds where nobody chose."""
    rows = re.findall(r"^\| `(\w+)` \| `([^`]+)` \|", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)
    said = {name: value for name, value in rows if name in choices.NAMES}
    new = {name: value for name, value in Choices().describe().items() if name in said}
    assert len(said) >= 8
    assert {
        name: value if isinstance(value, str) else json.dumps(value) for name, value in new.items()
    } == said
