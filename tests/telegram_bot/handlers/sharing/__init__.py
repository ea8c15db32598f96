"""Tests of what people collect and pass on."""
