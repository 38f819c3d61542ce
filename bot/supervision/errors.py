"""Why the service can't start or go on. `str()` is a sentence for the operator that says what to do."""


class StartError(Exception):
    """Something outside stands in the way: a port, a right, a running sibling. Exit code 2."""


class ChildFailedError(Exception):
    """A child process ended before it was ready, was not ready in time, or ended too often."""
