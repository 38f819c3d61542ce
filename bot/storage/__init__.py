"""The one SQLite file: one writer, migrations with a backup, one small module for each aggregate."""
