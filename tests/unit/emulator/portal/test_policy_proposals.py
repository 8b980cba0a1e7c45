"""What is asked before a policy is switched or deleted."""

import pytest

from tests.unit.emulator.portal import example
from tests.unit.emulator.portal.asking import asked
from tests.unit.emulator.portal.browsing import Browser


@pytest.fixture(scope="module")
def browser() -> Browser:
    """Give the portal of the example tenant, with a policy more, that is off and holds for one object."""
    made = example.browser()
    off = {"id": "off", "displayName": "Off", "isEnabled": False, "restrictions": {}}
    made.world.tenant.tables["appManagementPolicies"].put(off)
    made.world.tenant.app_policies.add(made.world.application("web")["id"], "off")
    return made


@pytest.mark.parametrize(
    ("edit", "given", "question"),
    [
        pytest.param("disable-policy", {"kind": "appManagementPolicies", "id": "no-secrets"}, """
Disable No secrets? [Disable | Leave it] destroys
PATCH policies/appManagementPolicies/no-secrets {'isEnabled': False}
− It refuses nothing from now on.
= What it says, and what it holds for.
note: DRIFT
back to ~/policies/appManagementPolicies/no-secrets
""", id="one that is on"),
        pytest.param("enable-policy", {"kind": "appManagementPolicies", "id": "off"}, """
Enable Off? [Enable | Leave it] main
PATCH policies/appManagementPolicies/off {'isEnabled': True}
+ What it says is refused, of applications that it holds for.
= What it says, and what it holds for.
note: DRIFT
back to ~/policies/appManagementPolicies/off
""", id="one that is off"),
        pytest.param("disable-policy", {"kind": "defaultAppManagementPolicy"}, """
Disable Default app management tenant policy? [Disable | Leave it] destroys
PATCH policies/defaultAppManagementPolicy {'isEnabled': False}
− It refuses nothing from now on.
= What it says, and what it holds for.
note: DRIFT
back to ~/policies/defaultAppManagementPolicy
""", id="the default"),
        pytest.param("disable-policy", {"kind": "appManagementPolicies", "id": "off"}, """
refused: Off is disabled already.
""", id="one that is off already"),
        pytest.param("enable-policy", {"kind": "appManagementPolicies", "id": "no-secrets"}, """
refused: No secrets is enabled already.
""", id="one that is on already"),
        pytest.param("disable-policy", {"kind": "permissionGrantPolicies", "id": "mine"}, """
refused: There is no such policy any more.
""", id="one of consents"),
        pytest.param("disable-policy", {"kind": "appManagementPolicies", "id": "nothing"}, """
refused: There is no such policy any more.
""", id="none"),
        pytest.param("disable-policy", {"kind": "defaultAppManagementPolicy", "id": "no-secrets"}, """
refused: There is no such policy any more.
""", id="another kind of the same id"),
        pytest.param("delete-policy", {"kind": "appManagementPolicies", "id": "no-secrets"}, """
Delete No secrets? [Delete | Leave it] destroys
DELETE policies/appManagementPolicies/no-secrets
− It holds for 2 objects, and for none from now on.
note: Graph keeps no deleted policy. DRIFT
back to ~/policies
""", id="one of two objects"),
        pytest.param("delete-policy", {"kind": "appManagementPolicies", "id": "off"}, """
Delete Off? [Delete | Leave it] destroys
DELETE policies/appManagementPolicies/off
− It holds for 1 object, and for none from now on.
note: Graph keeps no deleted policy. DRIFT
back to ~/policies
""", id="one of one object"),
        pytest.param("delete-policy", {"kind": "appManagementPolicies", "id": "unused"}, """
Delete Unused? [Delete | Leave it] destroys
DELETE policies/appManagementPolicies/unused
− It holds for 0 objects, and for none from now on.
note: Graph keeps no deleted policy. DRIFT
back to ~/policies
""", id="one of none"),
        pytest.param("delete-policy", {"kind": "defaultAppManagementPolicy"}, """
refused: Each tenant has this policy: it can be disabled.
""", id="the default is not"),
    ],
)  # fmt: skip
def test_a_change_of_a_policy_says_what_comes_of_it(
    browser: Browser, edit: str, given: dict[str, str], question: str
) -> None:
    """Hold the sentence, the request and its effects, and which policies there are none of."""
    assert asked(browser, edit, given) == question.strip("\n")
