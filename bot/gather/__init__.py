"""Turn files, pages and feeds into drafts, and decide which are new, revised or unchanged."""
