"""Corrections of shown messages that no longer hold."""
