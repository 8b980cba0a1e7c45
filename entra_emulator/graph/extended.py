"""The directory and schema extensions that objects of a type have in; the names by which requests may call
them out.
"""

from entra_emulator.graph.call import Call
from entra_emulator.table import Row

# Of directory extensions; names of schema extensions have an underscore too, and no property of Graph's own
# has one.
PREFIX = "extension_"
IN_DEVELOPMENT = "InDevelopment"
Path = tuple[str, ...]


def selectable(call: Call, target: str) -> dict[str, str]:
    """Give what can be selected of objects of a type: lower-case name to name."""
    return {
        **_directory_extensions(call, target),
        **{key: row["id"] for key, row in schemas(call, target).items()},
    }


def filterable(call: Call, target: str) -> dict[str, Path]:
    """Give what objects of a type can be filtered by: lower-case path to path."""
    paths: dict[str, Path] = {key: (name,) for key, name in _directory_extensions(call, target).items()}
    for key, row in schemas(call, target).items():
        paths.update(
            {f"{key}/{each['name'].casefold()}": (row["id"], each["name"]) for each in row["properties"]}
        )
    return paths


def schemas(call: Call, target: str) -> dict[str, Row]:
    """Give the schema extensions that objects of a type have here: the tenant's own, and what others made
    available.
    """
    found: dict[str, Row] = {}
    for tenant in call.graph.directory.tenants.values():
        for row in tenant.tables["schemaExtensions"]:
            usable = tenant is call.tenant or row["status"] != IN_DEVELOPMENT
            if usable and target.casefold() in {each.casefold() for each in row["targetTypes"]}:
                found[row["id"].casefold()] = row
    return found


def _directory_extensions(call: Call, target: str) -> dict[str, str]:
    rows = call.tenant.tables["extensionProperties"]
    return {row["name"].casefold(): row["name"] for row in rows if target in row["targetObjects"]}
