"""The name of a module that is not installed in; the extra that brings it and the line that installs it
out.
"""

from __future__ import annotations

from importlib.util import find_spec

# extra: the modules it brings that the base has not.
EXTRAS: dict[str, tuple[str, ...]] = {
    "emulator": ("starlette", "uvicorn", "jinja2", "jwt", "python_multipart"),
    "aws": ("boto3", "botocore"),
    "azure": ("azure.keyvault",),
    "github": ("nacl",),
    "sdk": ("msgraph", "msgraph_core", "kiota_abstractions", "kiota_http"),
}


def installed() -> list[str]:
    """Return the extras that are here whole."""
    return [name for name, modules in EXTRAS.items() if all(find_spec(module) for module in modules)]


def advice(module: str) -> str | None:
    """Return what to say of a module that is not there; None where no extra brings it."""
    # `azure` is of the base, and what stands below it need not be.
    whole = [".".join(module.split(".")[:count]) for count in range(1, module.count(".") + 2)]
    extra = next((extra for extra, modules in EXTRAS.items() if {*whole} & {*modules}), None)
    if extra is None:
        return None
    return f"this needs the extra `{extra}`, which is not installed: pip install 'entra-config[{extra}]'"
