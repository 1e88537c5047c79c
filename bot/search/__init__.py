"""Search passages with tantivy, in an index derived from the store."""
