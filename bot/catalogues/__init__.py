"""Reads what a municipality tells its citizens out of YAML, Markdown and the Finnish Service Catalogue's JSON.

Pure: bytes to entries and problems. Where bytes come from is `bot.cli`'s matter, where entries are kept
`bot.storage`'s.
"""
