"""Copies of the templates with one mistake each about option B, and what must be said of it."""

from __future__ import annotations

from tests.infra.mistakes import Mistake

HOST = "Priority: 21\n      Conditions:\n        - { Field: host-header, HostHeaderConfig: { Values: [!Ref "
TWO_HOSTS = "!Not [!Equals [!Ref AppHost, !Ref ApiHost]]\n        AssertDescription: With option B"
ROLLING = "!Equals [!Ref Deployment, rolling]\n        AssertDescription: Blue/green moves one rule of"
IN_CALLS = "            OnUnauthenticatedRequest: deny\n"
TO_API = "        - { Type: forward, Order: 2, TargetGroupArn: !Ref ApiTargets }\n"
MISTAKES = {
    "a call of the page sent to Entra": Mistake(
        "edge",
        IN_CALLS,
        "            OnUnauthenticatedRequest: authenticate\n",
        "another answer than the page",
    ),
    "a call of the page by anybody": Mistake(
        "edge", IN_CALLS, "            OnUnauthenticatedRequest: allow\n", "another answer than the page"
    ),
    "the page for anybody": Mistake(
        "edge",
        "              OnUnauthenticatedRequest: authenticate\n              Issuer",
        "              OnUnauthenticatedRequest: allow\n              Issuer",
        "another answer than the page",
    ),
    "an address of the API opened by anybody": Mistake(
        "edge",
        "            OnUnauthenticatedRequest: authenticate\n",
        "            OnUnauthenticatedRequest: allow\n",
        "another answer than the page",
    ),
    "every call sent to Entra, as each names what it accepts": Mistake(
        "edge", '["*text/html*"]', '["*"]', "for some requests alone"
    ),
    "a write sent to Entra": Mistake(
        "edge", "Values: [GET] }", "Values: [GET, POST] }", "for some requests alone"
    ),
    "who opens an address gets what a script does": Mistake(
        "edge", "Priority: 19", "Priority: 28", "gets what a script does"
    ),
    "a session of a week": Mistake(
        "edge",
        '            SessionTimeout: "28800"\n',
        '            SessionTimeout: "604800"\n',
        "for longer",
    ),
    "a secret in the template": Mistake(
        "edge",
        '"{{resolve:secretsmanager:${AlbSecret}:SecretString:::${AlbSecretVersion}}}"',
        "${AlbSecret}",
        "signs in elsewhere",
    ),
    "a secret that is read once": Mistake(
        "edge", ":SecretString:::${AlbSecretVersion}", ":SecretString", "signs in elsewhere"
    ),
    "another client": Mistake(
        "edge", "ClientId: !Ref AlbClientId", "ClientId: !Ref ApiClientId", "somebody else"
    ),
    "userinfo of Graph": Mistake(
        "edge",
        "https://${ApiHost}/userinfo",
        "https://graph.microsoft.com/oidc/userinfo",
        "signs in elsewhere",
    ),
    "scopes of Graph": Mistake("edge", "Scope: !Ref AlbScope", "Scope: openid", "signs in elsewhere"),
    "forwarded before it is signed in": Mistake(
        "edge", TO_API, TO_API.replace("2", "0"), "before it is checked"
    ),
    "a cookie on the programs' host": Mistake(
        "edge",
        f"{HOST}AppHost",
        f"{HOST}ApiHost",
        "on another host",
    ),
    "a path that the page does not have": Mistake(
        "edge", "Values: [/auth/renew, /auth/sign-out]", "Values: [/auth/*]", "other paths than the page"
    ),
    "signed in with every option": Mistake(
        "edge",
        "  SessionRule: # tells a stranger that nobody is signed in\n"
        "    Type: AWS::ElasticLoadBalancingV2::ListenerRule\n    Condition: WithAlb\n",
        "  SessionRule:\n    Type: AWS::ElasticLoadBalancingV2::ListenerRule\n",
        "signs in with option",
    ),
    "one host with the load balancer's session": Mistake(
        "edge",
        TWO_HOSTS,
        TWO_HOSTS.replace("ApiHost", "AppHost"),
        "deployed with one host",
    ),
    "a rule that moves alone": Mistake(
        "edge",
        ROLLING,
        ROLLING.replace("Deployment", "Waf"),
        "deployed with blue/green",
    ),
    "a long code blocked": Mistake(
        "edge",
        "Name: SizeRestrictions_QUERYSTRING, ActionToUse: { Count",
        "Name: SizeRestrictions_QUERYSTRING, ActionToUse: { Block",
        "long code of Entra",
    ),
    "long cookies with every option": Mistake(
        "edge",
        "CodeInQuery: !Or [!Condition WithAlb,",
        "CodeInQuery: !Or [!Condition TwoHosts,",
        "with option D",
    ),
    "no way to Entra": Mistake(
        "network",
        "AsksEntra: !Or [!Equals [!Ref Option, B]",
        "AsksEntra: !Or [!Equals [!Ref Option, C]",
        "cannot ask Entra",
    ),
    "a way to everybody": Mistake("network", "    Condition: AsksEntra\n", "", "may call everybody"),
    "another load balancer": Mistake(
        "services",
        '!ImportValue { "Fn::Sub": "${Name}:LoadBalancerArn" }',
        "arn:aws:elasticloadbalancing:eu-central-1:1:loadbalancer/app/x/1",
        "believes another load balancer",
    ),
    "headers of whoever sends them": Mistake(
        "services", "Value: alb }", "Value: proxy }", "does not believe the load balancer"
    ),
    "the load balancer believed with every option": Mistake(
        "services",
        "!If [WithAlb, { Name: SERVER_CALLERS, Value: alb }, !Ref AWS::NoValue]",
        "{ Name: SERVER_CALLERS, Value: alb }",
        "it believes a load balancer",
    ),
}
