"""Tests of lookalike.workers."""
