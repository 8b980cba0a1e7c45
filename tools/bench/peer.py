"""Terraform's azuread provider on the same set: measured figures as constants, with how they were measured.

Terraform core 1.15.5 (built as a library, not HashiCorp's release binary) with the azuread provider 3.9.0,
-parallelism=10, on 2026-12-01, in turn with this program against the same emulator over HTTPS, whole
processes on two cores; latency is a fixed sleep per Graph request. What was not measured that day is empty:
destroying takes at least 20 seconds per application and per service principal, chained (5 reads that must
answer 404, 5 seconds apart).
One copy: API app (2 scopes, 3 roles), identifier URI, SPA app, pre-authorization, 2 service principals, 1 app
role assignment. The provider opens one TCP and TLS connection per request, which a real network makes dearer
than this machine does.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """Requests, seconds at no latency and at 100 ms, and Terraform's own CPU seconds at no latency."""

    requests: int
    instant: str
    slow: str
    cpu: str = ""


NAME = "Terraform 1.15.5, azuread 3.9.0"
FIGURES = {
    (1, "no-op plan"): Figure(15, "0.38", "1.34", "0.43"),
    (1, "first apply"): Figure(37, "0.61", "2.79", "0.69"),
    (1, "one change"): Figure(19, "0.52", "1.92", "0.62"),
    (10, "no-op plan"): Figure(150, "1.70", "", "2.1"),
    (10, "first apply"): Figure(370, "3.05", "", "3.4"),
    (10, "one change"): Figure(154, "1.90", "", "2.5"),
    (50, "no-op plan"): Figure(750, "8.00", "", "10.7"),
    (50, "first apply"): Figure(1850, "17.4", "", "24"),
    (50, "one change"): Figure(754, "7.31", "", "9.9"),
}
