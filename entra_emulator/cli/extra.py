"""The packages that serve, which the extra `emulator` installs, and the command that installs it."""

import json
import shlex
from importlib.util import find_spec

MODULES = ("starlette", "uvicorn", "jwt", "python_multipart")
PACKAGE = "entra-config"
# The bare name belongs to nobody on the public index.
SOURCE = "git+https://github.com/OWNER/entra-config@TAG"


def require() -> None:
    """Raise ModuleNotFoundError for the first package that is not installed."""
    for name in MODULES:
        if find_spec(name) is None:
            raise ModuleNotFoundError(f"No module named '{name}'", name=name)


def explain_missing() -> str:
    """Return what is missing, and the command that installs it from the place that this program came from."""
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        # What pip and uv write of the source (PEP 610).
        origin = json.loads(distribution(PACKAGE).read_text("direct_url.json") or "{}")
    except PackageNotFoundError:
        origin = {}
    source = origin.get("url", SOURCE)
    if "vcs_info" in origin:
        source = f"{origin['vcs_info']['vcs']}+{source}@{origin['vcs_info']['commit_id']}"
    wanted = shlex.quote(f"{PACKAGE}[emulator] @ {source}")
    return f"this needs the extra `emulator`, which is not installed. Install it:\npip install {wanted}"
