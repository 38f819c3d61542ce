"""Measurements that can be run again: each is `python -m benchmarks.NAME [--json]`."""
