"""What `settings:` declares: which files `entra-config settings` writes for which application, and the
table of all targets.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from entra_config.errors import Position

Section = Literal["apis", "spas", "webs"]
SECTIONS: tuple[Section, ...] = get_args(Section)
Half = Literal["source", "values"]


@dataclass(frozen=True, slots=True)
class Target:
    """One kind of file. `source` comes of the manifest and is committed, `values` come of the tenant at
    deploy.
    """

    key: str
    section: Section
    half: Half
    suffix: str
    description: str
    example: str


# A new target is a row here, and a line in the table of `entra_config/settings/writers.py`.
TARGETS = (
    Target(
        "python",
        "apis",
        "source",
        ".py",
        "Scopes, app roles and what operations need, as Python constants.",
        "../api/generated/authorization.py",
    ),
    Target(
        "tokens", "apis", "source", ".md", "How a developer gets a token for this API.", "../docs/tokens.md"
    ),
    Target("dotenv", "apis", "values", ".env", "What the API reads, as `KEY='value'` lines.", "api.env"),
    Target("json", "apis", "values", ".json", "What the API reads, as JSON.", "api.json"),
    Target(
        "protectedResource",
        "apis",
        "values",
        ".json",
        "The metadata of an MCP server (RFC 9728), for `/.well-known/oauth-protected-resource`.",
        "oauth-protected-resource.json",
    ),
    Target(
        "httpd",
        "apis",
        "values",
        ".conf",
        "What an Apache httpd in front of this API reads (`options/httpd`), as `Define` lines.",
        "httpd-api.conf",
    ),
    Target("shell", "apis", "values", ".env", "What the walk-through of `tokens` reads.", "tokens.env"),
    Target(
        "tfvars",
        "apis",
        "values",
        ".tfvars.json",
        "The ids of this API, its scopes, roles and clients, for a Terraform configuration.",
        "entra.auto.tfvars.json",
    ),
    Target(
        "postmanCollection",
        "apis",
        "values",
        ".postman_collection.json",
        "`requests` as a Postman collection with tests.",
        "myapp.postman_collection.json",
    ),
    Target(
        "postmanEnvironment",
        "apis",
        "values",
        ".postman_environment.json",
        "The collection's variables; secrets stay empty.",
        "myapp.postman_environment.json",
    ),
    Target(
        "typescript",
        "spas",
        "source",
        ".ts",
        "Scopes, app roles and what operations need, of its API, as TypeScript constants.",
        "../spa/src/generated/authorization.ts",
    ),
    Target("config", "spas", "values", ".json", "The page's `config.json`, read at run time.", "config.json"),
    Target(
        "awsStack",
        "spas",
        "values",
        ".json",
        "The parameters of the stacks of `infra/` for the page and its API: option D.",
        "aws.json",
    ),
    Target(
        "typescript",
        "webs",
        "source",
        ".ts",
        "The same, where a server signs in for the page and there is no `spas`.",
        "../spa/src/generated/authorization.ts",
    ),
    Target(
        "dotenv",
        "webs",
        "values",
        ".env",
        "What the server that signs in reads (`options/bff`), as `KEY='value'` lines.",
        "bff.env",
    ),
    Target(
        "alb",
        "webs",
        "values",
        ".json",
        "How a load balancer signs in for the page (`options/alb`): the `AuthenticateOidcConfig` of its "
        "rules, without the secret.",
        "alb.json",
    ),
    Target(
        "httpd",
        "webs",
        "values",
        ".conf",
        "What an Apache httpd reads that signs in for the page (`options/httpd`), as `Define` lines.",
        "httpd-web.conf",
    ),
    Target(
        "config",
        "webs",
        "values",
        ".json",
        "The `config.json` of the page that it signs in for: the page sees no token.",
        "config-cookie.json",
    ),
    Target(
        "awsStack",
        "webs",
        "values",
        ".json",
        "The parameters of the same stacks with that server in them: option C; beside `alb`, with a load "
        "balancer that signs in: option B; with `httpd`, of an httpd that does: option E.",
        "aws.json",
    ),
)


@dataclass(frozen=True, slots=True)
class File:
    """One file to write, as the manifest names it: relative to the root file, or a name in the values'
    folder.
    """

    target: str
    path: str
    position: Position


@dataclass(frozen=True, slots=True)
class Operation:
    """What an operation of an API needs: scopes (all, or one where `any_scope`), and one of its roles. Scopes
    and roles are values; an application by itself needs one of `application_roles` in place of scopes.
    """

    name: str
    scopes: tuple[str, ...] = ()
    any_scope: bool = False
    roles: tuple[str, ...] = ()
    application_roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """A request of the Postman collection. Scopes (all, or one where `any_scope`) and roles are values;
    `application_roles` None: it needs no scope.
    """

    name: str
    path: str
    method: str = "GET"
    scopes: tuple[str, ...] = ()
    any_scope: bool = False
    roles: tuple[str, ...] = ()
    application_roles: tuple[str, ...] | None = None
    body: Any = None
    status: int = 200


@dataclass(frozen=True, slots=True)
class App:
    """The settings of one API (`api` None), or of a page or a server with the API that it calls."""

    key: str
    section: Section
    url: str
    files: tuple[File, ...]
    api: str | None = None
    allowed_origins: tuple[str, ...] = ()
    allowed_tenants: tuple[str, ...] = ()
    docs_client: str | None = None
    jwt_validation: bool = False
    operations: tuple[Operation, ...] = ()
    requests: tuple[ApiRequest, ...] = ()
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class Targets:
    """All of `settings:`; `folder` is where the values go, relative to the root file."""

    folder: str = ""
    apps: tuple[App, ...] = field(default=())

    def api(self, key: str) -> App:
        """Return the settings of one API."""
        return next(app for app in self.apps if app.section == "apis" and app.key == key)
