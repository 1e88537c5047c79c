"""What is done unasked: by one process, or by any number of them off a queue in PostgreSQL.

Whether a feed or a digest is due, and up to where news was told, is known from the store, which
gives each piece of work to one who claims it. A job of the queue says no more than *look now*:
one that is lost is asked for again within seconds, one that comes twice finds nothing to do.

On the queue are feeds, digests, alerts, corrections, facts that articles wait for, workspaces that
come and go, and old texts: what is due at a time or after a write, and what any process can do.
Not on it are

- requests of Slack, with the links and files that people give: somebody waits, and what was
  acknowledged is a row with a lease already, which a second one beside it would only repeat;
- posts, of which a place has one at a time, in order, at Slack's pace: the outbox keeps all three;
- the indexes, which each process has to keep up by itself. They ask the store each second: that
  is two small queries, needs no connection to listen with, and is the same for both stores.
"""
