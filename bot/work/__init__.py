"""Background tasks, run by one process or shared by several beside a store in PostgreSQL.

The store knows what is due, and lets one process claim each piece of work: feeds, digests, requests
from Slack and posts are rows with a lease. The other tasks run in one process at a time, the one
that holds their lock (``locks``). Each process keeps its own indexes up to date.
"""
