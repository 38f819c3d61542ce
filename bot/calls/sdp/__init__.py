"""Session descriptions (RFC 8866, 8829) as the engine reads and writes them: plain values, no connections."""
