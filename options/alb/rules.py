"""Hosts, target groups and what `settings` wrote in; the rules of option B, as elbv2 describes them, out.

Their order is what makes them safe: what signs in comes before what does not, the one for OPTIONS before
the one that wants a token.
"""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

SIGNED_OUT = (
    '<!doctype html><html lang="en"><meta name="viewport" content="width=device-width, initial-scale=1">'
    "<title>Signed out</title>"
    '<main><h1>You are signed out</h1><p><a href="/">Sign in again</a></p></main></html>'
)


def of(action: Json, *, app_host: str, api_host: str, spa: str, api: str, validation: Json) -> list[Json]:
    """Return all rules: `action` is `alb.json` with its secret, `spa` and `api` are ARNs of target groups."""

    def signing(todo: str) -> Json:
        config = {**action, "OnUnauthenticatedRequest": todo}
        return {"Type": "authenticate-oidc", "Order": 1, "AuthenticateOidcConfig": config}

    def to(group: str) -> Json:
        return {"Type": "forward", "Order": 2, "TargetGroupArn": group}

    def on(host: str) -> Json:
        return {"Field": "host-header", "HostHeaderConfig": {"Values": [host]}}

    def at(*paths: str) -> Json:
        return {"Field": "path-pattern", "PathPatternConfig": {"Values": list(paths)}}

    below = {"Regex": "^/api/(.*)$", "Replace": "/$1"}
    options = {"Field": "http-request-method", "HttpRequestMethodConfig": {"Values": ["OPTIONS"]}}
    checking = {"Type": "jwt-validation", "Order": 1, "JwtValidationConfig": validation}
    bye = {"StatusCode": "200", "ContentType": "text/html", "MessageBody": SIGNED_OUT}
    missing = {"StatusCode": "404", "ContentType": "text/plain", "MessageBody": "Not here."}
    rules = [
        # A call of the page: without a session 401, as fetch can follow no redirect to Entra.
        _rule(10, [signing("deny"), to(api)], on(app_host), at("/api/*"), below=below),
        _rule(20, [signing("allow"), to(api)], on(app_host), at("/session")),
        _rule(30, [signing("authenticate"), to(api)], on(app_host), at("/auth/sign-in")),
        _rule(40, [signing("deny"), to(api)], on(app_host), at("/auth/renew", "/auth/sign-out")),
        # Without this page a sign-out would end in the next sign-in.
        _rule(50, [_fixed(bye)], on(app_host), at("/signed-out")),
        _rule(60, [signing("authenticate"), to(spa)], on(app_host)),
        # A browser asks before it calls (CORS), and asks without a token.
        _rule(70, [to(api)], on(api_host), options),
        _rule(80, [checking, to(api)], on(api_host)),
    ]
    default = {
        "RuleArn": "rule/default",
        "Priority": "default",
        "IsDefault": True,
        "Actions": [_fixed(missing)],
    }
    return [*rules, default]


def _rule(priority: int, actions: list[Json], *conditions: Json, below: Json | None = None) -> Json:
    rewrite = {"Type": "url-rewrite", "UrlRewriteConfig": {"Rewrites": [below]}}
    return {
        "RuleArn": f"rule/{priority}",
        "Priority": str(priority),
        "IsDefault": False,
        "Conditions": list(conditions),
        "Transforms": [rewrite] if below else [],
        "Actions": actions,
    }


def _fixed(config: Json) -> Json:
    return {"Type": "fixed-response", "FixedResponseConfig": config}
