"""The question bank: hand-written questions (TOML) and seeded families (Python)."""
