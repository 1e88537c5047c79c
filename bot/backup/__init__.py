"""Copy a store to another place, back it up to a file, and restore it.

Stores are compared row by row, each as a line of JSON that is the same for SQLite, PostgreSQL and
backups.

    rows        tables and rows independent of a database: their order and hash
    places      read a store in one snapshot; check whether a store is empty
    copying     from one store to another: in batches, resumable, verified
    loading     load whole tables into a database; prepare it and finish
    backup      the file of a backup: written, checked, restored
"""
