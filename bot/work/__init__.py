"""What is done unasked: by one process, or by any number of them off a queue in PostgreSQL.

Whether a feed or a digest is due, and up to where news was told, is known from the store, which
gives each piece of work to one who claims it. A job of the queue says no more than *look now*:
one that is lost is asked for again within seconds, one that comes twice finds nothing to do.
"""
