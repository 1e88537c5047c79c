"""Dragoman: briefs a team on actors and events, every line with its source.

The map, in the order of the data's journey. A room imports only rooms that stand
above it here (``tests/test_map.py`` keeps this true); only ``cli`` and ``serve``,
the composition roots, import Slack code from ``handlers``.

    models      the nouns: actors, articles, facts, replies, requests; frozen, no behaviour
    errors      one tree; every error says whom it is about and what to do
    private     files and folders that only their owner may read
    settings    every option, and the secrets that are in files of their own
    telemetry   logs, metrics and traces for operators
    text        names (normalise), sentences (exact offsets), periods (dates and spans of time),
                english (common words, rarity in news, verbs), networks (sentence vectors, and the
                question model)
    match       the gazetteer, and the actor index that knows who is meant, however it is typed
    gather      files, pages and feeds become drafts of articles, fetched within limits; intake
                decides what is new, revised, unchanged or removed
    read        an article becomes mentions and facts: pure, and in worker processes; which texts
                are near-copies, which tell one story; who takes or leaves an office (succession)
    store       the truth: one Store over SQLAlchemy Core, with its migrations
    backup      copying, backing up and restoring a store
    search      passages in tantivy and vectors of articles, derived from the store and rebuildable
    answer      question -> evidence -> brief or answer, in words that resolve to spans:
                question (understood), retrieval, ranking and quoting (evidence), brief (stories
                by importance), claims (who else reports it), replies (by kind)
    ingest      drafts to the store: decided, read in workers, committed in one place
    feeds       feeds followed: when each is polled, what came, how it fares
    curation    corrections by people: actors, wrong facts, sources; articles read again or removed
    desk        what every surface calls: ingest, brief, ask, seen
    watches     topics that people follow, and the alerts that they get
    digests     summaries of what is new, at set times, each sent once
    corrections corrections of shown messages that no longer hold
    pages       the App Home of a person, and who may add feeds; details of an actor, a story or an
                article
    mcp         tools and resources for AI assistants, read-only, of what everybody may see
    workspaces  who came, and gets the notes; who left, and is deleted after a while
    retention   how long texts are kept; exports of a workspace or a person
    health      probes, metrics for Prometheus, and the checks of the doctor
    work        background tasks: in one process, or shared by several
    serve       composition root of the Slack server, of workers and of the local workspace
    cli         composition root of the command line
"""

import os

__version__ = "0.1.0"

# From 1.29 on, onnxruntime reports each network that it loads to its makers, unless this is set
# before it is imported. Nothing of ours is to leave by itself; child processes inherit it.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
