"""`eahtari.toml`: read, validated with remedies, compared with what the service holds, applied on request."""
