"""The stack of a fleet breaks no rule; each of many mistakes in a copy is told."""

from __future__ import annotations

import json
import re

import pytest

from tests.infra import fleet_rules
from tests.infra.mistakes import Mistake, made
from tests.infra.templates import fleet, parse

MISTAKES = {
    "a command from the machine": (
        "- Name: fleet\n                          Environment:",
        '- Name: fleet\n                          Command: ["sh"]\n                          Environment:',
        "more than an environment",
    ),
    "a path from the machine": ("Name: FLEET_CHUNKS", "Name: FLEET_SCRATCH", "says ['FLEET_SCRATCH']"),
    "a public address": ("AssignPublicIp: DISABLED", "AssignPublicIp: ENABLED", "public address"),
    "plans by the writer": ("TaskDefinition: ${Reader}", "TaskDefinition: ${Writer}", "another task"),
    "a task that nobody waits for": ("ecs:runTask.sync", "ecs:runTask", "waited for"),
    "a map in the machine itself": ("Mode: DISTRIBUTED", "Mode: INLINE", "not distributed"),
    "failures that the map counts": (
        "ToleratedFailurePercentage: 100",
        "ToleratedFailurePercentage: 5",
        "not `fleet check`",
    ),
    "a wave without its check": (
        "wave.$: States.MathAdd($.wave, 1)\n            Next: Check",
        "wave.$: States.MathAdd($.wave, 1)\n            Next: EachChunk",
        "without its check",
    ),
    "what failed begun again": (
        "ErrorEquals: [ECS.AmazonECSException]",
        "ErrorEquals: [States.TaskFailed]",
        "begun again",
    ),
    "tokens for everybody": (
        "ForAllValues:StringEquals: { sts:IdentityTokenAudience: !Ref AssertionAudience }",
        "ForAllValues:StringLike: { sts:IdentityTokenAudience: !Ref AssertionAudience }",
        "for others than Entra",
    ),
    "tokens of an hour": ("sts:DurationSeconds: 300", "sts:DurationSeconds: 3600", "live for long"),
    "another account's service": (
        "StringEquals: { aws:SourceAccount: !Ref AWS::AccountId }",
        'StringEquals: { aws:SourceAccount: "1" }',
        "another account",
    ),
    "a reader that brings applies": (
        '- !Sub "${Results.Arn}/reports/*"',
        '- !Sub "${Results.Arn}/applies/*"',
        "ReaderRole: s3:PutObject of other keys",
    ),
    "a writer that approves": (
        '- !Sub "${Results.Arn}/applies/*"\n              - Effect: Allow\n                Action: s3:Del',
        '- !Sub "${Results.Arn}/approvals/*"\n              - Effect: Allow\n                Action: s3:Del',
        "may bring an approval",
    ),
    "a schedule that writes": (
        "Resource: !Ref DriftMachine\n",
        "Resource: !Ref ApplyMachine\n",
        "ScheduleRole: may start the writer",
    ),
    "who plans may approve": (
        "Resource: [!Ref PlanMachine, !Ref DriftMachine]",
        "Resource: [!Ref PlanMachine, !Ref ApplyMachine]",
        "PlanPolicy: may start the writer",
    ),
    "the writer's role for the reader's machine": (
        "Resource: [!GetAtt ReaderRole.Arn, !GetAtt ExecutionRole.Arn]",
        "Resource: [!GetAtt WriterRole.Arn, !GetAtt ExecutionRole.Arn]",
        "passes another role",
    ),
    "a role for any service": (
        "                Condition: { StringEquals: { iam:PassedToService: ecs-tasks.amazonaws.com } }\n",
        "",
        "to another service",
    ),
    "tasks in every cluster": (
        "ArnEquals:\n                    ecs:cluster",
        "ArnLike:\n                    ecs:cluster",
        "any cluster",
    ),
    "a reader that is the writer": (
        "ENTRA_CONFIG_CLIENT_ID, Value: !Ref ReaderClientId",
        "AZURE_CLIENT_ID, Value: !Ref ReaderClientId",
        "signs in as somebody else",
    ),
    "a root that can be written to": (
        "ReadonlyRootFilesystem: true",
        "ReadonlyRootFilesystem: false",
        "can be written to",
    ),
    "root": ('User: "10001"', 'User: "0"', "the image's user"),
    "capabilities": ("Drop: [ALL]", "Drop: [NET_RAW]", "capabilities"),
    "no versions": (
        "Status: Enabled }\n      BucketEncryption",
        "Status: Suspended }\n      BucketEncryption",
        "another one later",
    ),
    "a bucket that may be public": ("BlockPublicPolicy: true", "BlockPublicPolicy: false", "made public"),
    "without TLS": ('aws:SecureTransport: "false"', 'aws:SecureTransport: "true"', "without TLS"),
    "everything for no reason": (
        'Resource: "*" # of itself: a token names the role that asks',
        'Resource: "*"',
        "no reason",
    ),
    "logs for ever": ("      RetentionInDays: 365\n", "", "for ever"),
}


def test_the_template_breaks_no_rule() -> None:
    """Machines, roles, tasks, who may start what, the bucket."""
    assert list(fleet_rules.check(fleet())) == []


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told(name: str) -> None:
    """Each is one edit, and is told by the rule that is about it."""
    broken = made({"fleet": fleet()}, Mistake("fleet", *MISTAKES[name]))
    found = list(fleet_rules.check(broken["fleet"]))

    assert any(MISTAKES[name][2] in each for each in found), found


def test_drift_is_looked_for_as_plans_are_read() -> None:
    """The two machines differ by the word; the one is run by a test, the other by a schedule."""
    plan, drift = (json.dumps(fleet().the(f"{each}Machine")["Definition"]) for each in ("Plan", "Drift"))

    assert re.sub(r'"((?:report-)?)plan"', r'"\1drift"', plan) == drift
    assert parse(fleet().text).the("Drift")["Target"]["Arn"] == {"Ref": "DriftMachine"}
