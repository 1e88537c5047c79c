"""Claims against what is stored: which sentences state them."""
