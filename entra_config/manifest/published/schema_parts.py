"""The parts of the JSON Schema that no table of fields holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from entra_config.manifest.fields.field import PLATFORMS, Field, Labelled
from entra_config.manifest.fields.properties import Entity, table
from entra_config.manifest.fields.table import FIRST_CLASS

Schema = dict[str, Any]

GUID: Schema = {"type": "string", "pattern": "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"}
PLACEHOLDER: Schema = {"type": "string", "pattern": r"\$\{[^{}]+\}"}
KEY = "^[A-Za-z][A-Za-z0-9-]*$"
TEXT: Schema = {"type": ["string", "null"]}


def own_shape(key: str, entity: Entity) -> Schema:
    """Return the schema of a field with a shape of its own."""
    shapes: dict[str, Schema] = {
        "scopes": labels("scope"),
        "appRoles": labels("appRole"),
        "authorizedClients": mapped(texts(1)),
        "apiPermissions": mapped({"$ref": "#/$defs/apiPermission"}),
        "platforms": closed("Redirect URIs by platform.", {name: texts(256) for name in PLATFORMS}),
        "certificates": mapped({"$ref": "#/$defs/certificate"}),
        "owners": names(),
        "optionalClaims": {"$ref": "#/$defs/optionalClaims"},
        "properties": {"$ref": f"#/$defs/properties.{entity}"},
        "enterpriseApplication": {"anyOf": [{"type": "null"}, {"$ref": "#/$defs/enterpriseApplication"}]},
    }
    return shapes[key]


def simple_shape(item: Field) -> Schema:
    """Return the schema of a field whose shape the table says: of a record's fields too, as deep as it goes."""
    match item.shape:
        case Labelled(noun, fields, most):
            record = closed(f"{noun[:1].upper()}{noun[1:]}.", {each.key: _inner(each) for each in fields})
            needed = [each.key for each in fields if each.required]
            return {**mapped({**record, **({"required": needed} if needed else {})}), "maxProperties": most}
        case "flag":
            return flag()
        case "whole":
            return {"anyOf": [{"enum": [1, 2, None]}, PLACEHOLDER]}
        case "choice":
            return choice(*item.choices)
        case "texts":
            return texts(item.longest)
        case _:
            limit = {"maxLength": item.longest} if item.longest else {}
            return {"anyOf": [{"type": "null"}, GUID, PLACEHOLDER]} if item.key in {"appId", "id"} else {**TEXT, **limit}


def _inner(item: Field) -> Schema:
    schema = simple_shape(item)
    if item.required:
        schema = {**schema, "type": "string"}
    return described(schema, item.description, *([item.example] if item.example is not None else []))


def definitions() -> Mapping[str, Schema]:
    """Return the shared parts by name."""
    return {
        "scope": _short(closed("A delegated permission.", _scope()), "Its name and description in one."),
        "appRole": _short(closed("A role that tokens carry.", _role()), "Its description; for users, named like the label."),
        "apiPermission": closed("What is asked of one API.", _permission()),
        "consent": {"anyOf": [{"type": ["boolean", "null"]}, texts()]},
        "certificate": _short(closed("A public key.", _certificate()), "Path of a PEM file, or the PEM itself."),
        "name": _name(),
        "optionalClaims": closed("Claims by token.", {token: _claims() for token in ("accessToken", "idToken", "saml2Token")}),
        "assignments": {
            "description": "By label of role, or `default` for access without a role; {} is nobody.",
            "anyOf": [{"const": "unmanaged", "description": "Leaves alone who holds what."}, _all_assignees()],
        },
        "properties.application": _graph("application"),
        "properties.servicePrincipal": _graph("servicePrincipal"),
    }


def closed(description: str, properties: Mapping[str, Schema]) -> Schema:
    """Return a map with these keys and no others."""
    return {
        "type": ["object", "null"],
        "description": description,
        "additionalProperties": False,
        "properties": dict(properties),
    }


def mapped(value: Schema) -> Schema:
    """Return a map of any keys."""
    return {"type": ["object", "null"], "additionalProperties": value}


def keyed(description: str, definition: str) -> Schema:
    """Return a map of keys of applications."""
    return {**mapped({"$ref": f"#/$defs/{definition}"}), "description": description, "propertyNames": {"pattern": KEY}}


def labels(definition: str) -> Schema:
    """Return a map of labels."""
    value = {"anyOf": [{"type": "null"}, {"$ref": f"#/$defs/{definition}"}]}
    return {**mapped(value), "propertyNames": {"pattern": r"^[^\s/]+$", "maxLength": 249}}


def texts(longest: int = 0) -> Schema:
    """Return a list of texts without doubles."""
    item: Schema = {"type": "string", **({"maxLength": longest} if longest > 1 else {})}
    return {"type": ["array", "null"], "items": item, "uniqueItems": True}


def names() -> Schema:
    """Return a list of names."""
    return {"type": ["array", "null"], "items": {"$ref": "#/$defs/name"}}


def flag() -> Schema:
    """Return true or false, or a placeholder for it."""
    return {"anyOf": [{"type": ["boolean", "null"]}, PLACEHOLDER]}


def choice(*words: str) -> Schema:
    """Return one of some words, or a placeholder for it."""
    return {"anyOf": [{"enum": [*words, None]}, PLACEHOLDER]}


def _short(full: Schema, description: str) -> Schema:
    return {"anyOf": [{"type": "string", "description": description}, full]}


def described(schema: Schema, description: str, *examples: Any) -> Schema:
    """Return a schema with its description and examples."""
    return {**schema, "description": description, **({"examples": list(examples)} if examples else {})}


def _definition(what: str) -> Mapping[str, Schema]:
    return {
        "value": described(
            {"type": ["string", "null"], "maxLength": 249}, f"What tokens carry; absent: the label of the {what}."
        ),
        "isEnabled": described(flag(), "False keeps it, and lets nobody new have it."),
        "id": described(GUID, "Its id; absent: the tenant's, or one derived from the label."),
        "previously": described({"type": "string"}, "Its former label: it is renamed, not replaced."),
        "breaking": described({"type": "boolean"}, "Says that a changed `value` is meant: tokens carry it."),
    }


def _scope() -> Mapping[str, Schema]:
    return {
        "displayName": described(TEXT, "Heads the consent page; for users too where they can consent.", "Read user data"),
        "description": described({**TEXT, "maxLength": 1024}, "Explains it on the consent page.", "Lets the app read your data."),
        "whoCanConsent": described(choice("admins", "adminsAndUsers"), "Absent: admins only.", "admins"),
        "adminConsentDisplayName": described(TEXT, "The long form: what administrators read first."),
        "adminConsentDescription": described(TEXT, "The long form: what explains it to administrators."),
        "userConsentDisplayName": described(TEXT, "The long form: what users read first."),
        "userConsentDescription": described(TEXT, "The long form: what explains it to users."),
        **_definition("scope"),
    }


def _role() -> Mapping[str, Schema]:
    members = {"type": "array", "items": {"enum": ["User", "Application"]}, "uniqueItems": True, "minItems": 1}
    return {
        "displayName": described(TEXT, "Its name in the portal; absent: the label.", "Reader"),
        "description": described({**TEXT, "maxLength": 1024}, "What it lets its holders do.", "Reads everything."),
        "allowedMemberTypes": described(members, "User: users and groups; Application: clients. Absent: [User].", ["User"]),
        **_definition("role"),
    }


def _permission() -> Mapping[str, Schema]:
    consent = {"$ref": "#/$defs/consent"}
    kinds = {"delegated": consent, "application": consent}
    return {
        "delegated": described(
            texts(), "Scopes asked for on behalf of a person: labels of ours, values of others.", ["user.read"]
        ),
        "application": described(texts(), "Roles asked for as itself: labels of ours, values of others.", ["Writer"]),
        "adminConsent": {
            "description": "true: exactly these; a list: those; false: none; absent: not managed. Also per kind.",
            "anyOf": [consent, closed("By kind.", kinds)],
            "examples": [True, ["user.read"], {"delegated": True, "application": False}],
        },
    }


def _certificate() -> Mapping[str, Schema]:
    return {
        "file": described({"type": "string"}, "A PEM file, relative to this file.", "certificates/ci.pem"),
        "pem": described({"type": "string"}, "The PEM text itself."),
        "displayName": described({**TEXT, "maxLength": 120}, "Its name in the portal; absent: its name here."),
        "usage": described(choice("Verify", "Encrypt"), "Absent: Verify."),
    }


def _claims() -> Schema:
    claim = {
        "name": {"type": "string"},
        "source": TEXT,
        "essential": {"type": "boolean"},
        "additionalProperties": texts(),
    }
    return {"type": ["array", "null"], "items": {"anyOf": [{"type": "string"}, closed("A claim with options.", claim)]}}


def _name() -> Schema:
    full = closed("A name and the id that decides.", {"name": {"type": "string"}, "id": GUID})
    return {
        "description": "Users by UPN, groups and others' applications by display name; an id works too.",
        "anyOf": [{"type": "string"}, full],
    }


def _all_assignees() -> Schema:
    return {"type": "object", "additionalProperties": _assignees()}


def _assignees() -> Schema:
    additive = described(flag(), "Of an application of others: these besides whoever else has it; nobody is removed.")
    return closed("Who holds the role.", {"groups": names(), "users": names(), "additive": additive})


def _graph(entity: Entity) -> Schema:
    tree: Schema = {"type": "object", "additionalProperties": False, "properties": {}}
    own = FIRST_CLASS[entity]
    for path, shape in table(entity).items():
        if "readOnly" in shape or any(path == name or path.startswith(f"{name}.") for name in own):
            continue
        node = tree
        *above, leaf = path.split(".")
        for part in above:
            node = node["properties"].setdefault(part, {})
            node.update({"type": ["object", "null"], "additionalProperties": False})
            node.setdefault("properties", {})
        if shape.get("type") != "object" or "properties" in shape:
            node["properties"][leaf] = _leaf(shape)
    return tree


def _leaf(shape: Mapping[str, Any]) -> Schema:
    kind = shape["type"]
    names_of = {"Boolean": "boolean", "Int32": "integer", "object": "object"}
    schema: Schema = {"enum": [*shape["values"], None]} if kind == "enum" else {"type": [names_of.get(kind, "string"), "null"]}
    return {"type": "array", "items": schema} if shape.get("collection") else schema
