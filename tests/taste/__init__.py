"""Tests of lookalike.taste."""
