"""What is asked before a link or an object is put back."""

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
        pytest.param("undo", {"since": "then", "place": "owners", "id": "app:Api/user:Bob Baker"}, """
Make Bob Baker an owner of Api? [Make | Leave it] main
POST applications/app:Api/owners/$ref {'@odata.id':
  'https://localhost:8443/v1.0/directoryObjects/user:Bob Baker'}
note: DRIFT
back to ~/registrations/app:Api
""", id="an owner who is gone"),
        pytest.param("undo", {"since": "then", "place": "owners", "id": "app:Spa/user:Carol Clark"}, """
Take Carol Clark from the owners of Spa? [Take away | Leave it] destroys
DELETE applications/app:Spa/owners/user:Carol Clark/$ref
note: DRIFT
back to ~/registrations/app:Spa
""", id="an owner who came"),
        pytest.param("undo", {"since": "then", "place": "owners", "id": "sp:Api/user:Carol Clark"}, """
Take Carol Clark from the owners of Api? [Take away | Leave it] destroys
DELETE servicePrincipals/sp:Api/owners/user:Carol Clark/$ref
note: DRIFT
back to ~/enterprise/sp:Api
""", id="an owner of an enterprise application"),
        pytest.param(
            "undo",
            {"since": "then", "place": "owners", "id": "user:Bob Baker/user:Carol Clark"},
            """
refused: It is not there any more.
""", id="an owner of a person"),
        pytest.param("undo", {"since": "then", "place": "owners", "id": "nothing/user:Carol Clark"}, """
refused: It is not there any more.
""", id="an owner of what is gone"),
        pytest.param(
            "undo",
            {"since": "then", "place": "oauth2PermissionGrants", "id": "grant:Spa/Api"},
            """
Consent to user.read user.gone for Spa again? [Put back | Leave it] main
PATCH oauth2PermissionGrants/grant:Spa/Api {'scope': 'user.read user.gone'}
− user.read user.admin
+ user.read user.gone
note: DRIFT
back to ~/enterprise/sp:Spa
""", id="a wider consent"),
        pytest.param(
            "undo",
            {
                "since": "then",
                "place": "oauth2PermissionGrants",
                "id": "4VnlJ_JzrkOUVEcoFZfwDXDSBDRs7epNtuhsPS1aCnY",
            },
            """
Consent to user.read for Nightly again? [Consent | Leave it] main
POST oauth2PermissionGrants {'clientId': 'sp:Nightly', 'consentType': 'AllPrincipals', 'resourceId':
  'sp:Api', 'scope': 'user.read'}
note: DRIFT
back to ~/enterprise/sp:Nightly
""", id="a consent that is gone"),
        pytest.param(
            "undo",
            {"since": "then", "place": "oauth2PermissionGrants", "id": "grant:Web/Api"},
            """
refused: There was no such consent then.
""", id="a consent that came"),
        pytest.param(
            "undo",
            {
                "since": "then",
                "place": "federatedIdentityCredentials",
                "id": "db856dfc-ba3a-492a-b21c-72fa95d5f48d",
            },
            """
Put the federated credential pipeline back? [Put back | Leave it] main
POST applications/app:Nightly/federatedIdentityCredentials {'name': 'pipeline', 'issuer':
  'https://issuer.example', 'subject': 'repo:x', 'audiences': ['api://AzureADTokenExchange']}
note: DRIFT
back to ~/registrations/app:Nightly
""", id="a federated credential that is gone"),
        pytest.param(
            "undo",
            {"since": "then", "place": "federatedIdentityCredentials", "id": "federated:github"},
            """
Put the federated credential github back? [Put back | Leave it] main
PATCH applications/app:MyApp Writer (prod)/federatedIdentityCredentials/federated:github {'issuer':
  'https://token.actions.githubusercontent.com', 'subject':
  'repo:example/myapp:environment:prod:job_workflow_ref:example/myapp/.github/workflows/entra-
  apply.yml@refs/heads/main', 'audiences': ['api://AzureADTokenExchange']}
note: DRIFT
back to ~/registrations/app:MyApp Writer (prod)
""", id="a federated credential that says something else"),
        pytest.param(
            "undo",
            {"since": "then", "place": "federatedIdentityCredentials", "id": "federated:new"},
            """
Take the federated credential new away? [Take away | Leave it] destroys
DELETE applications/app:MyApp Writer (dev)/federatedIdentityCredentials/federated:new
note: DRIFT
back to ~/registrations/app:MyApp Writer (dev)
""", id="a federated credential that came"),
        pytest.param(
            "undo",
            {"since": "then", "place": "federatedIdentityCredentials", "id": "nothing"},
            """
refused: It is not there any more.
""", id="no federated credential"),
        pytest.param("undo", {"since": "then", "place": "servicePrincipals", "id": "sp:New"}, """
Delete New? [Delete | Leave it] destroys
DELETE servicePrincipals/sp:New
note: DRIFT
back to ~/enterprise/sp:New
""", id="an enterprise application that came"),
        pytest.param("undo", {"since": "then", "place": "applications", "id": "app:New"}, """
Delete New? [Delete | Leave it] destroys
DELETE applications/app:New
note: DRIFT
back to ~/registrations/app:New
""", id="a registration that came"),
    ],
)  # fmt: skip
def test_what_was_is_put_back(browser: Browser, edit: str, given: dict[str, str], question: str) -> None:
    """Hold the sentence, the request, and what goes and comes."""
    assert asked(browser, edit, given) == question.strip("\n")
