"""Back up a store to a file, and restore it, to SQLite or PostgreSQL.

Stores are compared row by row, each as a line of JSON that is the same everywhere.

    rows        tables and rows independent of a database: their order and hash
    loading     read a store in one snapshot; load whole tables into a database
    backup      the file of a backup: written, checked, restored
"""
