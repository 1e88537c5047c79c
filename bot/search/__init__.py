"""Passages in tantivy, derived from the store."""
