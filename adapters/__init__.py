"""Adapters: each draws the core's cards on one platform and turns its events into ours."""
