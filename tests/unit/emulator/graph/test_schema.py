"""Bodies against the published schema: which values fit, which are completed, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from entra_emulator.graph import schema
from entra_emulator.graph.errors import ODataError
from tests.unit.emulator.graph.sending import refusal

CONVERSION = (
    "400 Request_BadRequest: Cannot convert a primitive value to the expected type '{}'. See the "
    "inner exception for "
    "more details."
)
UNEXPECTED = "400 Request_BadRequest: Unexpected contents in request body."
GUID = "aaaaaaaa-0000-4000-8000-000000000001"
KEY = {"customKeyIdentifier": None, "displayName": None, "endDateTime": None, "key": None, "keyId": None,
       "startDateTime": None, "type": None, "usage": None}  # fmt: skip


def checked(kind: str, body: dict[str, Any]) -> Any:
    """Return a body's values as they are held, or the refusal."""
    try:
        return schema.check(kind, body)
    except ODataError as error:
        return refusal(error)


@pytest.mark.parametrize(
    ("kind", "name", "value", "expected"),
    [
        ("application", "displayName", "a", "a"),
        ("application", "displayName", 1, CONVERSION.format("Edm.String")),
        ("application", "isDeviceOnlyAuthSupported", True, True),
        ("application", "isDeviceOnlyAuthSupported", 1, CONVERSION.format("Edm.Boolean")),
        ("application", "isDeviceOnlyAuthSupported", None, None),
        ("application", "oauth2RequirePostResponse", None, False),
        ("application", "displayName", None, None),
        ("application", "tags", ["a"], ["a"]),
        ("application", "tags", None, []),
        ("application", "tags", "a", CONVERSION.format("Collection(Edm.String)")),
        ("application", "tags", ["a", 1], CONVERSION.format("Edm.String")),
        ("application", "tokenEncryptionKeyId", GUID, GUID),
        ("application", "tokenEncryptionKeyId", "a", CONVERSION.format("Edm.Guid")),
        ("application", "tokenEncryptionKeyId", 1, CONVERSION.format("Edm.Guid")),
        ("application", "createdDateTime", "2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z"),
        ("application", "createdDateTime", "2026-01-02T03:04Z", "2026-01-02T03:04Z"),
        (
            "application",
            "createdDateTime",
            "2026-01-02T03:04:05.123456+01:00",
            "2026-01-02T02:04:05.123456Z",
        ),
        ("application", "createdDateTime", "0002-01-01T00:00:00+01:00", "0001-12-31T23:00:00Z"),
        (
            "application",
            "createdDateTime",
            "9999-12-31T23:59:59-14:00",
            CONVERSION.format("Edm.DateTimeOffset"),
        ),
        (
            "application",
            "createdDateTime",
            "0001-01-01T00:00:00+14:00",
            CONVERSION.format("Edm.DateTimeOffset"),
        ),
        ("application", "createdDateTime", "2026-01-02", CONVERSION.format("Edm.DateTimeOffset")),
        ("application", "createdDateTime", "2026-01-02T03:04:05", CONVERSION.format("Edm.DateTimeOffset")),
        ("application", "createdDateTime", "2026-02-30T03:04:05Z", CONVERSION.format("Edm.DateTimeOffset")),
        ("application", "createdDateTime", 2026, CONVERSION.format("Edm.DateTimeOffset")),
        ("application", "api", {"requestedAccessTokenVersion": 2}, {"requestedAccessTokenVersion": 2}),
        ("application", "api", {"requestedAccessTokenVersion": "2"}, CONVERSION.format("Edm.Int32")),
        ("application", "api", {"requestedAccessTokenVersion": True}, CONVERSION.format("Edm.Int32")),
        (
            "application",
            "api",
            {"requestedAccessTokenVersion": 2**31 - 1},
            {"requestedAccessTokenVersion": 2**31 - 1},
        ),
        ("application", "api", {"requestedAccessTokenVersion": 2**31}, CONVERSION.format("Edm.Int32")),
        (
            "application",
            "api",
            {"requestedAccessTokenVersion": -(2**31)},
            {"requestedAccessTokenVersion": -(2**31)},
        ),
        ("application", "api", {"requestedAccessTokenVersion": -(2**31) - 1}, CONVERSION.format("Edm.Int32")),
        ("application", "api", "x", CONVERSION.format("microsoft.graph.apiApplication")),
        ("application", "api", {"x": 1}, UNEXPECTED),
        ("application", "web", {"x@odata.type": "y", "HOMEPAGEURL": "a"}, {"homePageUrl": "a"}),
        ("application", "web", {"implicitGrantSettings": {}}, {"implicitGrantSettings": {}}),
        ("application", "keyCredentials", [{}, {"keyId": GUID}], [KEY, {**KEY, "keyId": GUID}]),
        ("application", "keyCredentials", [1], CONVERSION.format("microsoft.graph.keyCredential")),
        ("application", "keyCredentials", [{"a": 1}], UNEXPECTED),
        ("application", "nothing", 1, "400 Request_BadRequest: Invalid property 'nothing'."),
    ],
)
def test_values_that_fit(kind: str, name: str, value: Any, expected: Any) -> None:
    """Hold what each type takes, and that elements of lists are completed."""
    refused = isinstance(expected, str) and expected.startswith("400 ")
    assert checked(kind, {name: value}) == (expected if refused else {name: expected})


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"DISPLAYNAME": "a", "nothing": 1}, {"displayName": "a", "nothing": 1}),
        ({"displayname@ODATA.Type": "a"}, {"displayName@odata.type": "a"}),
        ({"@ODATA.ID": "a"}, {"@odata.id": "a"}),
        ({"OWNERS@odata.bind": ["a"]}, {"owners@odata.bind": ["a"]}),
        ({"displayName": 1, "displayname": 2},
         "400 BadRequest: A property with name 'displayName' was found more than once in the request body."),
        ({"displayName@a": 1, "displayname@A": 2},
         "400 BadRequest: A property with name 'displayName' was found more than once in the request body."),
        ({"@odata.type": "#microsoft.graph.Application"}, {"@odata.type": "#microsoft.graph.Application"}),
        ({"@odata.type": "microsoft.graph.application"}, {"@odata.type": "microsoft.graph.application"}),
        ({"@odata.type": "#microsoft.graph.user"},
         ("400 Request_BadRequest: A resource with type 'microsoft.graph.user' was found, but it is "
         "not assignable to the "
         "expected type 'microsoft.graph.application'. Make sure that the type specified in the "
         "payload is equal to "
         "either the expected type or a derived type.")),
        ({"@odata.type": "#nothing"},
         ("400 Request_BadRequest: A type named '#nothing' could not be resolved by the model. When "
         "a model is available, "
         "each type name must resolve to a valid type.")),
        ({"@odata.type": ""},
         ("400 BadRequest: The 'odata.type' instance annotation value '' is not a valid type name. "
         "The value of the "
         "'odata.type' instance annotation must be a non-empty string.")),
        ({"@odata.type": 1},
         ("400 BadRequest: The 'odata.type' instance annotation value '1' is not a valid type name. "
         "The value of the "
         "'odata.type' instance annotation must be a non-empty string.")),
    ],
)  # fmt: skip
def test_names_are_spelled(body: dict[str, Any], expected: Any) -> None:
    """Hold that they have no case, stand once, and that the type is the one that stands there."""
    try:
        found: Any = schema.spelled("application", body)
    except ODataError as error:
        found = refusal(error)
    assert found == expected


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [
        ("application", "displayName", None),
        ("application", "tags", []),
        ("application", "oauth2RequirePostResponse", False),
        ("application", "isFallbackPublicClient", None),
        ("application", "nothing", None),
    ],
)
def test_what_was_never_set(kind: str, name: str, expected: Any) -> None:
    """Hold the value of each kind of property."""
    assert schema.blank(kind, name) == expected
