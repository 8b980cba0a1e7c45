"""The JSON Schema of test files, for editors and for the tables of docs/tests.md."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from entra_config.manifest.fields.access_test_records import FLOWS, GRID
from entra_config.manifest.fields.workloads import FORMS
from entra_config.manifest.published.schema_files import URI
from entra_config.manifest.published.schema_parts import Schema, closed, described, mapped, workload
from entra_config.testing import grids, tests
from entra_config.testing.model import SETS

FILE = "entra-config.tests.schema.json"
_SCALAR: Schema = {"type": ["string", "number", "boolean"]}
_TEXT: Schema = {"type": "string"}
_LIST: Schema = {"type": "array", "items": _TEXT, "uniqueItems": True}
_REFUSAL: Schema = {"anyOf": [{"type": "string", "pattern": "^(AADSTS)?[0-9]{4,8}$"}, {"type": "integer"}]}
_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}"


def build() -> Schema:
    """Return the schema of a file of access tests."""
    return {
        "$schema": URI,
        "title": "entra-config access tests",
        "description": "A file that `tests` of the root file names; by default each of tests/*.yaml.",
        "type": "object",
        "additionalProperties": False,
        "properties": file(),
        "$defs": {
            "person": closed("What the manifest cannot know of a person.", person()),
            "request": {
                **closed("What a client asked for first.", request()),
                "required": ["client", "asks"],
            },
            "claim": _claim(),
            "claims": {
                **mapped({"$ref": "#/$defs/claim"}),
                "description": "Claims by name; those that are not named may be anything.",
            },
            "test": _required(closed("One test.", test()), "it", "client", "asks", "expect"),
            "grid": _required(closed("A row is a test.", grid()), "it", "client", "asks", "grid"),
        },
    }


def file() -> Mapping[str, Schema]:
    """Return what a file has."""
    group = closed(
        "A group.",
        {
            "memberOf": described(
                _LIST, "The groups that it is in: nested, which gives nobody a role.", ["Staff"]
            )
        },
    )
    return {
        "people": described(
            mapped({"$ref": "#/$defs/person"}),
            "Who may stand at `as`, by user principal name; in the tests of this file alone.",
        ),
        "groups": described(
            mapped(group), "Groups that the manifest does not name, or that are in others, by display name."
        ),
        "tests": {
            "type": ["array", "null"],
            "description": "The tests, each with a name of its own in all files.",
            "items": {
                "if": {"required": ["grid"]},
                "then": {"$ref": "#/$defs/grid"},
                "else": {"$ref": "#/$defs/test"},
            },
        },
    }


def person() -> Mapping[str, Schema]:
    """Return what is said of a person."""
    return {
        "memberOf": described(
            _LIST, "The groups of which the person is a direct member, by display name.", ["MyApp Writers"]
        ),
        "guest": described({"type": "boolean"}, "A guest of the tenant.", True),
        "enabled": described({"type": "boolean"}, "`false`: the account is disabled.", False),
    }


def request() -> Mapping[str, Schema]:
    """Return what a client asks, and how it proves itself."""
    forms = {each.key: workload(each, matches=False) for each in FORMS.values()}
    whose = {
        "issuer": described(_TEXT, "The `iss` of its token."),
        "subject": described(_TEXT, "The `sub` of its token."),
        "audience": described(_TEXT, f"The `aud` of its token; absent: {tests.AUDIENCE}."),
        "claims": described(mapped(_TEXT), "What else its token says.", {"repository_id": "5678"}),
        **forms,
    }
    ways = {"anyOf": [{"required": ["issuer", "subject"]}, *({"required": [key]} for key in forms)]}
    ends = closed("A secret that ends.", {"ends": {"type": "string", "pattern": _DAY}})
    return {
        "client": described(
            _TEXT,
            "The application that asks, by its key; one of others as `servicePrincipals` names it.",
            "spa",
        ),
        "asks": described(
            {**_LIST, "minItems": 1},
            "`API/SCOPE` (a label of ours, a value of others), `API/.default`, or an OpenID scope.",
            ["api/user.read", "openid"],
        ),
        "secret": described(
            {"anyOf": [{"const": True}, ends]},
            "The client has a secret, made for the test; `{ ends: DAY }`: until then.",
            True,
        ),
        "certificate": described(
            _TEXT, "The client has the private key of this certificate of the manifest, by its label.", "ci"
        ),
        "workload": {
            **described(
                closed("", whose),
                "The client has a token of another issuer, whose keys are made on the spot.",
            ),
            **ways,
        },
        "redirectUri": described(
            _TEXT,
            "Where the code is sent; absent: the first of the client's own.",
            "https://app.example.com/",
        ),
    }


def test() -> Mapping[str, Schema]:
    """Return what a test has."""
    who = {"anyOf": [_TEXT, {"$ref": "#/$defs/person"}]}
    flows = "; ".join(f"`{flow}`: {what}" for flow, what in FLOWS.items())
    token = {"$ref": "#/$defs/claims"}
    expect = {
        "token": described(
            token, "The access token; `{}` is any.", {"roles": ["Reader"], "scp": {"contains": ["user.read"]}}
        ),
        "idToken": described(token, "The id_token, where `openid` is asked for.", {"roles": "absent"}),
        "refused": described(_REFUSAL, "The number of Entra's refusal.", "AADSTS50105"),
    }
    return {
        "it": described(
            _TEXT, "What holds, as the rest of a sentence: the name of the test.", "keeps strangers out"
        ),
        "as": described(
            who,
            "Who signs in: somebody of `people`, or `{ memberOf: [GROUP] }`, a person made for this test.",
        ),
        **request(),
        "expect": described(
            closed("", expect),
            "What comes of it: `token`, `idToken` or both; or `refused`.",
            {"refused": "AADSTS50105"},
        ),
        "flow": described(
            {"enum": list(FLOWS)}, f"Absent: what follows from the rest. {flows}.", "deviceCode"
        ),
        "onBehalfOf": described(
            {"$ref": "#/$defs/request"},
            "`client` is an API that was called with a token: who called, and what for.",
            {"client": "spa", "asks": ["api/user.read"]},
        ),
        **_when(),
    }


def grid() -> Mapping[str, Schema]:
    """Return what a grid has."""
    row = {"anyOf": [{"type": "array", "items": {"enum": [grids.HELD, grids.NOT_HELD]}}, _REFUSAL]}
    cells = {
        "type": "object",
        "properties": {grids.HEAD: _LIST},
        "required": [grids.HEAD],
        "additionalProperties": row,
    }
    return {
        "it": described(
            _TEXT,
            "The name of the grid; with its row's it is the name of a test.",
            "gives each the roles of the model",
        ),
        **{name: schema for name, schema in request().items() if name in GRID.keys},
        "grid": described(
            cells,
            "`roles` heads the columns. A row is somebody of `people`, or a group (for somebody in it "
            "alone): `x` for each role "
            "of the token, `.` for each other; or a refusal.",
            {
                "roles": ["Reader", "Writer"],
                "alice@contoso.com": ["x", "."],
                "mallory@contoso.com": "AADSTS50105",
            },
        ),
        **_when(),
    }


def _when() -> Mapping[str, Schema]:
    return {
        "only": described(_LIST, "The environments that it is for; absent: all.", ["prod"]),
        "at": described(
            {"type": "string", "pattern": _DAY},
            "The day, or moment, of the sign-in; absent: now.",
            "2027-02-01",
        ),
    }


def _claim() -> Schema:
    values: Schema = {"type": "array", "items": _SCALAR, "uniqueItems": True}
    some = {**closed("At least these.", {"contains": {"anyOf": [values, _SCALAR]}}), "required": ["contains"]}
    sets = ", ".join(f"`{name}`" for name in SETS)
    return {
        "description": (
            f"A value, a list (compared as a set, as {sets} are anyway), `absent`, or `{{ contains: "
            "[VALUE] }`."
        ),
        "anyOf": [_SCALAR, values, some],
    }


def _required(schema: Schema, *keys: str) -> Schema:
    return {**schema, "required": list(keys)}


def examples(schema: Mapping[str, Any]) -> Any:
    """Return the first example of a schema; None without one."""
    return (schema.get("examples") or [None])[0]
