"""The store: the single source of truth, from which everything else is derived.

``store`` has the one ``Store``. ``engine``, ``sqlite``, ``postgres``, ``sql``, ``tables`` and
``migrate`` deal with the database; ``ids`` and ``changes`` with what all rows share; ``writing``
stores articles. Each other module has the queries of one subject and, in most cases,
a ``Repository`` that offers them as a part of the Store. Tables that several modules use are
defined in ``tables``, the others in the module of their subject.
"""
