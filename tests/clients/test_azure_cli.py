"""What azure-cli, unmodified, does in the directory of the running emulator: `az ad`, and `az rest`."""

import json
from pathlib import Path

import pytest

from entra_emulator import seed
from tests.clients.azure_cli import Az
from tests.clients.running import TENANT, Emulator

pytestmark = pytest.mark.clients


def test_applications(az: Az) -> None:
    """`az ad app`: create, show, list, update, upsert by name, credentials, owners, delete."""
    app = az("ad app create --display-name Cli --web-redirect-uris https://cli.localhost/callback")
    app_id = app["appId"]
    assert az(f"ad app show --id {app_id}")["displayName"] == "Cli"
    assert [row["appId"] for row in az("ad app list --display-name Cli")] == [app_id]
    assert az(f"ad app list --app-id {app_id}")[0]["id"] == app["id"]
    assert len(az("ad app list --all")) >= 4
    assert az("ad app create --display-name Cli --enable-id-token-issuance true")["appId"] == app_id
    az(f"ad app update --id {app_id} --set notes=Hello")
    assert az(f"ad app show --id {app_id}")["notes"] == "Hello"
    az(f"ad app update --id {app_id} --identifier-uris api://{app_id}")
    az(f"ad app update --id {app_id} --is-fallback-public-client true")
    assert az(f"ad app credential reset --id {app_id} --append")["password"]
    assert len(az(f"ad app credential list --id {app_id}")) == 1
    az(
        f"ad app credential delete --id {app_id} --key-id",
        az(f"ad app credential list --id {app_id}")[0]["keyId"],
    )
    alice = az("ad user show --id alice@contoso.com")["id"]
    az(f"ad app owner add --id {app_id} --owner-object-id {alice}")
    assert alice in [row["id"] for row in az(f"ad app owner list --id {app_id}")]
    az(f"ad app owner remove --id {app_id} --owner-object-id {alice}")
    az(f"ad app delete --id {app_id}")
    assert az("ad app list --display-name Cli") == []


def test_federated_credentials(az: Az, tmp_path: Path) -> None:
    """`az ad app federated-credential`: create, list, show, update, delete."""
    app_id = az("ad app create --display-name CliFederated")["appId"]
    parameters = {
        "name": "github",
        "issuer": "https://token.actions.githubusercontent.com",
        "subject": "repo:example/myapp:environment:prod",
        "audiences": ["api://AzureADTokenExchange"],
    }
    file = tmp_path / "credential.json"
    file.write_text(json.dumps(parameters), encoding="utf-8")
    created = az(f"ad app federated-credential create --id {app_id} --parameters {file}")
    assert created["subject"] == parameters["subject"]
    assert len(az(f"ad app federated-credential list --id {app_id}")) == 1
    file.write_text(json.dumps({**parameters, "description": "changed"}), encoding="utf-8")
    az(
        f"ad app federated-credential update --id {app_id} --federated-credential-id github "
        f"--parameters {file}"
    )
    found = az(f"ad app federated-credential show --id {app_id} --federated-credential-id github")
    assert found["description"] == "changed"
    az(f"ad app federated-credential delete --id {app_id} --federated-credential-id github")
    assert az(f"ad app federated-credential list --id {app_id}") == []


def test_service_principals_and_permissions(az: Az) -> None:
    """`az ad sp` and `az ad app permission`: create, show, list, credentials, permissions, grants, delete."""
    app_id = az("ad app create --display-name CliSp")["appId"]
    principal = az(f"ad sp create --id {app_id}")
    assert az(f"ad sp show --id {app_id}")["id"] == principal["id"]
    assert az("ad sp list --display-name CliSp")[0]["appId"] == app_id
    assert az(f"ad sp list --spn {app_id}")[0]["appId"] == app_id
    az(f"ad sp update --id {app_id} --set appRoleAssignmentRequired=true")
    assert az(f"ad sp show --id {app_id}")["appRoleAssignmentRequired"] is True
    assert az(f"ad sp credential reset --id {app_id}")["password"]
    assert len(az(f"ad sp credential list --id {app_id}")) == 1
    graph, user_read = seed.GRAPH_APP_ID, "e1fe6dd8-ba31-4d61-89e7-88639da4683d"
    az(f"ad app permission add --id {app_id} --api {graph} --api-permissions {user_read}=Scope")
    assert az(f"ad app permission list --id {app_id}")[0]["resourceAppId"] == graph
    az(f"ad app permission grant --id {app_id} --api {graph} --scope User.Read")
    assert az(f"ad app permission list-grants --id {app_id}")[0]["scope"] == "User.Read"
    az(f"ad app permission delete --id {app_id} --api {graph}")
    az(f"ad sp owner list --id {app_id}")
    az(f"ad sp delete --id {app_id}")
    az(f"ad app delete --id {app_id}")


def test_create_for_rbac(az: Az) -> None:
    """`az ad sp create-for-rbac` makes an application that can sign in at once."""
    made = az("ad sp create-for-rbac -n CliRbac")
    assert set(made) >= {"appId", "password", "tenant"}
    assert made["tenant"] == TENANT
    az(f"ad app delete --id {made['appId']}")


def test_groups_and_users(az: Az) -> None:
    """`az ad group` and `az ad user`: create, members, owners, check, list, delete."""
    group = az("ad group create --display-name CliGroup --mail-nickname cligroup")["id"]
    bob = az("ad user show --id bob@contoso.com")["id"]
    az(f"ad group member add --group {group} --member-id {bob}")
    assert az(f"ad group member check --group {group} --member-id {bob}")["value"] is True
    assert [row["id"] for row in az(f"ad group member list --group {group}")] == [bob]
    az(f"ad group owner add --group {group} --owner-object-id {bob}")
    assert [row["id"] for row in az(f"ad group owner list --group {group}")] == [bob]
    assert az("ad group list --display-name CliGroup")[0]["id"] == group
    assert az(f"ad group show --group {group}")["displayName"] == "CliGroup"
    assert group in [row["id"] for row in az("ad user get-member-groups --id bob@contoso.com")]
    az(f"ad group member remove --group {group} --member-id {bob}")
    az(f"ad group delete --group {group}")
    assert len(az("ad user list")) >= 12
    assert az("ad user list --upn alice@contoso.com")[0]["displayName"] == "Alice Archer"


def test_rest(az: Az, emulator: Emulator) -> None:
    """`az rest` signs its request by itself and passes headers on."""
    url = f"{emulator.origin}/v1.0/applications(uniqueName='cli.rest')"
    body = json.dumps({"displayName": "Rest"})
    made = az(f"rest --method patch --url {url} --headers Prefer=create-if-missing --body", body)
    assert made["uniqueName"] == "cli.rest"
    assert az(f"rest --method get --url {emulator.origin}/v1.0/organization")["value"][0]["id"] == TENANT
