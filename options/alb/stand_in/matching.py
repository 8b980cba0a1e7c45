"""A rule and a request in; whether they meet, and what rewrites, redirects and fixed answers are, out."""

import re
from dataclasses import dataclass
from functools import lru_cache

from starlette.responses import Response

from options.alb.stand_in.deployed import Json


@dataclass(frozen=True)
class Requested:
    """What conditions look at. `host` has its port, as the browser sent it."""

    method: str
    host: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        """Return the host without its port, which rules know nothing of."""
        return self.host.rpartition(":")[0] if re.search(r":\d+$", self.host) else self.host

    @property
    def url(self) -> str:
        """Return the address that the browser asked for."""
        return f"https://{self.host}{self.path}{'?' if self.query else ''}{self.query}"


def meets(rule: Json, requested: Requested) -> bool:
    """Tell whether all conditions of a rule hold; of each, one value must."""
    return all(_holds(condition, requested) for condition in rule.get("Conditions", ()))


def rewritten(rule: Json, path: str) -> str:
    """Return the path that the target sees."""
    for transform in rule.get("Transforms") or ():
        for each in transform["UrlRewriteConfig"]["Rewrites"] if transform["Type"] == "url-rewrite" else ():
            # $1 is \1 in Python.
            path = re.sub(each["Regex"], re.sub(r"\$(\d)", r"\\\1", each["Replace"]), path, count=1)
    return path


def redirect(config: Json, requested: Requested, *, protocol: str, port: str) -> Response:
    """Answer with another address, of which each part may name the same part of this one."""
    parts = {
        "protocol": protocol,
        "host": requested.name,
        "port": port,
        "path": requested.path.removeprefix("/"),
        "query": requested.query,
    }

    def filled(text: str) -> str:
        return re.sub(r"#\{(\w+)\}", lambda found: parts[found[1]], text)

    there = filled(config.get("Protocol", "#{protocol}")).lower()
    to_port = filled(config.get("Port", "#{port}"))
    usual = {"https": "443", "http": "80"}.get(there) == to_port
    path = filled(config.get("Path", "/#{path}"))
    query = filled(config.get("Query", "#{query}"))
    address = f"{there}://{filled(config.get('Host', '#{host}'))}{'' if usual else ':' + to_port}{path}"
    status = int(config["StatusCode"].removeprefix("HTTP_"))
    return Response("", status, {"Location": f"{address}{'?' if query else ''}{query}"})


def fixed(config: Json) -> Response:
    """Answer what the rule says."""
    return Response(
        config.get("MessageBody", ""),
        int(config["StatusCode"]),
        media_type=config.get("ContentType", "text/plain"),
    )


def _holds(condition: Json, requested: Requested) -> bool:
    field = condition["Field"]
    if field == "host-header":
        return any(
            _pattern(each.lower()).fullmatch(requested.name.lower())
            for each in _values(condition, "HostHeader")
        )
    if field == "path-pattern":
        return any(_pattern(each).fullmatch(requested.path) for each in _values(condition, "PathPattern"))
    if field == "http-header":
        name = condition["HttpHeaderConfig"]["HttpHeaderName"].lower()
        given = [value.lower() for each, value in requested.headers if each.lower() == name]
        wanted = [_pattern(each.lower()) for each in _values(condition, "HttpHeader")]
        return any(each.fullmatch(value) for each in wanted for value in given)
    return requested.method in _values(condition, "HttpRequestMethod")


def _values(condition: Json, name: str) -> list[str]:
    # Answers of the service have both for the two oldest conditions.
    found: list[str] = condition.get(f"{name}Config", condition)["Values"]
    return found


@lru_cache(maxsize=256)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(re.escape(text).replace(r"\*", ".*").replace(r"\?", "."), re.DOTALL)
