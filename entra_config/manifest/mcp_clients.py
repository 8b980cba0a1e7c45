"""The MCP clients that are known by name: those with a registration of their own that every tenant can
authorize, and those that sign in by one of yours, with where their sign-in comes back.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class McpClient:
    """A client by its name; `app_id` is empty where a tenant has to register it, on `type` and with
    `redirect_uri`.
    """

    name: str
    source: str
    app_id: str = ""
    type: str = ""
    redirect_uri: str = ""


_PREAUTHORIZED = "learn.microsoft.com/azure/app-service/configure-authentication-mcp-server-vscode"
_CLAUDE = "anthropics/claude-ai-mcp#514"
_ELSEWHERE = "learn.microsoft.com/dynamics365/business-central/dev-itpro/ai/use-mcp-server-non-microsoft"

TABLE: tuple[McpClient, ...] = (
    McpClient("VS Code", _PREAUTHORIZED, "aebc6443-996d-45c2-90f0-388ff96faa56"),
    McpClient(
        "Visual Studio",
        "azuread.github.io/MSIdentityTools/commands/Grant-MsIdMcpServerPermission",
        "04f0c124-f2bc-4f59-8241-bf6df9866bbd",
    ),
    McpClient(
        "Azure CLI",
        "github.com/Azure/azure-cli, azure-cli-core/azure/cli/core/auth/constants.py",
        "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
    ),
    McpClient(
        "Azure PowerShell",
        "github.com/Azure/azure-powershell, src/Accounts/Authentication/Constants.cs",
        "1950a258-227b-4e31-a9cf-717495945fc2",
    ),
    McpClient("Claude", _CLAUDE, type="web", redirect_uri="https://claude.ai/api/mcp/auth_callback"),
    McpClient("Claude Code", _ELSEWHERE, type="publicClient", redirect_uri="http://localhost/callback"),
    McpClient("GitHub Copilot CLI", _ELSEWHERE, type="publicClient", redirect_uri="http://localhost"),
)
BY_NAME = {client.name: client for client in TABLE}
NAMES = {client.app_id: client.name for client in TABLE if client.app_id}


def table() -> str:
    """Return the table as the page about MCP servers shows it."""
    head = ["| client | in Entra | source |", "|---|---|---|"]
    rows = [f"| {each.name} | {_registered(each)} | {each.source} |" for each in TABLE]
    return "\n".join([*head, *rows])


def _registered(client: McpClient) -> str:
    if client.app_id:
        return f"`{client.app_id}`, in every tenant"
    return f"none: declare a `{client.type}` with the redirect URI `{client.redirect_uri}`"
