"""Adapters: each draws the core's cards on one platform and turns its events into ours."""

INTERRUPTED = 130
"""The exit code after Ctrl-C, as shells have it."""
