"""The use-cases: one file a subject, each turns a visit into replies."""
