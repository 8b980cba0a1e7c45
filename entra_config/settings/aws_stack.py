"""A manifest and its tenant in; the parameters that the stacks of `infra/` have of them out, all of them
public: of option D for a page that signs in, of option C for a server that does, of option B for a load
balancer, of option E for an httpd.
"""

from __future__ import annotations

import json
import re
from urllib.parse import urlsplit

from entra_config import quoting
from entra_config.errors import TenantError, UsageError
from entra_config.manifest.model import Manifest
from entra_config.manifest.targets import App
from entra_config.settings import alb, httpd, values
from entra_config.settings.registered import RegisteredTenant

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
    option = _option(app)
    here, there = urlsplit(app.url), urlsplit(api.url)
    config = json.dumps(json.loads(values.config(manifest, app, tenant)), ensure_ascii=False)
    found = {
        "Name": name,
        "Option": option,
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
        **(_ADDED[option](manifest, app, tenant, name) if option in _ADDED else {}),
    }
    for key, value in found.items():
        if len(value) > MOST_CHARACTERS:
            raise UsageError(f"`awsStack`: {key} would have {len(value)} characters; a parameter has 4096")
    return quoting.json({"Parameters": found})


def _option(app: App) -> str:
    """Return who signs in: a load balancer (B), a server (C), the page (D), or an httpd (E)."""
    targets = {file.target for file in app.files}
    if signing := targets & {"alb", "httpd"}:
        return "B" if "alb" in signing else "E"
    return "C" if app.section == "webs" else "D"


def _of_alb(manifest: Manifest, app: App, tenant: RegisteredTenant, name: str) -> dict[str, str]:
    """Return what the rules of a load balancer that signs in have, where it can be given the secret."""
    secrets = manifest.applications[app.key].secrets.values()
    if len(secrets) != 1:
        raise UsageError(f"`awsStack`: `{app.key}` has {len(secrets)} secrets, and a load balancer has one")
    (secret,) = secrets
    sink = manifest.sinks[secret.sink]
    place = re.fullmatch(rf"{re.escape(name)}/alb-[A-Za-z0-9]{{6}}", sink.reference.rpartition(":")[2])
    if sink.kind != "aws" or place is None:
        raise UsageError(
            f"`awsStack`: sink `{sink.name}` of `{app.key}` is {sink.reported}; whoever deploys the stacks "
            f"reads `{name}/alb` in AWS Secrets Manager alone, by its whole ARN"
        )
    made = tenant.registered(app.key).secrets.get(secret.label)
    if made is None:
        raise TenantError(
            f"{manifest.owner}: `{app.key}` has no secret of `{secret.label}` in the tenant yet; "
            f"run `entra-config credentials rotate {app.key}`"
        )
    return {
        "AlbClientId": tenant.registered(app.key).app_id,
        "AlbScope": alb.scope(manifest, app, tenant),
        "AlbSecret": sink.reference,
        "AlbSecretVersion": made,
    }


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


def _of_httpd(manifest: Manifest, app: App, tenant: RegisteredTenant, name: str) -> dict[str, str]:
    """Return what the httpd before the page and the one before the API read, and where the key pair is by
    which the first proves itself.
    """
    assert app.api is not None
    pairs = manifest.applications[app.key].generated.values()
    if len(pairs) != 1:
        raise UsageError(
            f"`awsStack`: `{app.key}` has {len(pairs)} key pairs that are made, and httpd signs with one: "
            "`certificates: { httpd: { generate: { in: SINK } } }`"
        )
    (pair,) = pairs
    sink = manifest.sinks[pair.sink]
    kept = re.fullmatch(
        rf"{re.escape(name)}/([\w+=.@-]+-[A-Za-z0-9]{{6}})", sink.reference.rpartition(":")[2]
    )
    if sink.kind != "aws" or kept is None:
        raise UsageError(
            f"`awsStack`: sink `{sink.name}` of `{app.key}` is {sink.reported}; a task reads the key pair in "
            f"AWS Secrets Manager alone, in a secret whose name begins with `{name}/`"
        )
    return {
        "HttpdPage": httpd.defines(manifest, app, tenant),
        "HttpdApi": httpd.defines(manifest, manifest.settings.api(app.api), tenant),
        "HttpdKeyPair": kept[1],
    }


_ADDED = {"B": _of_alb, "C": _of_bff, "E": _of_httpd}
