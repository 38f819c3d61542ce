"""The rules of the trade, pure: no I/O, no clock, no randomness; time and facts come in as arguments."""
