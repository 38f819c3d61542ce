"""Tables of taking catalogues in. A part of the fifth step of the schema; see `bot.storage.migrations` for its rules.

`catalogue_synonym.origin` tells who taught a word: an import replaces the files' words and leaves the staff's. Of what
was there before, the staff's are those that a proposal of theirs was taken for.
`ptv_tie` holds the channels that a service of PTV names, in its order, since channels change without the service.
"""

IMPORTS = """
ALTER TABLE catalogue_synonym ADD COLUMN origin TEXT NOT NULL DEFAULT 'file';
UPDATE catalogue_synonym SET origin = 'staff' WHERE EXISTS (
    SELECT 1 FROM proposal WHERE state = 'taken' AND json_extract(change, '$.kind') = 'synonym'
    AND json_extract(change, '$.language') = language AND json_extract(change, '$.target') = said
);

CREATE TABLE ptv_tie (
    entry TEXT NOT NULL, position INTEGER NOT NULL, channel TEXT NOT NULL, PRIMARY KEY (entry, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE catalogue_import (
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL, source TEXT NOT NULL, code TEXT NOT NULL, kind TEXT NOT NULL,
    since INTEGER, taken INTEGER NOT NULL, added INTEGER NOT NULL, changed INTEGER NOT NULL, removed INTEGER NOT NULL,
    kept INTEGER NOT NULL, skipped TEXT NOT NULL, problems TEXT NOT NULL, failure TEXT
) STRICT;
CREATE INDEX catalogue_import_source ON catalogue_import (source, code, at) WHERE failure IS NULL;
"""
