"""Tests of lookalike.gallery."""
