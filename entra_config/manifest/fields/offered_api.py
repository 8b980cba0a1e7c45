"""The fields of what an application offers to others as an API, a row each."""

from __future__ import annotations

from collections.abc import Sequence

from entra_config.manifest.fields import limits
from entra_config.manifest.fields.field import (
    Definition,
    Field,
    Mapped,
    graph_row,
)
from entra_config.manifest.fields.refusals import CLIENTS, NO_API, refuse

OFFERED: Sequence[Field] = (
    graph_row(
        "accessTokenVersion",
        "api.requestedAccessTokenVersion",
        "whole",
        "The version of access tokens for its API.",
        2,
        "1 or 2; 2 with personal accounts",
    ),
    graph_row(
        "identifierUris",
        "identifierUris",
        "texts",
        "The names by which clients ask for its scopes.",
        ["api://${appId}"],
        f"at most {limits.LONGEST_URL} characters each, no `/` at the end: `api://…` with the appId or "
        "tenant's id, "
        "or https of a verified domain",
        limits.LONGEST_URL,
        refused=refuse(NO_API, *CLIENTS),
        references=True,
    ),
    graph_row(
        "scopes",
        "api.oauth2PermissionScopes",
        Mapped(Definition("scope"), labels=True, names=("scope",)),
        "Delegated permissions that the API offers, by label.",
        {
            "user.read": {
                "displayName": "Read user data",
                "description": "Lets the app read your data.",
                "whoCanConsent": "adminsAndUsers",
            }
        },
        f"with the roles at most {limits.MOST_DEFINITIONS}",
        refused=refuse(NO_API, *CLIENTS),
    ),
    graph_row(
        "appRoles",
        "appRoles",
        Mapped(Definition("appRole"), labels=True, names=("role",)),
        "Roles that tokens carry, by label.",
        {
            "Reader": {
                "displayName": "Reader",
                "description": "Reads everything.",
                "allowedMemberTypes": ["User"],
            }
        },
        f"with the scopes at most {limits.MOST_DEFINITIONS}",
        refused=refuse(
            "nobody is assigned to it; roles belong to the API that reads them", "publicClient", "daemon"
        ),
    ),
    graph_row(
        "authorizedClients",
        "api.preAuthorizedApplications",
        Mapped("texts", names=("client",)),
        "Clients that need no consent, each with its scopes: by key, or by appId.",
        {"spa": ["user.read"]},
        names=("scope",),
        refused=refuse(NO_API, *CLIENTS),
    ),
    Field(
        "mcp",
        "",
        "own",
        Definition("mcp"),
        "It is an MCP server: its address becomes an identifier URI, and known clients need no consent.",
        {"url": "https://api.example.com/mcp"},
        refused=refuse(NO_API, *CLIENTS),
    ),
    graph_row(
        "knownClientApplications",
        "api.knownClientApplications",
        "texts",
        "Clients, by key, whose consent page includes this API's permissions.",
        ["spa"],
        names=("client",),
        refused=refuse(NO_API, *CLIENTS),
    ),
)
