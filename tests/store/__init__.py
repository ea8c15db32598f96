"""Tests of lookalike.store."""
