"""Tests of the user log."""
