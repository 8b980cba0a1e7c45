"""Each mistake in `settings:` is told with its place."""

from __future__ import annotations

import pytest

from tests.unit.manifest.conftest import Problems
from tests.unit.manifest.settings_roots import API, root

MISTAKES = {
    "a tenant of an API that has one": (
        "apis: { api: { url: https://a.example, allowedTenants: [22222222-2222-2222-2222-222222222222] } }",
        "`api` has `signInAudience: AzureADMyOrg`; only with `AzureADMultipleOrgs`",
    ),
    "metadata of what is no MCP server": (
        "apis: { api: { url: https://a.example, protectedResource: r.json } }\nfolder: out",
        "`protectedResource`: `api` is not an MCP server. To make it one, add `mcp: { url: … }`",
    ),
    "a target of the other section": (
        "apis: { api: { url: https://a.example, config: c.json } }",
        "`config` is not a key of",
    ),
    "no application": (
        "apis: { apo: { url: https://a.example } }",
        "`apo` is not an application here. Did you mean `api`?",
    ),
    "no url": ("apis: { api: { dotenv: a.env } }\nfolder: out", "`url` of `settings.apis.api` is missing"),
    "http": ("apis: { api: { url: http://a.example } }", "`http://a.example` is not an https URL"),
    "a query": ("apis: { api: { url: https://a.example/?x=1 } }", "is not an https URL"),
    "a port that is none": ("apis: { api: { url: 'https://a.example:x' } }", "is not an https URL"),
    "absolute": (
        "apis: { api: { url: https://a.example, python: /etc/x.py } }",
        "`python`: `/etc/x.py` leads out",
    ),
    "two folders up": ("apis: { api: { url: https://a.example, python: ../../x.py } }", "leads out"),
    "up in the middle": ("apis: { api: { url: https://a.example, python: a/../../../x.py } }", "leads out"),
    "a hidden folder": (
        "apis: { api: { url: https://a.example, tokens: ../.github/x.md } }",
        "names a hidden file or folder",
    ),
    "another suffix": (
        "apis: { api: { url: https://a.example, python: ../setup.sh } }",
        "does not end in `.py`",
    ),
    "a value with a folder": (
        "folder: o\napis: { api: { url: https://a.example, json: a/b.json } }",
        "is more than the name",
    ),
    "a value without a folder": (
        "apis: { api: { url: https://a.example, json: a.json } }",
        "`settings.folder` says where",
    ),
    "a folder outside": ("folder: ../../x\napis: {}", "`folder`: `../../x` leads out"),
    "one file twice": (
        "folder: o\napis: { api: { url: https://a.example, dotenv: a.env, shell: a.env } }",
        "is written by the",
    ),
    "one file twice but for case": (
        "folder: o\napis: { api: { url: https://a.example, dotenv: a.env, shell: A.env } }",
        "`A.env` is written by the",
    ),
    "a drive": ("apis: { api: { url: https://a.example, python: 'c:/x.py' } }", "`c:/x.py` holds a colon"),
    "a stream": (
        "folder: o\napis: { api: { url: https://a.example, dotenv: 'config.json:x.env' } }",
        "holds a colon",
    ),
    "a folder on a drive": ("folder: 'c:x'\napis: {}", "`folder`: `c:x` holds a colon"),
    "a line of a log": (
        'apis: { api: { url: https://a.example, python: "../a\\n::error::x.py" } }',
        "holds what cannot be seen",
    ),
    "what turns a name around": (
        'folder: o\napis: { api: { url: https://a.example, json: "a\\u202enosj.json" } }',
        "cannot be seen",
    ),
    "an invisible folder": ('folder: "../o\\u200b"\napis: {}', "`folder`: `../o"),
    "an origin with a path": (
        "apis: { api: { url: https://a.example, allowedOrigins: [https://b.example/x] } }",
        "more than an",
    ),
    "a client that is none": (
        "apis: { api: { url: https://a.example, docsClient: pag } }",
        "no application `pag`. Did you",
    ),
    "a client without the URI": (
        "apis: { api: { url: https://a.example, docsClient: page } }",
        "lacks the `spa` redirect URI `https://a.example/docs/oauth2-redirect.html`",
    ),
    "a page without an API": (
        "spas: { page: { url: https://localhost:5173 } }",
        "`api` of settings.spas.page is missing",
    ),
    "a page of another API": (
        API + "\nspas: { page: { api: apo, url: '${at}' } }",
        "`apo` has no `settings.apis`",
    ),
    "a page without its URI": (
        API + "\nfolder: o\nspas: { page: { api: api, url: https://b.example, config: c.json } }",
        "`https://b.example/redirect.html`, where sign-in comes back, is no `spa` redirect URI of `page`",
    ),
    "a page that asks for nothing": (
        API + "\nfolder: o\nspas: { idle: { api: api, url: https://idle.example, config: c.json } }",
        "`idle` asks for no scope of `api`",
    ),
    "a server without an API": (
        "webs: { bff: { url: https://app.example } }",
        "`api` of settings.webs.bff is missing",
    ),
    "a target of another section": (
        API + "\nwebs: { bff: { api: api, url: https://app.example, json: a.json } }",
        "`json` is not a key of",
    ),
    "a role that is none": (
        "apis: { api: { url: https://a.example, requests: { x: { path: /x, roles: [Raeder] } } } }",
        "`roles`: `api` has no `Raeder`. Did you mean `Reader`?",
    ),
    "an operation's role that is none": (
        "apis: { api: { url: https://a.example, operations: { x: { roles: [Raeder] } } } }",
        "`roles`: `api` has no `Raeder`. Did you mean `Reader`?",
    ),
    "an operation of no role": (
        "apis: { api: { url: https://a.example, operations: { x: { roles: [] } } } }",
        "`roles` is empty: leave it out where none is needed",
    ),
    "an operation whose roles were forgotten": (
        "apis: { api: { url: https://a.example, operations: { x: { roles: } } } }",
        "`roles` is empty",
    ),
    "an operation of all scopes and of one": (
        "apis: { api: { url: https://a.example, operations: { x: { scopes: [read], anyScope: [read] } } } }",
        "`anyScope` stands in place of `scopes`",
    ),
    "an operation that no constant can be named after": (
        "apis: { api: { url: https://a.example, operations: { 'x y': {} } } }",
        "`operations`: `x y` is not a letter",
    ),
    "a request of an operation that is none": (
        "apis: { api: { url: https://a.example, operations: { read: {} }, requests: { x: { path: /x, operation: raed } } } }",
        "`operation`: `api` has no `raed` in its `operations`. Did you mean `read`?",
    ),
    "a request that says what its operation says": (
        "apis: { api: { url: https://a.example, operations: { read: {} }, requests: { x: { path: /x, operation: read, roles: [Reader] } } } }",
        "`roles`: the operation `read` says it; leave it out",
    ),
    "a path that is none": (
        "apis: { api: { url: https://a.example, requests: { x: { path: x } } } }",
        "`x` is not a path below",
    ),
    "an appId in a body": (
        "apis: { api: { url: https://a.example, requests: { x: { path: /x, body: { id: '${applications.api.appId}' } } } } }",
        "`body`: an appId is not known yet",
    ),
    "an appId in a url": (
        "apis: { api: { url: 'https://${applications.api.appId}.example' } }",
        "an appId is not known yet",
    ),
    "no map": ("apis: [api]", "expected a map"),
    "nothing of an API": ("apis: { api: {} }", "`url` of `settings.apis.api` is missing"),
    "a status of failure": (
        "apis: { api: { url: https://a.example, requests: { x: { path: /x, status: 404 } } } }",
        "200 to 299",
    ),
    "a method that is none": (
        "apis: { api: { url: https://a.example, requests: { x: { path: /x, method: GTE } } } }",
        "`GTE` is",
    ),
}


@pytest.mark.parametrize(("settings", "said"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told_with_its_place(problems: Problems, settings: str, said: str) -> None:
    """File, line and column, and what was expected."""
    reported = problems(root(settings), "dev")
    assert len(reported) == 1, reported
    assert said in reported[0]
    assert reported[0].startswith(("entra-config.yaml:1", "entra-config.yaml:2"))
