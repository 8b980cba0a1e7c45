"""The name of a module that is not installed in; the extra that brings it and the line that installs it
out.
"""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any
from urllib.parse import unquote, urlsplit

PACKAGE = "entra-config"
# Where the program comes from; the bare name belongs to nobody on the public index (docs/release.md).
SOURCE = "git+https://github.com/OWNER/entra-config@TAG"

# extra: the modules it brings that the base has not.
EXTRAS: dict[str, tuple[str, ...]] = {
    "emulator": ("starlette", "uvicorn", "jwt", "python_multipart"),
    "aws": ("boto3", "botocore"),
    "azure": ("azure.keyvault",),
    "fleet": ("distributed",),
    "github": ("nacl",),
    "sdk": ("msgraph", "msgraph_core", "kiota_abstractions", "kiota_http"),
}
# What keeps an environment for each tool: where, and the words that make it anew.
_KEEPERS = (("/pipx/venvs/", "pipx install --force"), ("/uv/tools/", "uv tool install --force"))


def installed() -> list[str]:
    """Return the extras that are here whole."""
    return [name for name, modules in EXTRAS.items() if all(find_spec(module) for module in modules)]


def require(extra: str) -> None:
    """Raise ModuleNotFoundError by its name for the first module of an extra that is not there."""
    for name in EXTRAS[extra]:
        if find_spec(name) is None:
            raise ModuleNotFoundError(f"No module named '{name}'", name=name)


def advice(module: str) -> str | None:
    """Return what to say of a module that is not there; None where no extra brings it."""
    # `azure` is of the base, and what stands below it need not be.
    whole = [".".join(module.split(".")[:count]) for count in range(1, module.count(".") + 2)]
    extra = next((extra for extra, modules in EXTRAS.items() if {*whole} & {*modules}), None)
    return lacking(extra) if extra else None


def lacking(extra: str) -> str:
    """Return what to say where an extra is not there."""
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        known = distribution(PACKAGE).read_text("direct_url.json")
    except PackageNotFoundError:
        known = None
    line = install_line(extra, installed(), known, sys.prefix)
    return f"this needs the extra `{extra}`, which is not installed: {line}"


def install_line(extra: str, others: Sequence[str], direct_url: str | None, prefix: str) -> str:
    """Return the line that installs the program from where it came, with an extra more than the others.

    `direct_url` is what pip and uv write of the source (PEP 610), `prefix` the folder of this Python's
    environment.
    """
    origin = json.loads(direct_url) if direct_url else {}
    keeper = next((words for where, words in _KEEPERS if where in prefix.replace("\\", "/")), None)
    # pip adds to what is there; the others begin anew.
    wanted = f"[{','.join(dict.fromkeys([*others, extra]))}]" if keeper else f"[{extra}]"
    if origin.get("dir_info", {}).get("editable") and keeper is None:
        return f"pip install -e {shlex.quote(unquote(urlsplit(origin['url']).path) + wanted)}"
    return f"{keeper or 'pip install'} {shlex.quote(f'{PACKAGE}{wanted} @ {_source(origin)}')}"


def requirement(*wanted: str) -> str:
    """Return what a shell gives to pip for the program with extras, from where it came."""
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        known = distribution(PACKAGE).read_text("direct_url.json")
    except PackageNotFoundError:
        known = None
    return shlex.quote(f"{PACKAGE}[{','.join(wanted)}] @ {_source(json.loads(known) if known else {})}")


def _source(origin: dict[str, Any]) -> str:
    if "vcs_info" in origin:
        return f"{origin['vcs_info']['vcs']}+{origin['url']}@{origin['vcs_info']['commit_id']}"
    return str(origin.get("url", SOURCE))
