"""The stacks in; what is wrong with what runs, out: tasks as their images are, and how they are reached."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tests.infra.templates import (
    OPTIONS,
    ROOT,
    Json,
    Stack,
    Stacks,
    either,
    every,
    imported,
    inside,
    items,
    only,
)

RECIPES = {
    "spa": ROOT / "spa/Dockerfile",
    "api": ROOT / "api/Dockerfile",
    "bff": ROOT / "options/bff/Dockerfile",
    "httpd": ROOT / "options/httpd/Dockerfile",
}
ELB = "AWS::ElasticLoadBalancingV2"
# What a task may do in AWS; all others may do nothing.
MAY = {"BffTaskRole": {"sts:GetWebIdentityToken", "elasticache:Connect"}}
SECRET = re.compile(r"SECRET|PASSWORD|PASSPHRASE|TOKEN$|KEY$|KEYS$|CREDENTIAL|CERTIFICATE", re.IGNORECASE)


def check(stacks: Stacks) -> Iterator[str]:
    """Yield what is wrong."""
    for name, task in every(stacks, "AWS::ECS::TaskDefinition").items():
        yield from _task(name, task)
    yield from _roles(stacks)
    yield from _services(stacks)
    for option in OPTIONS:
        yield from _reached(only(option, stacks))
    yield from _health(stacks["edge"])
    yield from _logs(stacks)


def instructions(recipe: Path, word: str) -> list[str]:
    """Return what one instruction of a Dockerfile's last stage says, line by line."""
    last = recipe.read_text(encoding="utf-8").split("\nFROM ")[-1]
    return [value for line in re.findall(rf"^{word} (.+)$", last, re.MULTILINE) for value in line.split()]


def _task(name: str, task: Json) -> Iterator[str]:
    if (task["RequiresCompatibilities"], task["NetworkMode"]) != (["FARGATE"], "awsvpc"):
        yield f"{name}: not Fargate's"
    if task.get("RuntimePlatform", {}).get("CpuArchitecture") != {"Ref": "Architecture"}:
        yield f"{name}: not of the architecture that the parameter says"
    volumes = {each["Name"] for each in items(task.get("Volumes", []))}
    for container in items(task["ContainerDefinitions"]):
        recipe = RECIPES[container["Name"]]
        if container.get("ReadonlyRootFilesystem") is not True:
            yield f"{name}: its root can be written to"
        if container.get("Privileged") or [container.get("User")] != instructions(recipe, "USER")[-1:]:
            yield f"{name}: does not run as the image's user"
        if container.get("LinuxParameters", {}).get("Capabilities", {}).get("Drop") != ["ALL"]:
            yield f"{name}: keeps capabilities"
        ports = [str(each["ContainerPort"]) for each in container["PortMappings"]]
        if ports != instructions(recipe, "EXPOSE"):
            yield f"{name}: listens elsewhere than the image"
        for mount in container.get("MountPoints", []):
            # A volume of Fargate is root's unless the image says otherwise for the same path.
            if mount["SourceVolume"] not in volumes or mount["ContainerPath"] not in instructions(
                recipe, "VOLUME"
            ):
                yield f"{name}: {mount['ContainerPath']} is no VOLUME of the image, so root's alone"
        if not container.get("HealthCheck", {}).get("Command"):
            yield f"{name}: nobody asks whether it lives"
        for each in items(container.get("Environment", [])):
            if SECRET.search(each["Name"]):
                yield f"{name}: {each['Name']} is a secret in the open; `Secrets:` names where it is kept"
        if container["LogConfiguration"]["LogDriver"] != "awslogs":
            yield f"{name}: its log goes elsewhere"


def _roles(stacks: Stacks) -> Iterator[str]:
    tasks = every(stacks, "AWS::ECS::TaskDefinition").values()
    used = [
        each[role]["Fn::GetAtt"][0]
        for each in tasks
        for role in ("TaskRoleArn", "ExecutionRoleArn")
        if role in each
    ]
    if len(used) != 2 * len(tasks) or len(set(used)) != len(used):
        yield "roles: one of its own for each task, and one to start it"
    for name, role in every(stacks, "AWS::IAM::Role").items():
        for trust in role["AssumeRolePolicyDocument"]["Statement"]:
            if ("aws:SourceAccount", {"Ref": "AWS::AccountId"}) not in inside(trust.get("Condition", {})):
                yield f"{name}: a service acting for another account may take it"
        if name.endswith("TaskRole") and (rights(role) - MAY.get(name, set()) or "ManagedPolicyArns" in role):
            yield f"{name}: may do something in AWS, and nothing here does"
        for managed in role.get("ManagedPolicyArns", []):
            if "AmazonECSInfrastructureRolePolicyForLoadBalancers" not in managed["Fn::Sub"]:
                yield f"{name}: a policy that is AWS's to widen"


def rights(role: Json) -> set[str]:
    """Return all that the policies of a role let it do."""
    said = [value for key, value in inside(role.get("Policies", [])) if key == "Action"]
    return {each for value in said for each in (value if isinstance(value, list) else [value])}


def _services(stacks: Stacks) -> Iterator[str]:
    for name, service in every(stacks, "AWS::ECS::Service").items():
        network = service["NetworkConfiguration"]["AwsvpcConfiguration"]
        if network["AssignPublicIp"] != "DISABLED":
            yield f"{name}: has a public address"
        if imported(network["Subnets"]) != "PrivateSubnets":
            yield f"{name}: not in the private subnets"
        for deployment in either(service["DeploymentConfiguration"]):
            breaker = deployment.get("DeploymentCircuitBreaker", {})
            if (deployment.get("Strategy", "ROLLING") == "ROLLING") != bool(breaker.get("Enable")):
                yield f"{name}: the circuit breaker is for rolling, and rolling has it"
        scaled = every(stacks, "AWS::ApplicationAutoScaling::ScalableTarget").values()
        ids = [str(each["ResourceId"]) for each in scaled]
        if not any(f"${{{name}.Name}}" in each or f"['{name}', 'Name']" in each for each in ids):
            yield f"{name}: does not scale"
        if "DesiredCount" in service:
            yield f"{name}: each deployment would undo what scaling did"


def _reached(stacks: Stacks) -> Iterator[str]:
    """Tasks are reached from the load balancer alone, where they listen; it reaches nothing else."""
    network = stacks["network"]
    for name, group in network.every("AWS::EC2::SecurityGroup").items():
        for rule in group.get("SecurityGroupIngress", []):
            if "CidrIp" in rule and (name != "LoadBalancerGroup" or rule["FromPort"] not in {80, 443}):
                yield f"{name}: reached from addresses, not from a group"
        if not group.get("SecurityGroupEgress"):
            yield f"{name}: may call everybody"
    for name, rule in network.every("AWS::EC2::SecurityGroupIngress").items():
        if "SourceSecurityGroupId" not in rule:
            yield f"{name}: reached from addresses, not from a group"
    egress = [
        *network.the("LoadBalancerGroup").get("SecurityGroupEgress", []),
        *(
            each
            for each in network.every("AWS::EC2::SecurityGroupEgress").values()
            if each["GroupId"] == {"Ref": "LoadBalancerGroup"} and not _to_entra(each)
        ),
    ]
    leads = {(str(each.get("DestinationSecurityGroupId")), each["ToPort"]) for each in egress}
    listens = set()
    for service in every(stacks, "AWS::ECS::Service").values():
        (behind,) = service["LoadBalancers"]
        group = imported(service["NetworkConfiguration"]["AwsvpcConfiguration"]["SecurityGroups"])
        listens.add((str({"Ref": group}), behind["ContainerPort"]))
        ingress = [
            (each.get("SourceSecurityGroupId"), each["FromPort"], each["ToPort"])
            for each in network.every("AWS::EC2::SecurityGroupIngress").values()
            if each["GroupId"] == {"Ref": group}
        ]
        port = behind["ContainerPort"]
        if ingress != [({"Ref": "LoadBalancerGroup"}, port, port)]:
            yield f"{group}: not reached from the load balancer alone at {port}"
    if leads != listens:
        yield "LoadBalancerGroup: leads elsewhere than to the tasks"
    for name, subnet in network.every("AWS::EC2::Subnet").items():
        if subnet.get("MapPublicIpOnLaunch") is not False:
            yield f"{name}: gives public addresses"


def _to_entra(rule: Json) -> bool:
    """Tell whether a rule is the one by which a load balancer that signs in, or checks tokens, asks Entra."""
    return (rule.get("CidrIp"), rule["FromPort"], rule["ToPort"]) == ("0.0.0.0/0", 443, 443)


def _health(edge: Stack) -> Iterator[str]:
    routes = {
        "Api": re.findall(r'@router\.get\("(/[a-z]+)"', (ROOT / "api/routes/health.py").read_text("utf-8")),
        "Spa": re.findall(r"location = (/[a-z]+) \{", (ROOT / "spa/nginx.conf").read_text("utf-8")),
        "Bff": re.findall(r'@app\.get\("(/[a-z]+)"', (ROOT / "options/bff/app.py").read_text("utf-8")),
    }
    for name, group in edge.every(f"{ELB}::TargetGroup").items():
        if group["HealthCheckPath"] not in routes[name.partition("Targets")[0]]:
            yield f"{name}: asks for {group['HealthCheckPath']}, which the application does not have"
        if group["TargetType"] != "ip":
            yield f"{name}: tasks of Fargate are targets by address"
        # Its name is imported, and CloudFormation moves no export that is.
        if not isinstance(group["Port"], int):
            yield f"{name}: a parameter would have it replaced while tasks are in it"


def _logs(stacks: Stacks) -> Iterator[str]:
    for name, group in every(stacks, "AWS::Logs::LogGroup").items():
        if "KmsKeyId" not in group or "RetentionInDays" not in group:
            yield f"{name}: kept for ever, or without a key of its own"
