"""A store moved: copied to another place, backed up to a file, put back from one.

What is compared is never what a database says of itself, but each row as a line of JSON that
is the same whether it comes out of SQLite, of PostgreSQL or of a backup.

    rows        tables and rows in a form of no database, their order, their hash
    places      a store read in one picture; whether one is empty
    copying     from one store to another: in batches, gone on with, verified
    archive     the file of a backup: written, read, checked
    backing     a backup made, and put back
"""
