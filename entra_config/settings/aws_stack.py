"""A manifest and its tenant in; the parameters that the stacks of `infra/` have of them out, all of them
public: of option D for a page that signs in, of option C for a server that does.
"""

from __future__ import annotations

import json
import re
from urllib.parse import urlsplit

from entra_config import quoting
from entra_config.errors import TenantError, UsageError
from entra_config.manifest.model import Manifest
from entra_config.manifest.targets import App
from entra_config.settings import values
from entra_config.settings.tenant import RegisteredTenant

# Of what all names of the stacks begin with: a load balancer's has at most 32 characters.
_NAME = re.compile(r"[a-z][a-z0-9-]{0,26}[a-z0-9]")
_ROLE = re.compile(r"^arn:aws(-us-gov|-cn)?:iam::\d{12}:role/")
MOST_CHARACTERS = 4096  # of one parameter (CloudFormation, quotas)


def parameters(manifest: Manifest, app: App, tenant: RegisteredTenant) -> str:
    """Return the parameters of a page and its API, as `aws cloudformation deploy` reads them."""
    assert app.api is not None
    api = manifest.settings.api(app.api)
    said = values.of_api(manifest, api, tenant)
    if api.jwt_validation and said["TOKEN_VERSION"] != 2:
        raise TenantError(
            f"{manifest.owner}: `jwtValidation` of `{api.key}` needs tokens of version 2, and the tenant "
            "still makes those of version 1; apply first"
        )
    name = f"{manifest.project}-{manifest.environment}".lower()
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"`awsStack`: `{name}` names no stack: at most 28 letters, digits and `-`, a letter first"
        )
    here, there = urlsplit(app.url), urlsplit(api.url)
    config = json.dumps(json.loads(values.config(manifest, app, tenant)), ensure_ascii=False)
    found = {
        "Name": name,
        "Option": "C" if app.section == "webs" else "D",
        "AppHost": here.netloc,
        "ApiHost": there.netloc,
        "ApiPath": there.path,
        "JwtValidation": "on" if api.jwt_validation else "off",
        "EnvironmentName": said["ENVIRONMENT"],
        "Protected": json.dumps(said["PROTECTED"]),
        "TenantId": said["TENANT_ID"],
        "AllowedTenants": json.dumps(list(api.allowed_tenants)),
        "ApiClientId": said["API_CLIENT_ID"],
        "ApiAppIdUri": said["API_APP_ID_URI"],
        "Authority": said["AUTHORITY"],
        "Issuer": said["ISSUER"],
        "JwksUri": said["JWKS_URL"],
        "OpenIdConfigurationUri": said["OPENID_CONFIGURATION_URL"],
        "TokenVersion": str(said["TOKEN_VERSION"]),
        "CorsOrigins": json.dumps(said["CORS_ORIGINS"]),
        "SpaConfig": config,
        **(_of_bff(manifest, app, tenant, name) if app.section == "webs" else {}),
    }
    for key, value in found.items():
        if len(value) > MOST_CHARACTERS:
            raise UsageError(f"`awsStack`: {key} would have {len(value)} characters; a parameter has 4096")
    return quoting.json({"Parameters": found})


def _of_bff(manifest: Manifest, app: App, tenant: RegisteredTenant, name: str) -> dict[str, str]:
    """Return what only `bff.yaml` has, where its role is one that Entra knows."""
    if "--" in name:
        raise UsageError(f"`awsStack`: `{name}` has `--`, which no name of a cache may")
    credentials = manifest.applications[app.key].federated_credentials.values()
    if not any(_ROLE.sub("", each.subject or "") == f"{name}-bff" for each in credentials):
        raise UsageError(
            f"`awsStack`: no federated credential of `{app.key}` is of the role that `bff.yaml` runs it as: "
            f"`arn:aws:iam::ACCOUNT:role/{name}-bff`"
        )
    said = values.of_web(manifest, app, tenant)
    return {
        "BffClientId": said["CLIENT_ID"],
        "AssertionAudience": said["ASSERTION_AUDIENCE"],
        "ApiScopes": json.dumps(said["API_SCOPES"]),
    }
