"""What people correct about actors, beyond the rows: indexes, articles read again, lists."""
