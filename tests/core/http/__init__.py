"""Tests of lookalike.core.http."""
