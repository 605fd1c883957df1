"""Tests that build and run what the generator writes, on a real Docker engine."""
