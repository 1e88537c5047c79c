"""Background tasks, run by one process or shared by several with a queue in PostgreSQL.

The store knows what is due, and lets one process claim each piece of work. A job of the queue only
says *run now*: a lost one is queued again within seconds, a second one finds nothing to do.

The queue has feeds, digests, alerts, corrections, the backlog of facts, workspaces that come and
go, and old texts. It does not have

- requests from Slack: each is a row with a lease already;
- posts, which leave one at a time for each place, in order: the outbox ensures that;
- the indexes, which each process keeps by itself. They ask the store each second by two small
  queries, which need no connection to listen with and work with both stores.
"""
