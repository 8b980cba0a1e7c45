"""Terraform's azuread provider on the same set: measured figures as constants, with how they were measured.

Terraform core 1.15.5 (built as a library, not HashiCorp's release binary) with the azuread provider 3.9.0, -parallelism=10,
against a local stub of Graph over TLS on two cores; latency is a fixed sleep per Graph request. Median of three runs, the
fastest in brackets.
One copy: API app (2 scopes, 3 roles), identifier URI, SPA app, pre-authorization, 2 service principals, 1 app role assignment.
The provider opens one TCP and TLS connection per request, which a real network makes dearer than this stub does.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """Requests, seconds at no latency and at 100 ms (median and minimum), and Terraform's own CPU seconds at no latency."""

    requests: int
    instant: str
    slow: str
    cpu: str = ""


NAME = "Terraform 1.15.5, azuread 3.9.0"
FIGURES = {
    (1, "first apply"): Figure(37, "1.5 [1.2]", "3.7 [3.6]", "1.4"),
    (1, "no-op plan"): Figure(15, "1.0 [0.9]", "2.5 [2.0]", "1.1"),
    (1, "one change"): Figure(19, "1.4 [1.1]", "2.7 [2.6]", "1.4"),
    (10, "first apply"): Figure(370, "4.7 [3.8]", "7.5 [7.1]", "5.7"),
    (10, "no-op plan"): Figure(150, "2.7 [2.4]", "3.4 [3.3]", "3.6"),
    (10, "one change"): Figure(154, "2.8 [2.6]", "4.2 [4.0]", "3.7"),
    (50, "first apply"): Figure(1850, "27.5 [25.1]", "35.1 [33.5]", "36.7"),
    (50, "no-op plan"): Figure(750, "11.1 [8.3]", "13.1 [12.6]", "15.1"),
    (50, "one change"): Figure(754, "11.4 [9.2]", "14.3 [14.1]", "16.2"),
    # 20 seconds per application and per service principal, chained: 5 reads that must answer 404, 5 seconds apart.
    (1, "destroy"): Figure(44, "61.7", ""),
    (10, "destroy"): Figure(440, "84.2", ""),
}
