"""Runs a member's NumPy code."""
