"""Files become drafts; intake decides what is new, revised or unchanged."""
