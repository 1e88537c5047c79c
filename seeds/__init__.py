"""The data that Dragoman starts with; every row or file names its source and licence."""
