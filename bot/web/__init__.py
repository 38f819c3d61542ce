"""The web edge: health, the Matrix client API without its admin part, Element's files, the well-known document."""
