"""Tests of lookalike.taste.serving."""
