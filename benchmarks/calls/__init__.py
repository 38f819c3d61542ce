"""The load of a conference: synthetic participants, the servers that they meet on, and what is counted of both."""
