"""Keys of the service's account: cross-signing, secret storage, one-time keys. nio does the messages."""
