"""Texts that look like a secret, one of each kind."""

from __future__ import annotations

# Put together here, so that no scanner takes this file for a leak.
SECRETS = [
    "ey" + "JhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
    "-----BEGIN " + "PRIVATE KEY-----\nMIIE",
    "DefaultEndpointsProtocol=https;AccountName=a;Account" + "Key=q1w2e3==",
    "Server=db;User Id=sa;Pass" + "word=hunter2;",
    "Endpoint=sb://x/;SharedAccess" + "Key=abc",
    "postgres://app:hunter2" + "@db.example.com/x",
    "https://store.example.com/c?sv=1&si" + "g=abcdef",
    "abC8Q" + "~" + "abcdefghijklmnopqrstuvwxyz01234567",
    "gh" + "p_abcdefghijklmnopqrstuvwxyz0123456789",
    "AKIA" + "ABCDEFGHIJKLMNOP",
]
