"""Limit how long texts are kept, and export all data of a workspace or a person."""
