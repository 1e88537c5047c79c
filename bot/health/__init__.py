"""Whether all is well: what probes and Prometheus are told, and what the doctor finds."""
