"""`/`: where whoever opens the API's address in a browser goes on from."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>MyApp API</title>
</head>
<body>
<main>
<h1>MyApp API</h1>
<p>This is an API: programs call it with a token of Microsoft Entra ID.
A person begins at the page that uses it.</p>
<ul>{links}</ul>
</main>
</body>
</html>
"""
_DOCS = (
    ("/docs", "What it offers, and a way to try it signed in"),
    ("/openapi.json", "The same for programs"),
)
_ALWAYS = (("/readyz", "Whether it can serve now"),)


def router(*, documented: bool) -> APIRouter:
    """Serve the page; `documented` says whether the documentation is served too."""
    routes = APIRouter(include_in_schema=False)
    links = "".join(
        f'<li><a href="{path}">{words}</a></li>' for path, words in (*(_DOCS if documented else ()), *_ALWAYS)
    )
    page = _PAGE.format(links=links)

    @routes.get("/")
    async def root() -> HTMLResponse:
        return HTMLResponse(page)

    return routes
