"""What the operator writes: `eahtari.toml`, the region's file, Element's theme; read into checked values.

Leaves keeping to `bot.storage`, which holds the same entries as JSON and is the truth once it was seeded.
Begin at `reading.read`; `directory` goes from entries to the domain and back, `compare` between two states.
"""
