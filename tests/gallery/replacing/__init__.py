"""Tests of lookalike.gallery.replacing."""
