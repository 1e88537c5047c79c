"""From a question to its reply.

Understand the question:

- ``question``: its kind, actors, period, event classes, filters and other words
- ``disambiguation``: typing errors, actors chosen by id, actors that only articles introduced
- ``conversation``: whether a message is a question, a request, a call for help or a remark; and
  follow-ups, which need the question before them, as in *and Turkey?*

Find the evidence:

- ``library``: the store, search index and actors as the asker may see them
- ``ranking``: articles that may answer
- ``retrieval``: facts and sentences that may answer, best first
- ``sufficiency``: whether a line answers, and how lines are ordered
- ``claim_comparison``: whether a sentence states or denies a claim

Compose the reply:

- ``replies``: from a question to its reply: by kind, asking back, the nearest lines
- ``answers``: the answer by evidence, and what all answers share
- ``office_holders``: who holds an office, by the reference list and newer articles
- ``claims``: who else reports a claim or an article
- ``brief``, ``brief_sections``: briefs, their sections, their rows and changes
- ``line_grade``, ``line_judge``: how good a line of an article is for a brief about an actor
- ``importance``, ``stories``: which stories matter most, and lists of stories
- ``timeline``: events and coverage over time, as a picture
- ``reading_report``: the result for articles that somebody sent, and the sources
- ``writer``: a language model that chooses the first leads of a brief, if one is set

Word it:

- ``lines``: facts and sentences as lines, merged by event
- ``act_wording``: acts in words, and the words of a sentence that state them
- ``formatting``: counts, dates, periods and sources in words; excerpts of quotes
- ``cli_output``: replies for a terminal and for files
- ``export``: facts as rows
"""
