"""RTP and RTCP as values and bytes: reading, numbering, rewriting. No sockets, no keys, no clock of its own.

Whatever comes in is hostile: every reader here answers None, or leaves out, what it can't make sense of.
Encryption, timers and the choice of what goes to whom belong to the media package.
"""
