"""Copies of the templates with one mistake each about option E, and what must be said of it."""

from __future__ import annotations

from tests.infra.mistakes import Mistake

MISTAKES = {
    "the page without its httpd": Mistake(
        "services",
        "          - WithHttpd\n          - Name: httpd\n",
        "          - WithAlb\n          - Name: httpd\n",
        "no httpd before it",
    ),
    "an httpd for everybody": Mistake(
        "services", "WithHttpd: !Equals [!Ref Option, E]", "WithHttpd: !Equals [!Ref Option, D]", "option D"
    ),
    "the page's site before the API": Mistake(
        "services", "{ Name: SITE, Value: api }", "{ Name: SITE, Value: web }", "is the other site"
    ),
    "the other site's settings": Mistake(
        "services", "Value: !Ref HttpdApi }", "Value: !Ref HttpdPage }", "something else than `settings`"
    ),
    "the API reached past httpd": Mistake(
        "services",
        "ContainerName: !If [WithHttpd, httpd, api]",
        "ContainerName: api",
        "reached past httpd",
    ),
    "a target group that option E would replace": Mistake(
        "edge", "      Port: 8000\n", "      Port: !If [WithHttpd, 8090, 8000]\n", "while tasks are in it"
    ),
    "a way past httpd": Mistake(
        "network",
        "GroupId: !Ref ApiGroup\n      IpProtocol: tcp\n      FromPort: !If [WithHttpd, 8090, 8000]\n",
        "GroupId: !Ref ApiGroup\n      IpProtocol: tcp\n      FromPort: !If [WithHttpd, 8000, 8000]\n",
        "not reached from the load balancer alone",
    ),
    "an API that listens to the network": Mistake(
        "services",
        "{ Name: SERVER_HOST, Value: 127.0.0.1 }",
        "{ Name: SERVER_HOST, Value: 0.0.0.0 }",
        "beyond its loopback",
    ),
    "an API that believes no httpd": Mistake(
        "services",
        "{ Name: SERVER_CALLERS, Value: proxy }",
        "{ Name: SERVER_CALLERS, Value: bearer }",
        "does not believe the httpd",
    ),
    "the certificate in the open": Mistake(
        "services",
        "              - { Name: SITE, Value: web }\n",
        "              - { Name: SITE, Value: web }\n"
        "              - { Name: CLIENT_CERTIFICATE, Value: !Ref HttpdKeyPair }\n",
        "in the open",
    ),
    "sessions that nobody sealed": Mistake(
        "services",
        "              - { Name: SESSION_KEYS, ValueFrom: !Ref HttpdSessionKeys }\n",
        "",
        "other secrets",
    ),
    "every secret of the account for httpd": Mistake(
        "services",
        "secret:${Name}/${HttpdKeyPair}\n                    - !Ref HttpdSessionKeys",
        "secret:*\n                    - !Ref HttpdSessionKeys",
        "reads a secret that is not",
    ),
    "httpd before what is behind it": Mistake(
        "services",
        "            DependsOn: [{ ContainerName: spa, Condition: HEALTHY }]\n",
        "",
        "before there is anything",
    ),
    "httpd as root": Mistake(
        "services",
        '            Image: !Ref HttpdImage\n            User: "10001"',
        '            Image: !Ref HttpdImage\n            User: "0"',
        "the image's user",
    ),
    "httpd with a root to write to": Mistake(
        "services",
        "            ReadonlyRootFilesystem: true\n            LinuxParameters: { Capabilities",
        "            ReadonlyRootFilesystem: false\n            LinuxParameters: { Capabilities",
        "can be written to",
    ),
    "httpd's folder is root's": Mistake(
        "services",
        "SourceVolume: httpd, ContainerPath: /tmp",
        "SourceVolume: httpd, ContainerPath: /run",
        "no VOLUME of the image",
    ),
    "nobody asks whether httpd lives": Mistake(
        "services",
        "            HealthCheck:\n              Command: [CMD, /app/alive.sh]",
        "            HealthCheck:\n              Command: []",
        "nobody asks",
    ),
    "one host with httpd": Mistake(
        "edge",
        "RuleCondition: !Equals [!Ref Option, E]",
        "RuleCondition: !Equals [!Ref Option, D]",
        "one host",
    ),
    "everybody behind httpd is one address": Mistake(
        "edge",
        "CallsByWayOut: !Or [!Condition WithBff, !Condition WithHttpd]",
        "CallsByWayOut: !Or [!Condition WithBff, !Condition WithBff]",
        "one address to the firewall",
    ),
    "refused tokens that nobody counts": Mistake(
        "services", "MetricName: FailedSignIns\n", "MetricName: Failed\n", "filter"
    ),
}
