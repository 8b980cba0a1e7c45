"""Terraform states of one tenant, in both formats: which resources each has, and what is to become of each.

A line is `OUTCOME ADDRESS OBJECT`. The outcome is `+` for a `removed` block, `~` for a `terraform state rm`
line, `=` for what stays with Terraform and is listed, `.` for all that is not mentioned. The first half has
the shapes of public configurations, which are named with their commit. Every value is made up here.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

PUBLIC: Mapping[str, tuple[int, str]] = {
    "kashw2/Fleet-of-the-Faithful-Knights f5ba81f1 terraform/modules/bootstrap/azuread/azuread.tf": (
        2,
        """
        + module.azuread.azuread_application.terraform plain
        + module.azuread.azuread_service_principal.terraform plain.principal
        + module.azuread.azuread_service_principal_password.terraform plain.principal.password
        """,
    ),
    "ZEISS/acme-dns-azure 31d3c6f9 tests/integration/infra/service_principal.tf": (
        3,
        """
        + azuread_application.this plain
        + azuread_application_password.this plain.password
        + azuread_service_principal.this plain.principal
        """,
    ),
    "rhyspowell/sp 8a888ab2 main.tf": (
        3,
        """
        + azuread_application.example job
        + azuread_service_principal.example job.principal
        + azuread_service_principal_password.example job.principal.password
        """,
    ),
    "Sateesh47/TerraformProject 4c9309da modules/serviceprincipal/main.tf": (
        3,
        """
        + module.ServicePrincipal.azuread_application.aad_app plain
        + module.ServicePrincipal.azuread_service_principal.service_principal plain.principal
        + module.ServicePrincipal.azuread_service_principal_password.service_principal_password \
plain.principal.password
        """,
    ),
    "developer-friendly/blog 5ecb11fa docs/blog/posts/2025/011-azure-cdn-gha/10-azure-github-trust/main.tf": (
        3,
        """
        + azuread_application.this job
        + azuread_service_principal.this job.principal
        + azuread_application_federated_identity_credential.this job.federated
        """,
    ),
    "Worklytics/psoxy d0eafc83 infra/modules/azuread-federated-credentials/main.tf": (
        2,
        """
        + module.connector["outlook"].azuread_application.connector job
        + module.fed["outlook"].azuread_application_federated_identity_credential.federated_credential \
job.federated
        """,
    ),
    "namey811/tfm_templates b686bc01 modules/identity/azure/main.tf": (
        3,
        """
        + module.identity[0].azuread_application.app plain
        + module.identity[0].azuread_service_principal.sp plain.principal
        . module.identity[0].azurerm_role_assignment.rbac plain.principal
        """,
    ),
    "bichdieu1011/todo-app 61bb9d64 Terraform/modules/application-register/main.tf": (
        2,
        """
        + module.app.azuread_application.demo_application_registry api
        + module.app.azuread_service_principal.demo_app_service_principal api.principal
        + module.app.azuread_application_password.demo_app_secret api.password
        """,
    ),
    "farrellsoft/terraform-azuread-application 89b4d1c2 application.tf": (
        2,
        """
        . random_uuid.roleids[0] api.role
        . random_uuid.roleids[1] api.role
        + azuread_application.this api
        + azuread_service_principal.this api.principal
        """,
    ),
    "MHacker9404/terraform-sandbox 02e80b88 modules/service_principal/azuread_application.resource.tf": (
        2,
        """
        . module.sp.azuread_service_principal.msgraph graph.principal
        + module.sp.azuread_application.auth job
        + module.sp.azuread_service_principal.auth job.principal
        + module.sp.azuread_app_role_assignment.auth job.held
        """,
    ),
    "CrowdStrike/terraform-azurerm-cloud-registration b873ff13 modules/service-principal/main.tf": (
        3,
        """
        + azuread_application.registration job
        + module.service_principal.azuread_service_principal.sp job.principal
        + module.service_principal.azuread_app_role_assignment.entra_id_permissions\
["9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30"] job.held
        """,
    ),
    "microsoft/cobalt a5286be7 infra/modules/providers/azure/ad-application/main.tf": (
        1,
        """
        + module.ad-application.azuread_application.auth[0] web
        + module.ad-application.azuread_application.auth[1] plain
        """,
    ),
    "jamesrcounts/devops-governance 452d457c archived/modules/azure-credentials/": (
        2,
        """
        + module.credentials["fruits"].azuread_application.app plain
        + module.credentials["veggies"].azuread_application.app web
        """,
    ),
    "xmclark/terraform-azurerm-appgw-ingress-k8s-cluster b7135da3 examples/basic/main.tf": (
        1,
        """
        + azuread_application.example web
        + azuread_service_principal.example web.principal
        """,
    ),
    "klagan/sample-multitenancy a3cadba1 src/Sample/terraform/webapi1.tf": (
        1,
        """
        + azuread_application.my_webapi1 api
        + azuread_service_principal.my_webapi1_service_principal api.principal
        """,
    ),
    "zuhlkhorn/terraform-azurerm-caf 08cb9d2c modules/azuread/service_principal/module.tf": (
        3,
        """
        + module.caf.module.azuread_applications["aks"].azuread_application.app plain
        + module.caf.module.azuread_service_principals["aks"].azuread_service_principal.app plain.principal
        . module.caf.module.azuread_service_principals["aks"].time_sleep.propagate_to_azuread plain
        """,
    ),
    "hashicorp/terraform-provider-azuread f0169e0e examples/application/main.tf": (
        1,
        """
        . random_uuid.widgets_scope_id api.scope
        + azuread_application.widgets_service api
        + azuread_application_password.widgets_service api.password
        + azuread_application.widgets_app web
        """,
    ),
}

OURS: Mapping[str, tuple[int, str]] = {
    "every split resource beside the inline one": (
        3,
        """
        + azuread_application.api api
        + azuread_application_app_role.job api.role
        + azuread_application_permission_scope.read api.scope
        + azuread_application_identifier_uri.api api.identifierUris
        + azuread_application_pre_authorized.web api.preAuthorizedApplication
        + azuread_application_owner.ana api.owners
        + azuread_application_optional_claims.api api
        + azuread_application_known_clients.api api.knownClients
        + azuread_application_fallback_public_client.api api.fallbackPublicClient
        + azuread_application_certificate.api api.certificate
        """,
    ),
    "a registration with its parts": (
        3,
        """
        + azuread_application_registration.web web
        + azuread_application_redirect_uris.web web.redirectUris
        + azuread_application_api_access.graph web.apiAccess
        + azuread_service_principal.web web.principal
        + azuread_service_principal_delegated_permission_grant.web web.grant
        + azuread_app_role_assignment.web_job api.assigned
        """,
    ),
    "parts of version 2": (
        2,
        """
        + azuread_application.api api
        + azuread_application_pre_authorized.web api.preAuthorizedApplication
        + azuread_application_certificate.api api.certificate
        + azuread_app_role_assignment.job api.assigned
        + azuread_service_principal.api api.principal
        """,
    ),
    "parts of version 1": (
        1,
        """
        + azuread_application.api api
        + azuread_application_app_role.job api.role
        + azuread_application_oauth2_permission.read api.scope
        + azuread_application_certificate.api api.certificate
        """,
    ),
    "a grant of version 2": (
        2,
        """
        + azuread_application.web web
        + azuread_service_principal_delegated_permission_grant.web web.grant
        """,
    ),
    "for_each whole": (
        3,
        """
        + azuread_application.app["orders"] api
        + azuread_application.app["web"] web
        """,
    ),
    "for_each in part: one application is gone": (
        3,
        """
        ~ azuread_application.app["eu"] api
        . azuread_application.app["us"] gone
        ~ azuread_service_principal.app["eu"] api.principal
        . azuread_service_principal.app["us"] gone.principal
        """,
    ),
    "for_each in part: one application has an owner already": (
        3,
        """
        ~ azuread_application.app["mine"] plain
        . azuread_application.app["theirs"] managed
        """,
    ),
    "count": (3, "+ azuread_application.app[0] api\n+ azuread_application.app[1] web"),
    "count in part": (3, "~ azuread_application.app[0] api\n. azuread_application.app[1] gone"),
    "modules in modules": (
        3,
        """
        + module.platform.module.orders["eu"].module.app[0].azuread_application.this api
        + module.platform.module.orders["eu"].module.app[0].azuread_service_principal.this api.principal
        """,
    ),
    "a module with for_each in part": (
        3,
        """
        ~ module.app["eu"].azuread_application.this api
        . module.app["us"].azuread_application.this gone
        """,
    ),
    "keys that HCL and shells escape": (
        3,
        """
        ~ azuread_application.app["a'b $${x} %%{y} \\" é"] api
        . azuread_application.app["gone"] gone
        """,
    ),
    "names outside ASCII": (3, "+ module.größe.azuread_application.prüfung plain"),
    "a tainted application": (3, "+ azuread_application.api api tainted"),
    "a deposed object": (3, "+ azuread_application.api api\n. azuread_application.api gone deposed"),
    "never destroyed by OpenTofu": (3, "+ azuread_application.api api retained"),
    "a password block": (3, "+ azuread_application.api api password"),
    "a service principal that existed": (
        3,
        """
        . azuread_service_principal.graph graph.principal
        + azuread_service_principal.own web.principal
        + azuread_application.web web
        """,
    ),
    "what a manifest has no key for": (
        3,
        """
        + azuread_application.web web
        + azuread_service_principal.web web.principal
        = azuread_service_principal_token_signing_certificate.web web.principal.tokenSigningCertificate
        = azuread_service_principal_claims_mapping_policy_assignment.web web.principal.claimsMappingPolicies
        = azuread_synchronization_job.web web.principal.job
        . azuread_group_member.web web.principal.member
        . azuread_user.ana graph
        """,
    ),
    "a gallery application": (
        3,
        "+ azuread_application_from_template.saml web.template\n+ azuread_application.web web",
    ),
    "another application's id for an object": (
        3,
        "+ azuread_application.api api\n+ azuread_application.evil forged",
    ),
    "one application in two resources": (3, "+ azuread_application.old api\n+ azuread_application.new api"),
    "drift": (3, "+ azuread_application.api api drift"),
}
STATES = {**PUBLIC, **OURS}

# Where a state has secrets, and where somebody could have put one.
SECRETS = [
    f"SECRET-{number:02}-{base64.b32encode(bytes([number * 7])).decode()[:2]}wqZ8" for number in range(20)
]
_LINE = re.compile(r"\s*([+~=.]) (.+?) ([A-Za-z.]+)(?: (tainted|deposed|retained|password|drift))?")
_ADDRESS = re.compile(r'(?:(module\..+)\.)?([a-z0-9_]+)\.([\w-]+)(?:\[(\d+|".*")\])?')
_PARTS = {
    "role": ("role", "appRoles"),
    "scope": ("scope", "permissionScopes"),
    "federated": ("federatedIdentityCredential", ""),
    "certificate": ("certificate", ""),
    "password": ("password", ""),
    "preAuthorizedApplication": ("preAuthorizedApplication", ""),
}


@dataclass(frozen=True)
class Line:
    """One instance of a state, and what is to become of it."""

    outcome: str
    module: str
    type: str
    name: str
    key: Any
    object: str
    flag: str
    address: str


def lines(text: str) -> list[Line]:
    """Return the instances of a state."""
    found = []
    for line in filter(str.strip, text.splitlines()):
        match = _LINE.fullmatch(line)
        assert match, line
        address = _ADDRESS.fullmatch(match[2])
        assert address, line
        raw = address[4]
        key = raw if raw is None else json.loads(raw.replace("$${", "${").replace("%%{", "%{"))
        found.append(
            Line(match[1], address[1] or "", address[2], address[3], key, match[3], match[4] or "", match[2])
        )
    return found


def attributes(line: Line, world: Mapping[str, Json], version: int) -> Json:
    """Return what the provider stores of an instance, in the forms of its version, with secrets."""
    name, *below = line.object.split(".")
    live = world[name]
    owner = live["principal"] if below[:1] == ["principal"] else live["id"]
    part = below[-1] if below and below != ["principal"] else ""
    made: Json = {"id": _id(line, live, owner, part, version), "description_of_nobody": SECRETS[0]}
    if not part:
        made |= {"object_id": owner, ("client_id" if version == 3 else "application_id"): live["appId"]}
        made["display_name"] = live["displayName"]
    elif version == 3:
        made["application_id"] = f"/applications/{live['id']}"
    made["value"] = SECRETS[1]
    made["client_secret"] = SECRETS[2]
    made["saml_single_sign_on"] = [{"relay_state": SECRETS[3]}]
    made["notes"] = SECRETS[4] if line.flag == "drift" else None
    made["password"] = [{"value": SECRETS[5], "key_id": "x"}] if line.flag == "password" else []
    made["web"] = [{"secret": SECRETS[6], "redirect_uris": live.get("web", {}).get("redirectUris", [])}]
    made["app_role_ids"] = {SECRETS[7]: "x"}
    return made


def _id(line: Line, live: Json, owner: str, part: str, version: int) -> str:
    kind = "servicePrincipals" if owner == live.get("principal") else "applications"
    if not part or line.type == "azuread_application_optional_claims":
        return f"/{kind}/{owner}" if version == 3 else owner
    if part == "member":
        return f"{live['appId']}/member/{owner}"
    if part in {"held", "assigned"}:
        resource, id_ = live[part]
        long, short = (
            f"/servicePrincipals/{resource}/appRoleAssignedTo/{id_}",
            f"{resource}/appRoleAssignment/{id_}",
        )
        return long if version == 3 else short
    if part == "grant":
        return f"/oauth2PermissionGrants/{live['grant']}" if version == 3 else str(live["grant"])
    if part == "template":
        return f"/applicationTemplates/{live['appId']}/instantiate/{live['id']}/{live['principal']}"
    old, new = _PARTS.get(part, ("", part))
    id_ = live.get(part, live["appId"])
    return f"/{kind}/{owner}/{new}/{id_}" if version == 3 and new else f"{owner}/{old or part}/{id_}"


def state_file(text: str, world: Mapping[str, Json], version: int) -> bytes:
    """Return the state as Terraform stores it."""
    resources: dict[tuple[str, str, str], Json] = {}
    for line in lines(text):
        resource = resources.setdefault(
            (line.module, line.type, line.name),
            {
                **({"module": line.module} if line.module else {}),
                "mode": "managed",
                "type": line.type,
                "name": line.name,
                "provider": 'provider["registry.terraform.io/hashicorp/azuread"]',
                "instances": [],
            },
        )
        instance: Json = {} if line.key is None else {"index_key": line.key}
        if line.flag == "tainted":
            instance["status"] = "tainted"
        if line.flag == "deposed":
            instance["deposed"] = "0123abcd"
        if line.flag == "retained":
            instance["skip_destroy"] = True
        resource["instances"].append(
            {
                **instance,
                "schema_version": 2,
                "attributes": attributes(line, world, version),
                "sensitive_attributes": [[{"type": "get_attr", "value": SECRETS[8]}]],
                "private": base64.b64encode(SECRETS[9].encode()).decode() + SECRETS[9],
                "identity": {"tenant": SECRETS[10]},
                "dependencies": [f"azuread_application.{SECRETS[11]}"],
            }
        )
    document = {
        "version": 4,
        "terraform_version": "1.13.0",
        "serial": 7,
        "lineage": SECRETS[12],
        "outputs": {"secret": {"value": SECRETS[13], "type": "string", "sensitive": True}},
        "resources": [*_strangers_v4(), *resources.values()],
        "check_results": [{"object_kind": "resource", "config_addr": SECRETS[14], "status": "pass"}],
        SECRETS[19]: None,
    }
    return json.dumps(document, indent=2, ensure_ascii=False).encode()


def _strangers_v4() -> list[Json]:
    vault = {"name": "db", "value": SECRETS[15], "id": SECRETS[16]}
    data = {"id": "x", "object_id": "x", "client_id": SECRETS[17]}
    return [
        {
            "mode": "managed",
            "type": "azurerm_key_vault_secret",
            "name": "db",
            "provider": 'provider["registry.terraform.io/hashicorp/azurerm"]',
            "instances": [{"attributes": vault}],
        },
        {
            "mode": "data",
            "type": "azuread_application",
            "name": "other",
            "provider": 'provider["registry.terraform.io/hashicorp/azuread"]',
            "instances": [{"attributes": data, "private": SECRETS[18]}],
        },
    ]


def shown(text: str, world: Mapping[str, Json], version: int) -> bytes:
    """Return the state as `terraform show -json` prints it."""
    root: Json = {"resources": []}
    modules: dict[str, Json] = {"": root}
    for line in lines(text):
        resource = {
            "address": line.address,
            "mode": "managed",
            "type": line.type,
            "name": line.name,
            **({} if line.key is None else {"index": line.key}),
            "provider_name": "registry.terraform.io/hashicorp/azuread",
            "schema_version": 2,
            "values": attributes(line, world, version),
            "sensitive_values": {"value": SECRETS[8]},
            **({"tainted": True} if line.flag == "tainted" else {}),
            **({"deposed_key": "0123abcd"} if line.flag == "deposed" else {}),
        }
        _module(line.module, modules)["resources"].append(resource)
    root["resources"].append(
        {
            "address": "data.azuread_application.other",
            "mode": "data",
            "type": "azuread_application",
            "values": {"client_id": SECRETS[17]},
        }
    )
    outputs = {"secret": {"sensitive": True, "value": SECRETS[13], "type": "string"}}
    document = {
        "format_version": "1.0",
        "terraform_version": "1.13.0",
        "values": {"outputs": outputs, "root_module": root},
    }
    return json.dumps(document, ensure_ascii=False).encode()


def _module(address: str, modules: dict[str, Json]) -> Json:
    if address not in modules:
        parent = address.rpartition(".module.")[0]
        made: Json = {"address": address, "resources": []}
        modules[address] = made
        _module(parent, modules).setdefault("child_modules", []).append(made)
    return modules[address]
