"""Health: probes, metrics for Prometheus, and the checks of ``dragoman doctor``."""
