"""Tests of what users collect and pass on."""
