"""Tests of the pictures that the page makes."""
