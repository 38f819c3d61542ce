"""Tables of the advice in chat. A part of the third step of the schema; see `bot.storage.migrations` for its rules.

`inquiry.words` is what a person asked; it is emptied when the question is settled. `masked` outlives it by sixty days.
An id is never given again (`AUTOINCREMENT`): what was sent about a question is known by it.
"""

ADVICE = """
CREATE TABLE catalogue_entry (
    id TEXT PRIMARY KEY, position INTEGER NOT NULL, origin TEXT NOT NULL, body TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE catalogue_synonym (
    language TEXT NOT NULL, said TEXT NOT NULL, meant TEXT NOT NULL, PRIMARY KEY (language, said)
) STRICT, WITHOUT ROWID;

CREATE TABLE inquiry (
    id INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL UNIQUE, lane INTEGER NOT NULL REFERENCES room (lane),
    person TEXT, language TEXT NOT NULL, asked INTEGER NOT NULL, words TEXT, masked TEXT NOT NULL,
    state TEXT NOT NULL, band TEXT, entry TEXT, answered INTEGER, unit TEXT, card INTEGER, draft TEXT, author TEXT
) STRICT;
CREATE INDEX inquiry_new ON inquiry (id) WHERE state = 'new';
CREATE INDEX inquiry_open ON inquiry (asked) WHERE state = 'open' OR state = 'unsure';
CREATE INDEX inquiry_lane ON inquiry (lane, answered) WHERE entry IS NOT NULL;
CREATE INDEX inquiry_card ON inquiry (card) WHERE card IS NOT NULL;

CREATE TABLE taught_term (
    entry TEXT NOT NULL, language TEXT NOT NULL, word TEXT NOT NULL, PRIMARY KEY (entry, language, word)
) STRICT, WITHOUT ROWID;
CREATE TABLE test_question (
    id INTEGER PRIMARY KEY, words TEXT NOT NULL UNIQUE, entry TEXT NOT NULL
) STRICT;
CREATE TABLE proposal (
    id INTEGER PRIMARY KEY, event TEXT NOT NULL UNIQUE, lane INTEGER NOT NULL REFERENCES room (lane),
    person TEXT NOT NULL, language TEXT NOT NULL, at INTEGER NOT NULL, change TEXT NOT NULL, state TEXT NOT NULL
) STRICT;
CREATE INDEX proposal_new ON proposal (id) WHERE state = 'new';
"""
