"""Tests of lookalike.faces."""
