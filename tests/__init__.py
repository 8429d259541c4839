"""The tests: one file a module, `fakes` and small helpers beside them."""
