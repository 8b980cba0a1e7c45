"""Tests of the API: no network, a simulated clock, keys made here."""
