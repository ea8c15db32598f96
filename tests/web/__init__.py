"""Tests of lookalike.web."""
