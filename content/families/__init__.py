"""Seeded question families, one file a topic; `registry` collects them."""
