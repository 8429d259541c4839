"""Every card a member sees, one file a subject; each function is pure."""
