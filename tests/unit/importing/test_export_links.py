"""Who holds a role of an exported registration, and what it asks of APIs, by name."""

from __future__ import annotations

from typing import Any

from entra_config.importing import application, external_holders, links
from entra_config.importing.tenant import Export, Registration


def test_a_client_among_the_holders_hides_nobody_behind_it() -> None:
    """Whoever is listed after an application that holds a role is imported as well; a client's role is its
    own file's matter.
    """
    role = {"id": "role", "value": "Reader", "displayName": "Reader"}
    app = {"appId": "app", "displayName": "Api", "appRoles": [role]}
    held = [
        {"principalId": id_, "principalType": kind, "appRoleId": "role"}
        for id_, kind in (("job", "ServicePrincipal"), ("bob", "User"), ("staff", "Group"))
    ]
    people = {
        "bob": {"id": "bob", "userPrincipalName": "bob@contoso.com"},
        "staff": {"id": "staff", "displayName": "All Staff"},
    }
    export = Export((Registration(app, assigned=held),), people=people)
    known, _ = links.names(export, {"app": "api"}, {"app": application.labels(app)})

    assert links.assignments(export.registrations[0], known) == {
        "Reader": {"users": ["bob@contoso.com"], "groups": ["All Staff"]}
    }


def test_of_an_api_that_has_a_name_a_permission_without_one_is_left_alone() -> None:
    """Whether the API or only what is asked of it is unknown, the section is left to whoever made it, and
    nothing is written in its place.
    """
    roles = [{"id": "read", "value": "Read", "displayName": "Read"}]
    asked = [{"id": id_, "type": "Role"} for id_ in ("read", "gone")]
    required = [{"resourceAppId": id_, "resourceAccess": asked} for id_ in ("hr", "nobody")]
    client = Registration({"appId": "client", "displayName": "Client", "requiredResourceAccess": required})
    export = Export(
        (client,), apis={"hr": {"id": "sp", "appId": "hr", "displayName": "HR", "appRoles": roles}}
    )
    known, _ = links.names(export, {"client": "client"}, {"client": application.labels(client.application)})
    entry: dict[str, Any] = {}

    (left,) = links.connect(entry, client, known)

    assert entry == {"apiPermissions": {"hr": {"application": ["Read"]}}, "ignoreChanges": ["apiPermissions"]}
    assert left == (
        "`ignoreChanges: [apiPermissions]`, for the request of gone of hr, the request of read of nobody, "
        "the request of gone of nobody"
    )


def test_an_application_of_others_with_a_role_that_is_gone_is_not_in_a_list() -> None:
    """A role that was removed while it was assigned leaves the assignment behind: `acknowledged` has it."""
    app = {"appId": "app", "displayName": "Api"}
    held = {"principalId": "job", "principalType": "ServicePrincipal", "appRoleId": "gone"}
    client = {"id": "job", "appId": "job-app", "displayName": "Job"}
    registration = Registration(app, assigned=[held])
    export = Export((registration,), clients={"job": client})
    known, _ = links.names(export, {"app": "api"}, {"app": application.labels(app)})

    assert links.assignments(registration, known) == {}
    assert external_holders.acknowledged(export, {"app"}) == {
        "app": [{"id": "job-app", "application": ["gone"], "because": "Job held it when this was imported"}]
    }
