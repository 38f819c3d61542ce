"""Calendars as iCalendar (RFC 5545): appointments written out, and busy times read in. Does no I/O."""
