"""Answers as each kind of question wants them."""
