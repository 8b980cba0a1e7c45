"""Audit records in the shapes that exports of real tenants show."""

from __future__ import annotations

from typing import Any

from entra_config.drift import audit


def record(**changes: Any) -> dict[str, Any]:
    """Return a record of a redirect URI that a person added in the portal."""
    return {
        "id": "Directory_1f0e_AAAAA_1",
        "correlationId": "1f0e",
        "result": "success",
        "activityDisplayName": "Update application",
        "activityDateTime": "2026-07-17T13:05:09.9301252Z",
        "initiatedBy": {
            "user": {"id": "u1", "displayName": None, "userPrincipalName": "alice@contoso.com"},
            "app": None,
        },
        "targetResources": [
            {
                "id": "app-1",
                "modifiedProperties": [
                    {
                        "displayName": "AppAddress",
                        "oldValue": "[]",
                        "newValue": '[{"AddressType":0,"Address":"https://evil.example/","ReplyAddressClientType":3}]',
                    },
                    {
                        "displayName": "Included Updated Properties",
                        "oldValue": None,
                        "newValue": '"AppAddress"',
                    },
                ],
            }
        ],
        "additionalDetails": [{"key": "User-Agent", "value": "Mozilla/5.0 (X11)"}],
    } | changes


class TestEvents:
    """What a record says, decoded."""

    def test_values_are_decoded_twice(self) -> None:
        """An attribute's value is a JSON array in a string, on both sides."""
        (event,) = audit.events([record()])

        assert event.old["AppAddress"] == []
        assert event.new["AppAddress"][0]["Address"] == "https://evil.example/"
        assert event.named == {"AppAddress"}

    def test_a_user_is_named_by_principal_name(self) -> None:
        """Display names of users are null in real records: the principal name is what there is."""
        (event,) = audit.events([record()])

        assert (event.actor.kind, event.actor.name, event.actor.via) == (
            "user",
            "alice@contoso.com",
            "portal or browser",
        )

    def test_an_application_is_named_by_its_service_principal(self) -> None:
        """AppId is null for applications: the service principal's id is what identifies the caller."""
        app = {"user": None, "app": {"appId": None, "displayName": "pipeline", "servicePrincipalId": "sp-9"}}

        (event,) = audit.events([record(initiatedBy=app)])

        assert (event.actor.kind, event.actor.id, event.actor.name) == ("application", "sp-9", "pipeline")

    def test_no_initiator_is_microsoft(self) -> None:
        """Records without an initiator come from Microsoft's own services."""
        (event,) = audit.events([record(initiatedBy={})])

        assert event.actor.kind == "microsoft"

    def test_failed_records_are_dropped(self) -> None:
        """A failure carries the values that were attempted, and changed nothing."""
        assert audit.events([record(result="failure")]) == []

    def test_duplicates_are_one_event_and_the_newest_comes_first(self) -> None:
        """The log delivers twice and out of order; ids and times put it right."""
        later = record(id="Directory_2", activityDateTime="2026-07-17T14:00:00Z")

        assert [event.id for event in audit.events([record(), later, record()])] == [
            "Directory_2",
            "Directory_1f0e_AAAAA_1",
        ]


class TestEntries:
    """The elements of a property, by what tells them apart."""

    def test_key_descriptions_survive_commas_in_names(self) -> None:
        """Certificate names hold commas; the key id is the first field."""
        text = "[KeyIdentifier=k1,KeyType=AsymmetricX509Cert,KeyUsage=Verify,DisplayName=CN=a, O=b]"

        assert set(audit.entries("keys", [text])) == {"k1"}

    def test_required_permissions_are_pairs(self) -> None:
        """A requested permission is told by its API and its id."""
        value = [
            {
                "ResourceAppId": "api",
                "RequiredAppPermissions": [{"EntitlementId": "e1"}, {"EntitlementId": "e2"}],
            }
        ]

        assert set(audit.entries("requested", value)) == {("api", "e1"), ("api", "e2")}
