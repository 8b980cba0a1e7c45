"""An object's path in Graph in; what Graph says of it, and the ways to ask for it, out."""

import json
import shlex
from dataclasses import dataclass
from urllib.parse import quote

from entra_emulator.callers import Caller
from entra_emulator.graph import options
from entra_emulator.graph.batch import BatchPart
from entra_emulator.graph.call import HttpCall
from entra_emulator.graph.errors import ODataError
from entra_emulator.graph.reading import read_query
from entra_emulator.graph.routes import ROUTER
from entra_emulator.graph.routing import split
from entra_emulator.portal.visit import Visit

FORMS = ("curl", "json", "az", "python")
WORDS = {"json": "JSON", "curl": "curl", "az": "az", "python": "Python"}


@dataclass(frozen=True)
class Shown:
    """One of the forms, and the addresses of all."""

    form: str
    text: str
    forms: list[tuple[str, str, str]]


def shown(visit: Visit, path: str, address: str, query: str = "") -> Shown:
    """Return the form that the address asks for; `query` is what of OData's options the request has."""
    form = visit.param("graph", *FORMS)
    forms = [(each, WORDS[each], f"{address}?graph={each}#graph") for each in FORMS]
    text = read(visit, path, query) if form == "json" else written(visit, form, path, query)
    return Shown(form, text, forms)


def written(visit: Visit, form: str, path: str, query: str = "") -> str:
    """Write a request as a person would type it; the token is a variable."""
    url = f"{visit.held.door.origin}/v1.0/{quote(path, safe='/')}" + (f"?{query}" if query else "")
    if form == "az":
        return f"az rest --method get --url {shlex.quote(url)}"
    if form == "python":
        return (
            "import httpx, os, ssl\n\n"
            'trust = ssl.create_default_context(cafile=os.environ["SSL_CERT_FILE"])\n'
            f'answer = httpx.get({json.dumps(url)}, verify=trust, headers={{"Authorization": '
            "f\"Bearer {os.environ['TOKEN']}\"})\n"
            "print(answer.raise_for_status().json())"
        )
    return f'curl --cacert "$SSL_CERT_FILE" \\\n  -H "Authorization: Bearer $TOKEN" \\\n  {shlex.quote(url)}'


def read(visit: Visit, path: str, query: str = "") -> str:
    """Return what Graph answers whoever may read all; no fault meets this."""
    graph, tenant = visit.held.emulator.graph, visit.tenant
    segments = path.split("/")
    caller = Caller("app", tenant.tenant_id, "", "", roles=frozenset({"Directory.ReadWrite.All"}))
    http = HttpCall("GET", ["v1.0", *segments], query, {}, b"", visit.held.door.origin)
    call = graph.call(http, caller, BatchPart("GET", split(segments), read_query(query), {}, None))
    try:
        route, call.params = ROUTER.find("GET", call.segments)
        call.options = options.parse(call, route.options)
        body = route.handler(call).body
    except ODataError as error:
        body = {"error": {"code": error.code, "message": error.message}}
    return json.dumps(body, indent=2, ensure_ascii=False)
