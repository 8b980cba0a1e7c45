"""Copies of the templates with one mistake each about option C, and what must be said of it."""

from __future__ import annotations

from tests.infra.mistakes import Mistake

MISTAKES = {
    "the server before its option": Mistake(
        "edge",
        "    Type: AWS::ElasticLoadBalancingV2::ListenerRule\n    Condition: WithBff\n",
        "    Type: AWS::ElasticLoadBalancingV2::ListenerRule\n",
        "without the option",
    ),
    "a path that the server does not have": Mistake(
        "edge", "Values: [/session, /auth/*, /api/*]", "Values: [/session, /auth/*]", "paths that the server"
    ),
    "the server after the page": Mistake("edge", "Priority: 25", "Priority: 35", "before a path of it"),
    "one host with the server": Mistake(
        "edge",
        "RuleCondition: !Equals [!Ref Option, C]",
        "RuleCondition: !Equals [!Ref Option, D]",
        "call itself",
    ),
    "health that the server has not": Mistake(
        "edge", "/readyz # 503 while", "/ready # 503 while", "does not have"
    ),
    "a cache for the API": Mistake(
        "network",
        "SourceSecurityGroupId: !Ref BffGroup\n",
        "SourceSecurityGroupId: !Ref ApiGroup\n",
        "from the BFF alone",
    ),
    "no way to the server": Mistake(
        "network",
        "DestinationSecurityGroupId: !Ref BffGroup",
        "DestinationSecurityGroupId: !Ref SpaGroup",
        "leads elsewhere",
    ),
    "a token for anybody": Mistake(
        "bff",
        "sts:IdentityTokenAudience: !Ref AssertionAudience",
        'sts:IdentityTokenAudience: "*"',
        "somebody else",
    ),
    "a token for an hour": Mistake(
        "bff", "sts:DurationSeconds: 300", "sts:DurationSeconds: 3600", "for longer"
    ),
    "a token by another algorithm": Mistake(
        "bff", "SigningAlgorithm: RS256", "SigningAlgorithm: ES384", "otherwise"
    ),
    "a token of any kind": Mistake(
        "bff",
        "                Condition:\n                  ForAllValues",
        "                Metadata:\n                  ForAllValues",
        "somebody else",
    ),
    "every cache of the account": Mistake(
        "bff", "replicationgroup:${Cache}", "replicationgroup:*", "other caches"
    ),
    "every right of the cache": Mistake(
        "bff", "Action: elasticache:Connect", "Action: elasticache:*", "may do something in AWS"
    ),
    "every secret of the account": Mistake(
        "bff",
        "Resource: !Ref SessionKeys",
        "Resource: !Sub arn:aws:secretsmanager:*:*:secret:*",
        "not its task's",
    ),
    "the task reads its secret": Mistake(
        "bff", "Action: elasticache:Connect", "Action: secretsmanager:GetSecretValue", "not its task's"
    ),
    "the key in the open": Mistake(
        "bff",
        "          Secrets:\n",
        "            - { Name: SERVER_SESSION_KEYS, Value: x }\n          Secrets:\n",
        "in the open",
    ),
    "a cache without TLS": Mistake(
        "bff", "TransitEncryptionEnabled: true", "TransitEncryptionEnabled: false", "on the way"
    ),
    "a cache of one zone": Mistake("bff", "MultiAZEnabled: true", "MultiAZEnabled: false", "with its zone"),
    "a cache without users": Mistake(
        "bff", "UserGroupIds: [!Ref CacheUsers]", "UserGroupIds: []", "others than its users"
    ),
    "a cache for whoever has no name": Mistake(
        "bff", "AccessString: off -@all", "AccessString: on -@all", "has no role"
    ),
    "a user of the cache by password": Mistake(
        "bff", "AuthenticationMode: { Type: iam }", "AuthenticationMode: { Type: password }", "has no role"
    ),
    "all commands of the cache": Mistake("bff", "on ~bff:* -@all", "on ~bff:* +@all", "gets at all"),
    "the server's log in the open": Mistake(
        "bff", '      KmsKeyId: !ImportValue { "Fn::Sub": "${Name}:LogsKey" }\n', "", "without a key"
    ),
    "an alarm of the server for nothing": Mistake(
        "bff", "MetricName: UnreadSessions\n", "MetricName: Unread\n", "filter"
    ),
}
