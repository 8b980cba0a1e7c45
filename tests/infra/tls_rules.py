"""The stacks in; what is wrong with TLS between the load balancer and the tasks, out, for each option with it
on and off: the two ends of a connection are said in two stacks.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.infra import resolved
from tests.infra.templates import ADDED, OPTIONS, STACKS, Json, Stacks

ELB = "AWS::ElasticLoadBalancingV2"
SPOKEN = {"on": "HTTPS", "off": "HTTP"}


def check(stacks: Stacks) -> Iterator[str]:
    """Yield what is wrong."""
    for option in OPTIONS:
        mine = {name: each for name, each in stacks.items() if ADDED.get(name, option) == option}
        for tls, protocol in SPOKEN.items():
            given = {"Option": option, "TargetTls": tls, "Deployment": "blue-green"}
            where = f"option {option}, TargetTls {tls}: "
            for name, group in resolved.every(mine, f"{ELB}::TargetGroup", given).items():
                # A health check's own default is HTTP, whatever the group's protocol is.
                if (group["Protocol"], group.get("HealthCheckProtocol")) != (protocol, protocol):
                    yield f"{where}{name} reaches tasks, or asks for health, by more than {protocol}"
            for wrong in _ends(mine, given, tls):
                yield where + wrong
    for name in STACKS:
        if name != "network" and stacks[name].parameters.get("TargetTls", {}).get("Default") != "off":
            yield f"{name}: TLS to the tasks is on, or unknown, where nobody asked for it"


def _ends(mine: Stacks, given: Json, tls: str) -> Iterator[str]:
    """Yield what the load balancer reaches and is not told to serve TLS, or serves it to nobody."""
    tasks = resolved.every(mine, "AWS::ECS::TaskDefinition", given)
    for name, service in resolved.every(mine, "AWS::ECS::Service", given).items():
        (behind,) = service["LoadBalancers"]
        for container in tasks[service["TaskDefinition"]["Ref"]]["ContainerDefinitions"]:
            said = {each["Name"]: each["Value"] for each in container["Environment"]}
            wanted = tls if container["Name"] == behind["ContainerName"] else "off"
            if said.get("SERVER_TLS", "off") != wanted:
                yield f"{name}: {container['Name']} is not told that TLS is {wanted}"
