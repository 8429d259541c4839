"""Content to questions: loads, checks and computes what `content/` holds.

`bank` is what the rest of the core uses; `check` and `record` serve authors.
"""
