"""Tests of lookalike.taste.measuring."""
