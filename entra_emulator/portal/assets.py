"""The portal's one style sheet and its one script, as they are in this package."""

from functools import cache
from importlib import resources

from starlette.requests import Request
from starlette.responses import Response

PATH = "/portal/assets"
_TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}
FILES = ("portal.css", "portal.js")


async def serve(request: Request) -> Response:
    """Answer one of the files."""
    name = request.path_params["name"]
    if name not in FILES:
        return Response("No such file.", 404, {"X-Content-Type-Options": "nosniff"})
    headers = {
        "Content-Type": _TYPES[name.rpartition(".")[2]],
        "Cache-Control": "no-cache",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    return Response(_content(name), headers=headers)


@cache
def _content(name: str) -> bytes:
    return resources.files("entra_emulator.portal").joinpath("assets", name).read_bytes()
