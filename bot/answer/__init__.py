"""From a question to its reply.

Understand the question:

- ``question``: its kind, actors, period, event classes, filters and other words
- ``event_words``: the event classes that words ask for
- ``event_periods``: periods that an event begins or ends, as in *since the ceasefire*
- ``disambiguation``: typing errors, actors chosen by id, actors that only articles introduced
- ``followups``: questions that need the one before them, as in *and Turkey?*
- ``intent``: whether a message is a question, a request, a call for help or a remark
- ``office_question``: the office in a question about its holder

Find the evidence:

- ``library``: the store, search index and actors as the asker may see them
- ``retrieval``: facts and sentences that may answer, best first
- ``ranking``: articles that may answer
- ``quoting``: which sentences of an article are quoted
- ``sufficiency``: whether a line answers, and how lines are ordered
- ``claim_parsing``, ``claim_comparison``: whether a sentence states or denies a claim

Compose the reply:

- ``replies``: from a question to its reply, asking back, the nearest lines
- ``answers``: the answer by evidence, and what all answers share
- ``fact_answers``: lists of facts: filtered, counted, last, planned, new
- ``statement_answers``: statements of actors, two views, whether a claim is true
- ``office_holders``: who holds an office, by the reference list and newer articles
- ``claims``: who else reports a claim or an article
- ``brief``, ``brief_sections``, ``brief_layout``: briefs, their sections, their rows and changes
- ``line_grade``: how good a line of an article is for a brief about an actor
- ``importance``, ``stories``: which stories matter most, and lists of stories
- ``timeline``: events and coverage over time, as a picture
- ``reading_report``: the result for articles that somebody sent, and the sources

Word it:

- ``lines``: facts and sentences as lines, merged by event
- ``act_wording``: acts in words, and the words of a sentence that state them
- ``excerpts``: quotes cut to a limit
- ``formatting``: counts, dates, periods and sources in words
- ``cli_output``: replies for a terminal and for files
- ``export``: facts as rows, and facts marked as wrong as labels
"""
