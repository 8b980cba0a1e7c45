"""Templates and list prices in; what an option costs in a month, as a table for docs/options.md, out.

`python -m tests.infra.secrets_table` writes it there, beside the table of secrets.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.infra.templates import OPTIONS, Stacks, every, only

BEGIN = "<!-- made by tests/infra/cost_table.py, from the templates and the prices there -->\n"
END = "\n<!-- end of the costs -->"
HOURS, ZONES = 730, 2
#: What a month's work is taken to be: calls of the page, and what one brings and takes.
CALLS, KILOBYTES = 10_000_000, 4
#: How often the load balancer sees one call of the page, where the page's server calls the API by its name.
PASSES = {"C": 2, "E": 2}
#: Secrets that no template makes: `entra-config credentials rotate` keeps them there.
ROTATED = {"B": 1, "E": 1}


@dataclass(frozen=True)
class Price:
    """A list price in US dollars, of us-east-1 on demand, and where it was read."""

    what: str
    usd: float
    per: str
    source: str

    @property
    def monthly(self) -> float:
        """Return what one costs in a month."""
        return self.usd * (HOURS if self.per == "hour" else 1)


FARGATE = "vantage.sh/blog/fargate-pricing"
NETWORK = "zacfukuda.com/blog/aws-nat-gateway-vs-vpc-endpoint"
BALANCER = "awsnegotiations.com/elastic-load-balancer-cost.html"
NAT, LCU = "NAT gateway", "its capacity units"
PRICES = [
    Price("vCPU of Fargate, ARM", 0.03238, "hour", FARGATE),
    Price("GB of Fargate, ARM", 0.00356, "hour", FARGATE),
    Price("load balancer", 0.0225, "hour", BALANCER),
    Price(LCU, 0.008, "hour", BALANCER),
    Price(NAT, 0.045, "hour", NETWORK),
    Price("GB through it", 0.045, "GB", NETWORK),
    Price("interface endpoint, a zone", 0.01, "hour", NETWORK),
    Price("public address", 0.005, "hour", "cloudburn.io/blog/aws-nat-gateway-pricing"),
    Price("node of the cache, `cache.t4g.micro`", 0.016, "hour", "known, not looked up"),
    Price("secret", 0.40, "month", "hivebook.wiki, AWS Secrets Manager"),
]


def counts(option: str, stacks: Stacks) -> dict[str, float]:
    """Return how many there are of what has a price, at the templates' defaults and the fewest tasks."""
    vcpu, memory = _tasks(stacks)
    passes = PASSES.get(option, 1)
    nats = int(stacks["network"].parameters["NatGateways"]["Default"])
    endpoints = every(stacks, "AWS::EC2::VPCEndpoint").values()
    nodes = [
        each["NumCacheClusters"] for each in every(stacks, "AWS::ElastiCache::ReplicationGroup").values()
    ]
    found = (
        vcpu,
        memory,
        len(every(stacks, "AWS::ElasticLoadBalancingV2::LoadBalancer")),
        passes,
        nats,
        # Out of the network and into it again.
        (passes - 1) * CALLS * KILOBYTES / 1_000_000,
        ZONES * sum(each["VpcEndpointType"] == "Interface" for each in endpoints),
        nats + ZONES,
        sum(nodes),
        len(every(stacks, "AWS::SecretsManager::Secret")) + ROTATED.get(option, 0),
    )
    return dict(zip((price.what for price in PRICES), found, strict=True))


def _tasks(stacks: Stacks) -> tuple[float, float]:
    vcpu = memory = 0.0
    for stack in stacks.values():
        for name, task in stack.every("AWS::ECS::TaskDefinition").items():
            (least,) = [
                stack.parameters[each["MinCapacity"]["Ref"]]["Default"]
                for each in stack.every("AWS::ApplicationAutoScaling::ScalableTarget").values()
                if f"{name.removesuffix('Task')}Service" in str(each["ResourceId"])
            ]
            vcpu += int(task["Cpu"]) / 1024 * least
            memory += int(task["Memory"]) / 1024 * least
    return vcpu, memory


def rows() -> Iterator[str]:
    """Yield the table: of each part how many, and US dollars a month."""
    by_option = {option: counts(option, only(option)) for option in OPTIONS}
    yield f"| a month, US dollars | list price | {' | '.join(by_option)} |"
    yield f"|---|---:|{'---:|' * len(by_option)}"
    for price in PRICES:
        found = [each[price.what] for each in by_option.values()]
        if any(found):
            cells = [f"{count:g} · {count * price.monthly:.2f}" if count else "–" for count in found]
            yield f"| {price.what} | {price.usd:g} / {price.per} | {' | '.join(cells)} |"
    totals = [sum(each[price.what] * price.monthly for price in PRICES) for each in by_option.values()]
    yield f"| **all** | | {' | '.join(f'**{total:.0f}**' for total in totals)} |"


def page(text: str) -> str:
    """Return the page with the table of now."""
    before, _, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    assert end, "the page has no place for the costs"
    return f"{before}{BEGIN}{chr(10).join(rows())}{END}{after}"
