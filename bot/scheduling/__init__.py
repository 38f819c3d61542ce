"""Timed work: what is due is `due <= now` in SQLite; the runner only wakes the service up."""
