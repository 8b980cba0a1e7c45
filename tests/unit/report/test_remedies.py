"""What makes a finding stay, and what takes it back: a command where there is one, else words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from entra_config.drift.model import Finding, Sign
from entra_config.errors import Position
from entra_config.report import drift_json, remedies
from entra_config.report.remedies import Remedy
from entra_config.resource import Address, Value
from tests.unit.report.drifts import API, sample

BY_HAND = "No apply takes it away: whoever manages the tenant does, by hand."
PLACE = Position("a.yaml", 3, 5)


@pytest.mark.parametrize(
    ("rule", "object_id", "element", "away"),
    [
        ("secret-added", "o", "k", "credential delete --id o --key-id k"),
        ("certificate-added", "o", "k", "credential delete --cert --id o --key-id k"),
        ("owner-added", "o", "u", "owner remove --id o --owner-object-id u"),
        ("secret-added", "", "k", ""),
        ("secret-added", "o", None, ""),
        ("undeclared-holder-added", "o", "k", ""),
    ],
)
def test_what_no_apply_takes_back(rule: str, object_id: str, element: Value, away: str) -> None:
    """Azure's command line does, where it has a word for it and both ids are known."""
    ends = {"object": object_id} if object_id else {}
    found = Finding(API, "added", rule, "s", element=element, mended=False, ends=ends)
    expected = Remedy(command=f"az ad app {away}") if away else Remedy(words=BY_HAND)
    assert remedies.revert(found, sample()) == expected


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"held": True}, Remedy(words="No plan gives it back before the reason above is resolved.")),
        (
            {"path": "accountEnabled", "live": False, "declared": True},
            Remedy(command="entra-config enable -e dev api"),
        ),
        (
            {"path": "isDisabled", "live": True, "mended": False},
            Remedy(command="entra-config enable -e dev api"),
        ),
        (
            {"path": "accountEnabled", "live": True, "declared": False},
            Remedy(command="entra-config drift -e dev --revert application.api --out revert.json"),
        ),
        (
            {"event": "deleted"},
            Remedy(words="Restore the object, or create it again and run `entra-config lock`."),
        ),
    ],
)
def test_what_no_plan_reverts_says_what_does(changed: dict[str, Any], expected: Remedy) -> None:
    """What is withheld waits, what `disable` stopped has `enable`, and an object of others is restored."""
    found = replace(Finding(API, "changed", "rule", "s"), **changed)
    assert remedies.revert(found, sample()) == expected
    assert found.revertible is ("--revert" in expected.text)


@pytest.mark.parametrize(
    ("sign", "mended", "position", "words"),
    [
        ("added", True, PLACE, "Write it into the manifest at a.yaml:3."),
        ("changed", True, PLACE, "Write what it is now into the manifest at a.yaml:3."),
        ("removed", True, None, "Take it out of the manifest."),
        ("added", False, PLACE, "Declare it at a.yaml:3: what nobody declares is told again."),
        ("added", False, None, "Declare it: what nobody declares is told again."),
    ],
)
def test_what_no_command_declares(sign: Sign, mended: bool, position: Position | None, words: str) -> None:
    """Words say where."""
    found = Finding(API, sign, "rule", "s", position=position, mended=mended)
    assert remedies.accept(found, sample()) == Remedy(words=words)


@pytest.mark.parametrize(
    ("address", "sign", "path", "keys"),
    [
        (API, "removed", "", {"api"}),
        (API, "removed", "displayName", set()),
        (API, "added", "", set()),
        (API, "changed", "displayName", set()),
        (Address("enterpriseApplication", "a.b"), "removed", "", {"a.b"}),
        (Address("authorizedClient", "web/api"), "removed", "", {"authorizedClient.web/api"}),
        (Address("authorizedClient", "web/api"), "removed", "scopes", set()),
    ],
)
def test_an_earlier_report_tells_what_was_gone(
    address: Address, sign: Sign, path: str, keys: set[str]
) -> None:
    """An object, or all of a client: not a part of one."""
    found = Finding(address, sign, "rule", "s", path)
    text = drift_json.render(replace(sample(), findings=(found,)))
    earlier, document = drift_json.read(text.encode())
    assert earlier.gone == keys
    assert document.findings[0].path == path


@pytest.mark.parametrize(
    ("path", "live", "shown"),
    [
        ("passwordCredentials.secretText", "never-shown", "(secret)"),
        ("passwordCredentials.secretText", None, None),
        ("displayName", "API", "API"),
        ("displayName", None, None),
        ("tags", ("a", "b"), ["a", "b"]),
    ],
)
def test_a_secret_is_told_as_one(path: str, live: Value, shown: Value) -> None:
    """Neither its value nor, where it has none, that there was one; all else is what it is."""
    found = Finding(API, "changed", "rule", "s", path, live, live)
    (part,) = drift_json.document(replace(sample(), findings=(found,))).findings
    assert (part.live, part.declared) == (shown, shown)
