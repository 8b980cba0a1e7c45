"""What is asked before a property or an element of a list is put back."""

import pytest

from tests.unit.emulator.portal import example
from tests.unit.emulator.portal.asking import asked
from tests.unit.emulator.portal.browsing import Browser


@pytest.fixture(scope="module")
def browser() -> Browser:
    """Give the portal of the example tenant; nothing is changed in it."""
    return example.changed()


@pytest.mark.parametrize(
    ("edit", "given", "question"),
    [
        pytest.param("undo", {"since": "nothing", "place": "owners", "id": "x"}, """
refused: There is no snapshot 'nothing'; there is beginning, apply of myapp.prod, then, now.
""", id="no such snapshot"),
        pytest.param("undo", {"since": "then", "place": "members", "id": "x"}, """
refused: There is no such change.
""", id="no such place"),
        pytest.param(
            "undo",
            {
                "since": "then",
                "place": "applications",
                "id": "deleted application:Other",
                "path": "displayName",
            },
            """
refused: It is not there any more.
""", id="what is gone"),
        pytest.param(
            "undo",
            {"since": "then", "place": "servicePrincipals", "id": "sp:Api", "path": "_tags"},
            """
refused: There is no such change.
""", id="what was not there"),
        pytest.param("undo", {"since": "then", "place": "applications", "id": "app:Api"}, """
refused: There is no such change.
""", id="no property"),
        pytest.param(
            "undo",
            {"since": "then", "place": "applications", "id": "app:Api", "path": "notes"},
            """
Put notes of Api back? [Put back | Leave it] main
PATCH applications/app:Api {'notes': None}
− Changed by hand
+ null
note: DRIFT
back to ~/registrations/app:Api
""", id="a property"),
        pytest.param(
            "undo",
            {
                "since": "then",
                "place": "users",
                "id": "user:Judy Jones",
                "path": "web.redirectUris",
                "element": "x",
            },
            """
Put web.redirectUris x of Judy Jones back? [Put back | Leave it] main
PATCH users/user:Judy Jones {'web': {'redirectUris': []}}
− null
+ []
note: DRIFT
back to ~/users/user:Judy Jones
""", id="an element of what has no such list"),
        pytest.param(
            "undo",
            {"since": "then", "place": "users", "id": "user:Judy Jones", "path": "accountEnabled"},
            """
Put accountEnabled of Judy Jones back? [Put back | Leave it] main
PATCH users/user:Judy Jones {'accountEnabled': True}
− false
+ true
note: DRIFT
back to ~/users/user:Judy Jones
""", id="a switch"),
        pytest.param(
            "undo",
            {
                "since": "then",
                "place": "applications",
                "id": "app:Spa",
                "path": "spa.redirectUris",
                "element": "https://localhost:5173/",
            },
            """
Put spa.redirectUris https://localhost:5173/ of Spa back? [Put back | Leave it] main
PATCH applications/app:Spa {'spa': {'redirectUris': ['https://elsewhere.example/',
  'https://localhost:5173/']}}
− ["https://elsewhere.example/"]
+ ["https://elsewhere.example/", "https://localhost:5173/"]
note: DRIFT
back to ~/registrations/app:Spa
""", id="an element of a list"),
        pytest.param(
            "undo",
            {
                "since": "then",
                "place": "applications",
                "id": "app:Spa",
                "path": "spa.redirectUris",
                "element": "https://elsewhere.example/",
            },
            """
Put spa.redirectUris https://elsewhere.example/ of Spa back? [Put back | Leave it] main
PATCH applications/app:Spa {'spa': {'redirectUris': []}}
− ["https://elsewhere.example/"]
+ []
note: DRIFT
back to ~/registrations/app:Spa
""", id="an element that was not there"),
        pytest.param(
            "undo",
            {
                "since": "then",
                "place": "applications",
                "id": "app:Api",
                "path": "appRoles",
                "element": "role:Api/Reader",
            },
            """
Put appRoles role:Api/Reader of Api back? [Put back | Leave it] main
PATCH applications/app:Api {'appRoles': [{'id': 'role:Api/Reader', 'displayName': 'Reader',
  'description': 'Reader', 'value': 'Reader', 'isEnabled': True, 'allowedMemberTypes': ['User',
  'Application']}, {'id': 'role:Api/Writer', 'displayName': 'Writer', 'description': 'Writer',
  'value': 'Writer', 'isEnabled': True, 'allowedMemberTypes': ['User', 'Application']}, {'id':
  'role:Api/Admin', 'displayName': 'Admin', 'description': 'Admin', 'value': 'Admin', 'isEnabled':
  True, 'allowedMemberTypes': ['User', 'Application']}, {'id': 'role:Api/Retired', 'displayName':
  'Retired', 'description': 'Retired', 'value': 'Retired', 'isEnabled': False, 'allowedMemberTypes':
  ['User', 'Application']}, {'id': 'role:Api/NoValue', 'displayName': 'NoValue', 'description':
  'NoValue', 'value': None, 'isEnabled': True, 'allowedMemberTypes': ['User', 'Application']},
  {'id': 'a07bcf28-0447-4f31-9747-8f753afe6095', 'value': 'Auditor', 'displayName': 'Auditor',
  'description': 'Audits', 'isEnabled': True, 'allowedMemberTypes': ['User']}]}
first {'appRoles': [{'id': 'role:Api/Reader', 'displayName': 'Reads', 'description': 'Reader',
  'value': 'Reader', 'isEnabled': False, 'allowedMemberTypes': ['User', 'Application']}, {'id':
  'role:Api/Writer', 'displayName': 'Writer', 'description': 'Writer', 'value': 'Writer',
  'isEnabled': True, 'allowedMemberTypes': ['User', 'Application']}, {'id': 'role:Api/Admin',
  'displayName': 'Admin', 'description': 'Admin', 'value': 'Admin', 'isEnabled': True,
  'allowedMemberTypes': ['User', 'Application']}, {'id': 'role:Api/Retired', 'displayName':
  'Retired', 'description': 'Retired', 'value': 'Retired', 'isEnabled': False, 'allowedMemberTypes':
  ['User', 'Application']}, {'id': 'role:Api/NoValue', 'displayName': 'NoValue', 'description':
  'NoValue', 'value': None, 'isEnabled': True, 'allowedMemberTypes': ['User', 'Application']},
  {'id': 'a07bcf28-0447-4f31-9747-8f753afe6095', 'value': 'Auditor', 'displayName': 'Auditor',
  'description': 'Audits', 'isEnabled': True, 'allowedMemberTypes': ['User']}]}
− [{"id": "role:Api/Reader", "displayName": "Reads", "description": "Reader", "value": "Reader",
  "isEnabled": true, "allowedMemberTypes": ["User", "Application"]}, {"id": "role:Api/Writer",
  "displayName": "Writer", "description": "Writer", "value": "Writer", "…
+ [{"id": "role:Api/Reader", "displayName": "Reader", "description": "Reader", "value": "Reader",
  "isEnabled": true, "allowedMemberTypes": ["User", "Application"]}, {"id": "role:Api/Writer",
  "displayName": "Writer", "description": "Writer", "value": "Writer", …
note: Graph takes away and changes nothing that is enabled: the first request disables it. DRIFT
back to ~/registrations/app:Api
""", id="a role that is enabled"),
        pytest.param(
            "undo",
            {
                "since": "then",
                "place": "applications",
                "id": "app:Api",
                "path": "appRoles",
                "element": "a07bcf28-0447-4f31-9747-8f753afe6095",
            },
            """
Put appRoles a07bcf28-0447-4f31-9747-8f753afe6095 of Api back? [Put back | Leave it] main
PATCH applications/app:Api {'appRoles': [{'id': 'role:Api/Reader', 'displayName': 'Reads',
  'description': 'Reader', 'value': 'Reader', 'isEnabled': True, 'allowedMemberTypes': ['User',
  'Application']}, {'id': 'role:Api/Writer', 'displayName': 'Writer', 'description': 'Writer',
  'value': 'Writer', 'isEnabled': True, 'allowedMemberTypes': ['User', 'Application']}, {'id':
  'role:Api/Admin', 'displayName': 'Admin', 'description': 'Admin', 'value': 'Admin', 'isEnabled':
  True, 'allowedMemberTypes': ['User', 'Application']}, {'id': 'role:Api/Retired', 'displayName':
  'Retired', 'description': 'Retired', 'value': 'Retired', 'isEnabled': False, 'allowedMemberTypes':
  ['User', 'Application']}, {'id': 'role:Api/NoValue', 'displayName': 'NoValue', 'description':
  'NoValue', 'value': None, 'isEnabled': True, 'allowedMemberTypes': ['User', 'Application']}]}
first {'appRoles': [{'id': 'role:Api/Reader', 'displayName': 'Reads', 'description': 'Reader',
  'value': 'Reader', 'isEnabled': True, 'allowedMemberTypes': ['User', 'Application']}, {'id':
  'role:Api/Writer', 'displayName': 'Writer', 'description': 'Writer', 'value': 'Writer',
  'isEnabled': True, 'allowedMemberTypes': ['User', 'Application']}, {'id': 'role:Api/Admin',
  'displayName': 'Admin', 'description': 'Admin', 'value': 'Admin', 'isEnabled': True,
  'allowedMemberTypes': ['User', 'Application']}, {'id': 'role:Api/Retired', 'displayName':
  'Retired', 'description': 'Retired', 'value': 'Retired', 'isEnabled': False, 'allowedMemberTypes':
  ['User', 'Application']}, {'id': 'role:Api/NoValue', 'displayName': 'NoValue', 'description':
  'NoValue', 'value': None, 'isEnabled': True, 'allowedMemberTypes': ['User', 'Application']},
  {'id': 'a07bcf28-0447-4f31-9747-8f753afe6095', 'value': 'Auditor', 'displayName': 'Auditor',
  'description': 'Audits', 'isEnabled': False, 'allowedMemberTypes': ['User']}]}
− [{"id": "role:Api/Reader", "displayName": "Reads", "description": "Reader", "value": "Reader",
  "isEnabled": true, "allowedMemberTypes": ["User", "Application"]}, {"id": "role:Api/Writer",
  "displayName": "Writer", "description": "Writer", "value": "Writer", "…
+ [{"id": "role:Api/Reader", "displayName": "Reads", "description": "Reader", "value": "Reader",
  "isEnabled": true, "allowedMemberTypes": ["User", "Application"]}, {"id": "role:Api/Writer",
  "displayName": "Writer", "description": "Writer", "value": "Writer", "…
note: Graph takes away and changes nothing that is enabled: the first request disables it. DRIFT
back to ~/registrations/app:Api
""", id="a role that came"),
        pytest.param(
            "undo",
            {
                "since": "then",
                "place": "applications",
                "id": "app:Api",
                "path": "api.oauth2PermissionScopes",
                "element": "scope:Api/user.old",
            },
            """
Put api.oauth2PermissionScopes scope:Api/user.old of Api back? [Put back | Leave it] main
PATCH applications/app:Api {'api': {'oauth2PermissionScopes': [{'id': 'scope:Api/user.read',
  'value': 'user.read', 'type': 'User', 'isEnabled': True, 'adminConsentDisplayName': 'user.read',
  'adminConsentDescription': 'user.read', 'userConsentDisplayName': 'user.read',
  'userConsentDescription': 'user.read'}, {'id': 'scope:Api/user.write', 'value': 'user.write',
  'type': 'User', 'isEnabled': True, 'adminConsentDisplayName': 'user.write',
  'adminConsentDescription': 'user.write', 'userConsentDisplayName': 'user.write',
  'userConsentDescription': 'user.write'}, {'id': 'scope:Api/user.admin', 'value': 'user.admin',
  'type': 'Admin', 'isEnabled': True, 'adminConsentDisplayName': 'user.admin',
  'adminConsentDescription': 'user.admin', 'userConsentDisplayName': 'user.admin',
  'userConsentDescription': 'user.admin'}, {'id': 'scope:Api/user.old', 'value': 'user.old', 'type':
  'User', 'isEnabled': False, 'adminConsentDisplayName': 'user.old', 'adminConsentDescription':
  'user.old', 'userConsentDisplayName': 'user.old', 'userConsentDescription': 'user.old'}]}}
− [{"id": "scope:Api/user.read", "value": "user.read", "type": "User", "isEnabled": true,
  "adminConsentDisplayName": "user.read", "adminConsentDescription": "user.read",
  "userConsentDisplayName": "user.read", "userConsentDescription": "user.read"}, {"id":
  "44a560ca-6dc7-4cb9-b394-2c3b…
+ [{"id": "scope:Api/user.read", "value": "user.read", "type": "User", "isEnabled": true,
  "adminConsentDisplayName": "user.read", "adminConsentDescription": "user.read",
  "userConsentDisplayName": "user.read", "userConsentDescription": "user.read"}, {"id":
  "44a560ca-6dc7-4cb9-b394-2c3b…
note: DRIFT
back to ~/registrations/app:Api
""", id="a scope that is gone"),
    ],
)  # fmt: skip
def test_what_was_is_put_back(browser: Browser, edit: str, given: dict[str, str], question: str) -> None:
    """Hold the sentence, the request, and what goes and comes."""
    assert asked(browser, edit, given) == question.strip("\n")
