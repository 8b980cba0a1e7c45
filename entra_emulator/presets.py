"""What Microsoft's tools leave behind when somebody registers an application or makes a managed identity.

Each preset has the client that the tool signs in as, and the values that it sets besides the name. Values are
those of recorded answers, 2022-06 to 2026-09 (tests/conformance/recorded/shapes.jsonl); the tags of a gallery
application's service principal are those that Microsoft documents.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from entra_emulator.callers import GRAPH_APP_ID
from entra_emulator.tenant import Tenant

_USER_READ = "e1fe6dd8-ba31-4d61-89e7-88639da4683d"
_CUSTOM_TEMPLATE = "8adf8e6e-67b2-4cf2-a259-e3dc5476c621"
_GALLERY_HOME = (
    "https://account.activedirectory.windowsazure.com:444/applications/default.aspx"
    "?metadata=customappsso|ISV9.1|primary|z"
)


@dataclass(frozen=True)
class Preset:
    """How one tool registers an application.

    `client` is the appId that the tool signs in as. `application` and `principal` are values by Graph's
    names; without a `principal` the tool makes none. `template` is the id of a gallery template.
    """

    about: str
    client: str
    application: Mapping[str, Any] = field(default_factory=dict)
    principal: Mapping[str, Any] | None = None
    template: str = ""


def _gallery_role(id_: str, name: str) -> dict[str, Any]:
    return {
        "allowedMemberTypes": ["User"],
        "description": name,
        "displayName": name,
        "id": id_,
        "isEnabled": True,
        "value": None,
    }


PRESETS: Mapping[str, Preset] = {
    "portal": Preset(
        "the Azure portal: instance property lock on, User.Read requested, a service principal with two tags",
        "18ed3507-a475-4ccb-b669-d66bc9f2a36e",
        {
            "requiredResourceAccess": [
                {"resourceAppId": GRAPH_APP_ID, "resourceAccess": [{"id": _USER_READ, "type": "Scope"}]}
            ],
            "servicePrincipalLockConfiguration": {
                "isEnabled": True,
                "allProperties": True,
                "credentialsWithUsageVerify": True,
                "credentialsWithUsageSign": True,
                "identifierUris": False,
                "tokenEncryptionKeyId": True,
            },
        },
        # Later reads give the reverse.
        {"tags": ["WindowsAzureActiveDirectoryIntegratedApp", "HideApp"]},
    ),
    "az": Preset("`az ad app create`: nothing but the name", "04b07795-8ddb-461a-bbee-02f9e1bf7b46"),
    "graph-explorer": Preset(
        "a POST in Graph Explorer: nothing but the name", "de8bc8b5-d9f9-48b1-a8ad-b748da725064"
    ),
    "gallery": Preset(
        "a custom application of the gallery: roles without a value, a template, a service principal",
        "f0ae4899-d877-4d3c-ae25-679e38eea492",
        {
            "api": {"requestedAccessTokenVersion": 2},
            "appRoles": [
                _gallery_role("18d14569-c3bd-439b-9a66-3a2aee01d14f", "User"),
                _gallery_role("b9632174-c057-4f7e-951b-be3adc52bfe6", "msiam_access"),
            ],
            "isFallbackPublicClient": True,
            "servicePrincipalLockConfiguration": {"isEnabled": True, "allProperties": True},
            "web": {"homePageUrl": _GALLERY_HOME},
        },
        {
            "tags": [
                "WindowsAzureActiveDirectoryIntegratedApp",
                "WindowsAzureActiveDirectoryCustomSingleSignOnApplication",
            ]
        },
        _CUSTOM_TEMPLATE,
    ),
}
# The path of the Azure resource that has the identity; a user-assigned identity is a resource itself.
_GROUP = "/subscriptions/00000000-0000-0000-0000-000000000000/resourcegroups/emulator/providers"
IDENTITIES: Mapping[str, str] = {
    "user-assigned-identity": f"{_GROUP}/Microsoft.ManagedIdentity/userAssignedIdentities/{{name}}",
    "system-assigned-identity": f"{_GROUP}/Microsoft.App/containerApps/{{name}}",
}


def set_template(tenant: Tenant, collection: str, id_: str, template: str) -> None:
    """Note the gallery template that an object was made from: Graph takes none in a POST."""
    if template:
        table = tenant.tables[collection]
        table.put({**table.rows[id_], "applicationTemplateId": template})
