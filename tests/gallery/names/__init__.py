"""Tests of lookalike/gallery/names."""
