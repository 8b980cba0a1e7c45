"""Copies of the templates with one mistake each about TLS to the tasks, and what must be said of it."""

from __future__ import annotations

from tests.infra.mistakes import Mistake

OF_API = '            - { Name: SERVER_TLS, Value: !If [WithHttpd, "off", !Ref TargetTls] }\n'
DOCS = "            - { Name: SERVER_DOCS"
SITE = "              - { Name: SITE, Value: api }\n"
MISTAKES = {
    "a target group on HTTP with TLS on": Mistake(
        "edge",
        "      Protocol: !If [WithTls, HTTPS, HTTP]\n",
        "      Protocol: HTTP\n",
        "by more than HTTPS",
    ),
    "a target group on HTTPS with TLS off": Mistake(
        "edge",
        "      Protocol: !If [WithTls, HTTPS, HTTP]\n",
        "      Protocol: HTTPS\n",
        "TargetTls off: ApiTargets reaches",
    ),
    "a health check on HTTP with TLS on": Mistake(
        "edge", "      HealthCheckProtocol: !If [WithTls, HTTPS, HTTP]\n", "", "asks for health"
    ),
    "TLS the other way round": Mistake(
        "edge",
        'WithTls: !Equals [!Ref TargetTls, "on"]',
        'WithTls: !Equals [!Ref TargetTls, "off"]',
        "reaches tasks",
    ),
    "an API that is not told": Mistake(
        "services",
        f"{OF_API}{DOCS}",
        DOCS,
        "ApiService: api is not told that TLS is on",
    ),
    "an API that httpd does not reach": Mistake(
        "services",
        f"{OF_API}{DOCS}",
        f"            - {{ Name: SERVER_TLS, Value: !Ref TargetTls }}\n{DOCS}",
        "ApiService: api is not told that TLS is off",
    ),
    "a page that is not told": Mistake(
        "services",
        'Value: !If [WithHttpd, "off", !Ref TargetTls] } # httpd',
        'Value: "off" } # httpd',
        "SpaService: spa is not told that TLS is on",
    ),
    "an httpd that is not told": Mistake(
        "services",
        f"{SITE}              - {{ Name: SERVER_TLS, Value: !Ref TargetTls }}\n",
        SITE,
        "ApiService: httpd is not told that TLS is on",
    ),
    "a server of option C that is not told": Mistake(
        "bff",
        "            - { Name: SERVER_TLS, Value: !Ref TargetTls }\n",
        "",
        "BffService: bff is not told that TLS is on",
    ),
    "TLS that nobody asked for": Mistake(
        "bff", '    Default: "off"\n', '    Default: "on"\n', "nobody asked for it"
    ),
}
