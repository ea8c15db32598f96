"""Tests of lookalike.collecting."""
