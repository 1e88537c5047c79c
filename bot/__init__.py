"""Dragoman: briefs a team on actors and events, every line with its source.

The map, in the order of the data's journey. A room imports only rooms that stand
above it here (``tests/test_map.py`` keeps this true); only ``cli`` and ``serve``,
the composition roots, import Slack code from ``handlers``.

    models      the nouns: actors, articles, facts, replies, requests; frozen, no behaviour
    errors      one tree; every error says whom it is about and what to do
    private     data that only its owner may read: modes of files, secrets in files of their own
    settings    every option, in one place
    telemetry   what whoever runs it can see of it: logs, counts, traces
    text        names (normalise), sentences (exact offsets), periods (dates and spans of time),
                english (common words, rarity in news, verbs), networks (sentence vectors, and the
                question model)
    match       the gazetteer, and the actor index that knows who is meant, however it is typed
    gather      files, pages and feeds become drafts of articles, fetched within limits; intake
                decides what is new, revised, unchanged or removed
    read        an article becomes mentions and facts: pure, and in worker processes; which texts
                are near-copies, which tell one story; who takes or leaves an office (succession)
    store       the truth: one Store over SQLAlchemy Core, with its migrations
    backup      a store copied to another place, backed up, put back
    search      passages in tantivy and vectors of articles, derived from the store and rebuildable
    answer      question -> evidence -> brief or answer, in words that resolve to spans:
                question (understood), retrieval, ranking and quoting (evidence), brief (stories
                by importance), claims (who else reports it), replies (by kind)
    ingest      drafts to the store: decided, read in workers, committed in one place
    feeds       feeds followed: when each is polled, what came, how it fares
    curation    what people correct: whom each workspace knows, articles read again or removed
    desk        what every surface calls: ingest, brief, ask, seen
    watches     what is followed, for whom, and who is told at once of what is new
    digests     what is new, told at set times: when, of what, once each
    corrections what was told to whom, and what is said once where it no longer stands
    home        what one person's home shows, and who may change what is read
    workspaces  who came, and gets the notes; who left, and is deleted after a while
    retention   what is kept, how long, and all that is kept of a workspace or a person
    health      whether all is well: what probes and Prometheus are told, what the doctor finds
    work        what is done unasked: by one process, or by many off a queue in PostgreSQL
    serve       composition root of the Slack server, of workers and of the local workspace
    cli         composition root of the command line
"""

import os

__version__ = "0.1.0"

# From 1.29 on, onnxruntime reports each network that it loads to its makers, unless this is set
# before it is imported. Nothing of ours is to leave by itself; child processes inherit it.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
