"""Which rules of its properties are looked at when an application is made or changed."""

from __future__ import annotations

import pytest

from entra_emulator.table import Row
from tests.unit.emulator.graph.sending import World

PATH = "/applications"


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"identifierUris": ["https://api.contoso.com/new"]}, "201"),
        ({"identifierUris": ["https://theirs.test"]}, "400 HostNameNotOnVerifiedDomain: "),
        ({"identifierUris": ["api://any"]}, "400 InvalidUniqueTenantIdentifierAsPerAppPolicy: "),
        ({"identifierUris": ["https://contoso.com/held"]}, ("400 Request_BadRequest: Another object "
                                                           "with the same")),
        ({"requiredResourceAccess": [{"resourceAppId": "x", "resourceAccess": []}]},
         "400 Request_BadRequest: Invalid value specified for property 'requiredResourceAccess'"),
        ({"web": {"redirectUris": ["http://a.test"]}}, "400 Request_BadRequest: Invalid value specified for"),
        ({"appRoles": [{"id": None}]}, ("400 Request_BadRequest: Invalid value specified for "
                                       "property 'appRoles'")),
        ({"uniqueName": "held"}, ("400 Request_BadRequest: Another object with the same value for "
                                 "property uniqueName")),
    ],
)  # fmt: skip
def test_rules_of_properties(sent: Row, expected: str) -> None:
    """Hold that each is looked at when an application is made, and when it is changed."""
    made = World()
    held = made.app("Held", uniqueName="held", identifierUris=["https://contoso.com/held"])
    row = made.app("Own")
    assert made.short("PATCH", f"{PATH}/{row['id']}", sent).startswith(expected.replace("201", "204"))
    if expected != "201":
        assert made.short("POST", PATH, {"displayName": "App", **sent}).startswith(expected)
    again = {"identifierUris": [*held["identifierUris"], "https://contoso.com/more"]}
    assert made.short("PATCH", f"{PATH}/{held['id']}", again) == "204"
