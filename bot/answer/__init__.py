"""From a question to its reply.

A question is understood (``question``, ``event_words``, ``event_periods``, ``disambiguation``,
``followups``, ``intent``), evidence is found (``retrieval``, ``ranking``, ``quoting``,
``sufficiency``), and a reply is composed (``replies``, ``answers``, ``fact_answers``,
``statement_answers``, ``office_holders``, ``brief``, ``timeline``, ``claims``) of lines (``lines``,
``act_wording``, ``excerpts``, ``formatting``).
"""
