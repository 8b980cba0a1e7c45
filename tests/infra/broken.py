"""Copies of the templates with one mistake each, and what must be said of it."""

from __future__ import annotations

from tests.infra.broken_alb import MISTAKES as ALB
from tests.infra.broken_bff import MISTAKES as BFF
from tests.infra.broken_httpd import MISTAKES as HTTPD
from tests.infra.broken_tls import MISTAKES as TLS
from tests.infra.mistakes import Mistake

AUD = "                - { Name: aud, Format: single-string, Values: [!Ref ApiClientId] }\n"
PUBLIC = (
    "  ApiToAll:\n    Type: AWS::EC2::SecurityGroupIngress\n    Properties:\n      GroupId: !Ref ApiGroup\n"
)
ANYWHERE = "      IpProtocol: tcp\n      FromPort: 8000\n      ToPort: 8000\n      CidrIp: 0.0.0.0/0\n"
LAST = "Priority: 27\n      Conditions:\n        - { Field: host-header, HostHeaderConfig: { Values: [!Ref "
MISTAKES = {
    **ALB,
    **BFF,
    **HTTPD,
    **TLS,
    "no audience": Mistake("edge", AUD, "", "another aud passes"),
    "an audience of two": Mistake(
        "edge", "Values: [!Ref ApiClientId]", "Values: [!Ref ApiClientId, x]", "another aud passes"
    ),
    "no tenant": Mistake("edge", "Name: tid", "Name: azp", "another tid passes"),
    "another issuer": Mistake("edge", "Issuer: !Ref Issuer", "Issuer: https://x", "another issuer"),
    "OPTIONS after the token's rule": Mistake("edge", "Priority: 10", "Priority: 25", "lets OPTIONS through"),
    "OPTIONS of another host": Mistake(
        "edge", "Values: [!Ref ApiHost]", "Values: [!Ref AppHost]", "lets OPTIONS through"
    ),
    "every method beside the token's rule": Mistake(
        "edge", "Values: [OPTIONS]", "Values: [OPTIONS, GET]", "beside jwt-validation"
    ),
    "tokens by another header, so that all pass": Mistake(
        "edge", "HttpHeaderName: Authorization", "HttpHeaderName: X-Token", "a token through unchecked"
    ),
    "tokens of one spelling checked, and others not": Mistake(
        "edge", 'Authorization, Values: ["*"]', 'Authorization, Values: ["Bearer ey*"]', "through unchecked"
    ),
    "who has no token before the check of tokens": Mistake(
        "edge", "Priority: 27", "Priority: 15", "beside jwt-validation"
    ),
    "who has no token at the page's host": Mistake(
        "edge",
        f"{LAST}ApiHost",
        f"{LAST}AppHost",
        "no rule after it",
    ),
    "two rules of one priority": Mistake("edge", "Priority: 10", "Priority: 20", "of one priority"),
    "the page before a path of it": Mistake("edge", "Priority: 30", "Priority: 15", "before a path of it"),
    "forwarded before it is checked": Mistake(
        "edge",
        "Type: jwt-validation\n            Order: 1",
        "Type: jwt-validation\n            Order: 3",
        "before",
    ),
    "the prefix seen by the API": Mistake(
        "edge", "      Transforms: !If", "      Metadata: !If", "its own prefix", True
    ),
    "traffic for both colours": Mistake("edge", "Weight: 0", "Weight: 50", "before they are looked at"),
    "TLS 1.0": Mistake(
        "edge", "ELBSecurityPolicy-TLS13-1-2-2021-06", "ELBSecurityPolicy-2016-08", "TLS 1.3 and 1.2"
    ),
    "port 80 with an application": Mistake("edge", "Type: redirect,", "Type: forward,", "not sent to HTTPS"),
    "every host is the page": Mistake("edge", 'StatusCode: "404"', 'StatusCode: "200"', "nobody's"),
    "invalid headers kept": Mistake(
        "edge",
        'drop_invalid_header_fields.enabled, Value: "true"',
        'drop_invalid_header_fields.enabled, Value: "false"',
        "drop_invalid_header_fields",
    ),
    "no access logs": Mistake(
        "edge",
        'access_logs.s3.enabled, Value: "true"',
        'access_logs.s3.enabled, Value: "false"',
        "access_logs",
    ),
    "logs for everybody": Mistake(
        "edge", "BlockPublicPolicy: true", "BlockPublicPolicy: false", "could be public"
    ),
    "logs without TLS": Mistake("edge", 'SecureTransport: "false"', 'SecureTransport: "true"', "without TLS"),
    "samples of requests": Mistake(
        "edge", "SampledRequestsEnabled: false", "SampledRequestsEnabled: true", "their tokens"
    ),
    "a certificate by mail": Mistake(
        "edge", "ValidationMethod: DNS", "ValidationMethod: EMAIL", "somebody's mail"
    ),
    "health that the API has not": Mistake("edge", "/readyz # 503", "/health # 503", "does not have"),
    "another API by the way": Mistake(
        "edge",
        "  # --- The firewall",
        "  Gateway:\n    Type: AWS::ApiGateway::RestApi\n    Properties: {}\n\n  # --- The firewall",
        "ApiGateway",
    ),
    "everybody reaches the page's tasks": Mistake(
        "network",
        "      SourceSecurityGroupId: !Ref LoadBalancerGroup",
        "      CidrIp: 0.0.0.0/0",
        "not reached from",
    ),
    "a second way to the API": Mistake(
        "network", "  EndpointGroup:\n", f"{PUBLIC}{ANYWHERE}  EndpointGroup:\n", "alone"
    ),
    "the load balancer may call everybody": Mistake(
        "network", "DestinationSecurityGroupId: !Ref SpaGroup", "CidrIp: 0.0.0.0/0", "leads elsewhere"
    ),
    "an open port": Mistake(
        "network", "FromPort: 80, ToPort: 80,", "FromPort: 22, ToPort: 22,", "from addresses"
    ),
    "public addresses by default": Mistake(
        "network", "MapPublicIpOnLaunch: false", "MapPublicIpOnLaunch: true", "public addresses"
    ),
    "a public address": Mistake(
        "services", "AssignPublicIp: DISABLED", "AssignPublicIp: ENABLED", "public address"
    ),
    "public subnets": Mistake("services", ":PrivateSubnets", ":PublicSubnets", "not in the private subnets"),
    "root": Mistake("services", 'User: "10001"', 'User: "0"', "the image's user"),
    "a root to write to": Mistake(
        "services", "ReadonlyRootFilesystem: true", "ReadonlyRootFilesystem: false", "can be written to"
    ),
    "capabilities kept": Mistake("services", "Drop: [ALL]", "Drop: [NET_RAW]", "keeps capabilities"),
    "a folder that is root's": Mistake(
        "services", "ContainerPath: /data", "ContainerPath: /var/data", "no VOLUME of the image"
    ),
    "the other's port": Mistake("services", "ContainerPort: 8000", "ContainerPort: 8001", "elsewhere"),
    "a secret in the open": Mistake(
        "services",
        '{ Name: SERVER_DOCS, Value: "false" }',
        "{ Name: CLIENT_SECRET, Value: x }",
        "in the open",
    ),
    "one role for two tasks": Mistake(
        "services", "!GetAtt SpaTaskRole.Arn", "!GetAtt ApiTaskRole.Arn", "of its own"
    ),
    "a role for any account": Mistake(
        "services", "StringEquals: { aws:SourceAccount", "StringLike: { aws:SourceArn", "for another account"
    ),
    "a policy of everything": Mistake(
        "services",
        'Resource: "*" # it has no other resource; what it opens is below',
        'Resource: "*"',
        "no reason",
    ),
    "an action of everything": Mistake(
        "services", "Action: ecr:GetAuthorizationToken", "Action: ecr:*", "no reason"
    ),
    "rights that nothing uses": Mistake(
        "services",
        "  ApiTaskRole:\n    Type: AWS::IAM::Role\n    Properties:\n",
        "  ApiTaskRole:\n    Type: AWS::IAM::Role\n    Properties:\n"
        "      ManagedPolicyArns: [!Sub 'arn:aws:iam::aws:policy/AdministratorAccess']\n",
        "may do something in AWS",
    ),
    "the circuit breaker with blue/green": Mistake(
        "services",
        "Strategy: BLUE_GREEN, BakeTimeInMinutes: 10",
        "Strategy: BLUE_GREEN, DeploymentCircuitBreaker: { Enable: true, Rollback: true }",
        "circuit breaker",
    ),
    "no circuit breaker": Mistake(
        "services", "Enable: true, Rollback: true", "Enable: false, Rollback: false", "circuit breaker"
    ),
    "a number of tasks": Mistake(
        "services",
        "      LaunchType: FARGATE\n",
        "      LaunchType: FARGATE\n      DesiredCount: 2\n",
        "undo",
    ),
    "machines": Mistake(
        "services", "RequiresCompatibilities: [FARGATE]", "RequiresCompatibilities: [EC2]", "not Fargate's"
    ),
    "one architecture": Mistake(
        "services", "CpuArchitecture: !Ref Architecture", "CpuArchitecture: ARM64", "architecture"
    ),
    "an image by tag": Mistake("services", "@sha256:[0-9a-f]{64}", ":.+", "may be a tag"),
    "logs in the open": Mistake("services", ", KmsKeyId: !GetAtt LogsKey.Arn", "", "without a key"),
    "an alarm of nothing": Mistake(
        "services", "MetricName: RefusedTokens\n", "MetricName: Refused\n", "filter"
    ),
    "an alarm for nobody": Mistake(
        "services", "TreatMissingData: notBreaching", "TreatMissingData: missing", "tells"
    ),
    "a name that nobody exports": Mistake(
        "services", '${Name}:SpaTargets"', '${Name}:SpaTarget"', "exported by no"
    ),
    "another default": Mistake("services", "Default: rolling", "Default: blue-green", "another thing"),
}
