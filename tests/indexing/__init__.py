"""Tests of lookalike.indexing."""
