"""What servers answered and logged in, why they refused, in a word or a few, out."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from options.tests.estate import Estate
from options.tests.oracle import Attempt
from options.tests.places import Place
from options.tests.wire import Response

#: What is read in an answer, for what no log says.
_DETAILS = (
    (r"is not this session's|request says of itself", "by httpd"),
    (r"Origin is not this page", "origin"),
    (r"X-CSRF-Token", "csrf"),
    (r"from another site", "another site"),
    (r"There is no session|Nobody is signed in|login_required", "nobody signed in"),
    (r"Send an access token of this API, which holds", "by httpd"),
    (r"Send an access token", "no token"),
    (r"more than one Authorization|'Bearer' and one token", "authorization header"),
    (r"There is no such path|Not Found|Not here", "no such path"),
    (r"Method Not Allowed", "no such method"),
)
_STATUS = {
    400: "bad request",
    401: "nobody signed in",
    403: "refused",
    404: "no such path",
    405: "no such method",
    421: "another host",
}
HTTP_OK = 200


@dataclass
class Marks:
    """Where the logs of a place were when an attack began."""

    estate: Estate
    place: Place
    sizes: dict[Path, int] = field(default_factory=dict)
    lines: int = 0


def begin(estate: Estate, place: Place) -> Marks:
    """Remember where the logs are."""
    sizes = {path: path.stat().st_size for path in place.logs if path.exists()}
    return Marks(estate, place, sizes, len(estate.lines.kept))


def of(attempt: Attempt, marks: Marks) -> str:
    """Say why the first answer is a refusal."""
    response = attempt.responses[0]
    for text in reversed(_logged(marks)):
        if text:
            return text
    if response.status == 0:
        return "closed"
    if response.status in {301, 302, 303, 307}:
        where = urlsplit(response.first("location"))
        return "led to sign-in" if where.path.endswith("/authorize") else f"led to {where.path}"
    return _read(response, attempt)


def _read(response: Response, attempt: Attempt) -> str:
    if response.status == HTTP_OK:
        if "<title>MyApp</title>" in response.body:
            return "the page's file"
        return "nothing gained" if attempt.home else "nobody is told of"
    for pattern, word in _DETAILS:
        if re.search(pattern, response.body):
            return word
    return _STATUS.get(response.status, "refused")


def _logged(marks: Marks) -> list[str]:
    lines = marks.estate.lines.kept[marks.lines :]
    for path, size in marks.sizes.items():
        with path.open("rb") as file:
            file.seek(size)
            lines += file.read().decode("utf-8", "replace").splitlines()
    return [_word(line) for line in lines]


def _word(line: str) -> str:
    if found := re.search(r"jwt-validation: (.*)$", line):
        return f"at the load balancer: {found[1].partition(':')[0]}"
    if found := re.search(r" (Auth[A-Z]\w+)", line):
        return found[1]
    try:
        reported = json.loads(line)
    except ValueError:
        return ""
    if not isinstance(reported, dict):
        return ""
    match reported.get("message"):
        case "token refused":
            return str(reported.get("reason")).replace("_", " ")
        case "forbidden":
            return "rights"
        case _:
            return ""
