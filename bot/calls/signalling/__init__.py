"""LiveKit's signalling, protocol 16, as `livekit-client` and Element Call speak it: a websocket of protobuf messages.

Two connections for each client, one up and one down ("subscriber primary"). What is not offered here (resuming a
connection, codecs but VP8 and Opus, RED) is said so in the first message, and unknown messages are passed over.
"""
