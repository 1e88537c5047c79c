"""The store: the truth that everything else is derived from.

``store`` has the one ``Store``. ``engine``, ``sqlite``, ``postgres``, ``sql``, ``tables``,
``migrate`` and ``jobs`` deal with the database; ``ids`` and ``changes`` with what all rows share;
``writing`` stores articles. Every other module is about one noun: its tables, its queries, and
the ``Repository`` by which the Store offers it.
"""
