"""Who deploys the stacks: one workflow after one approval, and pull requests may only ask."""

from __future__ import annotations

from typing import Any

from tests.infra import stack_rules
from tests.infra.templates import INFRA, Json, inside, parse

STACK = parse((INFRA / "deploy-role.yaml").read_text(encoding="utf-8"))
SUBJECT = "token.actions.githubusercontent.com:sub"


def trusted(name: str) -> Json:
    """Return the condition under which a role is taken."""
    (statement,) = STACK.the(name)["AssumeRolePolicyDocument"]["Statement"]
    condition: Json = statement["Condition"]
    return condition


def actions(name: str) -> set[str]:
    """Return all that a role may do."""
    found: set[str] = set()
    for key, value in inside(STACK.the(name)["Policies"]):
        if key == "Action":
            found |= set(value) if isinstance(value, list) else {value}
    return found


def subject(name: str) -> Any:
    """Return whose token a role is for, exactly one, of the audience that AWS asks for."""
    condition = trusted(name)
    assert set(condition) == {"StringEquals"}, "a pattern would let a second repository or branch in"
    said = condition["StringEquals"]
    assert said["token.actions.githubusercontent.com:aud"] == "sts.amazonaws.com"
    return said[SUBJECT]["Fn::Sub"]


def test_each_role_is_for_one_subject() -> None:
    """A pull request of this repository, and a job of the environment that a person approves."""
    assert subject("PlanRole") == "repo:${Repository}:pull_request"
    assert subject("DeployRole") == "repo:${Repository}:environment:${DeployEnvironment}"


def test_a_pull_request_may_ask_and_change_nothing() -> None:
    """It executes no change set, passes no role and pushes no image."""
    assert actions("PlanRole") == {
        "cloudformation:CreateChangeSet",
        "cloudformation:DeleteChangeSet",
        "cloudformation:DescribeChangeSet",
        "cloudformation:DescribeStacks",
    }


def test_a_deployment_acts_through_cloudformation_alone() -> None:
    """What makes resources is CloudFormation's role, which nobody else can take."""
    assert {each.partition(":")[0] for each in actions("DeployRole")} == {"cloudformation", "ecr", "iam"}
    passed = [each for each in actions("DeployRole") if each.startswith("iam:")]
    assert passed == ["iam:PassRole"]
    (statement,) = STACK.the("StackRole")["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Service": "cloudformation.amazonaws.com"}
    assert not actions("StackRole") & {"iam:*", "*", "sts:*", "secretsmanager:*", "kms:Decrypt", "kms:*"}


def test_whatever_is_for_everything_says_why() -> None:
    """As in the other stacks."""
    assert list(stack_rules.wide("deploy-role", STACK)) == []
    bare = parse(STACK.text.replace("ec2:* # the network", "ec2:*"))
    assert len(list(stack_rules.wide("deploy-role", bare))) == 1


def test_a_tag_never_moves() -> None:
    """A repository for each image, by the names that the roles of the stacks may read."""
    repositories = STACK.every("AWS::ECR::Repository").values()
    assert {each["RepositoryName"]["Fn::Sub"] for each in repositories} == {
        "${Name}/spa",
        "${Name}/api",
        "${Name}/bff",
        "${Name}/httpd",
        "${Name}/fleet",
    }
    assert {each["ImageTagMutability"] for each in repositories} == {"IMMUTABLE"}
