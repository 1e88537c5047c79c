"""Files, pages and feeds become drafts; intake decides what is new, revised or unchanged."""
