"""The name of a module that is not installed in; the extra that brings it and the line that installs it out."""

from __future__ import annotations

from importlib.util import find_spec

# extra: the modules it brings that the base has not.
EXTRAS: dict[str, tuple[str, ...]] = {
    "emulator": ("starlette", "uvicorn", "jinja2", "jwt", "python_multipart"),
    "aws": ("boto3", "botocore"),
    "sdk": ("msgraph", "msgraph_core", "kiota_abstractions", "kiota_http"),
}


def installed() -> list[str]:
    """Return the extras that are here whole."""
    return [name for name, modules in EXTRAS.items() if all(find_spec(module) for module in modules)]


def advice(module: str) -> str | None:
    """Return what to say of a module that is not there; None where no extra brings it."""
    name = module.partition(".")[0]
    extra = next((extra for extra, modules in EXTRAS.items() if name in modules), None)
    if extra is None:
        return None
    return f"this needs the extra `{extra}`, which is not installed: pip install 'entra-config[{extra}]'"
