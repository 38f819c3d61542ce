"""Everything that knows aiortc, aioice and pylibsrtp: sockets, keys, and media on its way through.

The private names that are leaned on are listed, one test each, in `tests/calls/test_private_names.py`.
"""
