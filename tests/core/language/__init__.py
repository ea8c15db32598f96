"""Tests of lookalike.core.language."""
