"""Tests of the gallery report."""
