"""Damaged and hostile input for every parser of what comes from outside.

``mutating`` damages, ``reached`` sees which lines of ours an input newly reaches, ``running``
tries a target and reports what it raised; the targets are in ``documents`` (feeds, pages,
files), ``links`` (addresses, headers, dates), ``typing`` (what people type) and ``slack``
(what Slack sends, to the real app). ``python -m tests.bench fuzz`` runs them all.
"""
