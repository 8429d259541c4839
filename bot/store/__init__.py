"""The only SQL: one file a noun, each function works in the transaction it is given."""
