"""What whoever runs Dragoman can see of it: logs, counts and traces."""
