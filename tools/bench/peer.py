"""Terraform's azuread provider on the same set: measured figures as constants, with how they were measured.

Terraform core 1.15.5 (built as a library, not HashiCorp's release binary) with the azuread provider 3.9.0,
-parallelism=10, on 2026-11-25, in turn with this program against the same emulator over HTTPS, whole
processes on two cores; latency is a fixed sleep per Graph request. Median of three runs; destroy once.
One copy: API app (2 scopes, 3 roles), identifier URI, SPA app, pre-authorization, 2 service principals, 1 app
role assignment. The provider opens one TCP and TLS connection per request, which a real network makes dearer
than this machine does. Figures against a stub, taken earlier, had two to three times the CPU.
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
    (1, "no-op plan"): Figure(15, "0.9", "1.4", "0.38"),
    (1, "first apply"): Figure(37, "1.7", "2.9", "0.53"),
    (1, "one change"): Figure(19, "1.3", "2.1", "0.51"),
    # 20 seconds per application and per service principal, chained: 5 reads that must answer 404, 5 seconds
    # apart.
    (1, "destroy"): Figure(44, "62", "64", "0.68"),
    (10, "no-op plan"): Figure(150, "1.9", "2.6", "1.6"),
    (10, "first apply"): Figure(370, "3.5", "6.0", "2.6"),
    (10, "one change"): Figure(154, "2.3", "3.3", "1.7"),
    (10, "destroy"): Figure(440, "86", "88", "3.5"),
    (50, "no-op plan"): Figure(750, "8.2", "13.2", "7.1"),
    (50, "first apply"): Figure(1850, "18.3", "29.2", "15.9"),
    (50, "one change"): Figure(754, "8.2", "14.8", "7.5"),
    # More than 2,000 requests.
    (50, "destroy"): Figure(2000, "425", "434", "25"),
}
