"""Tests of the maintenance of a store."""
