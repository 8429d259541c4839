"""The only SQL: one file a noun, each function works in the transaction it is given."""

LATEST = 8
"""The number of the last schema step in `bot.migrations`, known without importing it."""
