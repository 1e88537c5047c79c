"""What one person's home shows, and who may change what is read."""
