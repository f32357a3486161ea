-- Schema 5. Tags are a tree, each says who put it there; history can be redone.
-- caseless() is library.words.caseless: what two spellings of a level have in common.

-- One level each; a tag's path is that of its parents. No text joins levels, so that a level may
-- hold any character.
CREATE TABLE tag_5 (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    parent INTEGER REFERENCES tag_5 (id) ON DELETE CASCADE,
    name   TEXT NOT NULL,
    key    TEXT NOT NULL
);
INSERT INTO tag_5 (id, name, key)
    SELECT min(id), name, caseless(name) FROM tag GROUP BY caseless(name);

-- source: person (added by hand), accepted (a landmark that a person accepted or named; model_id
-- where the model had suggested it), model (a rule that a person set accepted the suggestion),
-- neighbours (photos taken around it), file (its metadata say so). One row for each who says so.
CREATE TABLE photo_tag_5 (
    photo_id   INTEGER NOT NULL REFERENCES photo (id) ON DELETE CASCADE,
    tag_id     INTEGER NOT NULL REFERENCES tag_5 (id) ON DELETE CASCADE,
    source     TEXT NOT NULL CHECK (source IN ('person', 'accepted', 'model', 'neighbours', 'file')),
    landmark   TEXT,
    model_id   INTEGER REFERENCES model (id) ON DELETE SET NULL,
    confidence REAL,
    added_at   TEXT NOT NULL,
    PRIMARY KEY (photo_id, tag_id, source)
) WITHOUT ROWID;
CREATE TABLE tag_became (old INTEGER PRIMARY KEY, id INTEGER NOT NULL);
INSERT INTO tag_became
    SELECT tag.id, tag_5.id FROM tag JOIN tag_5 ON tag_5.key = caseless(tag.name);
INSERT OR IGNORE INTO photo_tag_5
    SELECT photo_id, tag_became.id, source, landmark, model_id, confidence, added_at
    FROM photo_tag JOIN tag_became ON old = tag_id;
DROP TABLE tag_became;
DROP TABLE photo_tag;
DROP TABLE tag;
ALTER TABLE tag_5 RENAME TO tag;
ALTER TABLE photo_tag_5 RENAME TO photo_tag;
CREATE UNIQUE INDEX tag_by_place ON tag (coalesce(parent, 0), key);
CREATE INDEX tag_by_parent ON tag (parent);
CREATE INDEX photo_tag_by_tag ON photo_tag (tag_id, photo_id);

-- What a person took off a photo: nothing but a person puts it there again.
CREATE TABLE tag_refusal (
    photo_id   INTEGER NOT NULL REFERENCES photo (id) ON DELETE CASCADE,
    tag_id     INTEGER NOT NULL REFERENCES tag (id) ON DELETE CASCADE,
    refused_at TEXT NOT NULL,
    PRIMARY KEY (photo_id, tag_id)
) WITHOUT ROWID;
CREATE INDEX tag_refusal_by_tag ON tag_refusal (tag_id);

-- Other names of the same thing, for searching.
CREATE TABLE tag_alias (
    tag_id INTEGER NOT NULL REFERENCES tag (id) ON DELETE CASCADE,
    key    TEXT NOT NULL,
    name   TEXT NOT NULL,
    PRIMARY KEY (tag_id, key)
) WITHOUT ROWID;

-- Where what the gazetteer files goes, however it has been renamed, moved or merged since.
-- origin: "landmark:" and an id, or a path as a JSON list of keys. Also what tags became that were
-- merged: "tag:" and the id of one that is no more.
CREATE TABLE tag_origin (
    origin TEXT PRIMARY KEY,
    tag_id INTEGER NOT NULL REFERENCES tag (id) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX tag_origin_by_tag ON tag_origin (tag_id);

-- The folded words of a tag's name and of its aliases.
CREATE TABLE tag_word (
    word   TEXT NOT NULL,
    tag_id INTEGER NOT NULL REFERENCES tag (id) ON DELETE CASCADE,
    PRIMARY KEY (word, tag_id)
) WITHOUT ROWID;
CREATE INDEX tag_word_by_tag ON tag_word (tag_id);

-- Landmarks whose tags are flat still; actions.filing puts them into the tree and empties this.
CREATE TABLE unfiled (landmark TEXT PRIMARY KEY) WITHOUT ROWID;
INSERT INTO unfiled SELECT DISTINCT landmark FROM photo_tag
    WHERE source = 'accepted' AND landmark IS NOT NULL;
INSERT OR IGNORE INTO unfiled VALUES ('');

-- verdict none: a person says that the photo shows no landmark; landmark is '' then. rule: the
-- least confidence of the rule that accepted it, NULL where a person decided on this very photo.
CREATE TABLE decision_5 (
    photo_id   INTEGER NOT NULL REFERENCES photo (id) ON DELETE CASCADE,
    landmark   TEXT NOT NULL,
    verdict    TEXT NOT NULL CHECK (verdict IN ('accepted', 'rejected', 'none')),
    model_id   INTEGER REFERENCES model (id) ON DELETE SET NULL,
    confidence REAL,
    decided_at TEXT NOT NULL,
    rule       REAL,
    PRIMARY KEY (photo_id, landmark)
) WITHOUT ROWID;
INSERT INTO decision_5
    SELECT photo_id, landmark, verdict, model_id, confidence, decided_at, NULL FROM decision;
DROP TABLE decision;
ALTER TABLE decision_5 RENAME TO decision;
CREATE UNIQUE INDEX decision_final ON decision (photo_id) WHERE verdict <> 'rejected';
-- Not redundant: without it SQLite looks for one photo among all that are accepted.
CREATE UNIQUE INDEX decision_accepted ON decision (photo_id) WHERE verdict = 'accepted';
CREATE INDEX decision_by_landmark ON decision (verdict, landmark, photo_id);

-- What waits for review is read by confidence, from the index alone.
DROP INDEX suggestion_by_landmark;
CREATE INDEX suggestion_by_landmark ON suggestion (model_id, landmark, confidence, photo_id);

-- The history: one entry an action. redo_place: its place in the stack of what can be redone,
-- NULL where it cannot.
CREATE TABLE change_5 (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    action     TEXT NOT NULL,
    summary    TEXT NOT NULL,
    done_at    TEXT NOT NULL,
    undone_at  TEXT,
    redo_place INTEGER
);
INSERT INTO change_5 SELECT id, action, summary, done_at, undone_at, NULL FROM change;

-- Long actions are done, and taken back, part by part. data: what turns the part round, in a form
-- that format names; touched: what it changed, by kind ("photo", "tag"). Both are JSON, as text or
-- as zlib's bytes. problem: why it could not be turned round.
CREATE TABLE change_part (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    change_id INTEGER NOT NULL REFERENCES change_5 (id) ON DELETE CASCADE,
    format    TEXT NOT NULL,
    data      BLOB NOT NULL,
    touched   BLOB NOT NULL,
    undone    INTEGER NOT NULL DEFAULT 0,
    problem   TEXT
);
INSERT INTO change_part (change_id, format, data, touched, undone)
    SELECT id, 'snapshots', undo,
        json_object('photo', (SELECT json_group_array(json_extract(value, '$.photo'))
                              FROM json_each(undo, '$.before'))),
        undone_at IS NOT NULL
    FROM change ORDER BY id;
DROP TABLE change;
ALTER TABLE change_5 RENAME TO change;
CREATE INDEX change_part_of ON change_part (change_id, id);
CREATE INDEX change_redoable ON change (redo_place) WHERE redo_place IS NOT NULL;

-- Tags are searched by their own words: renaming one touches no photo.
DROP TABLE photo_words;
CREATE VIRTUAL TABLE photo_words USING fts5 (
    name, folder,
    tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);
INSERT INTO photo_words (rowid, name, folder)
    SELECT id, replace(name, '_', ' '), replace(folder, '_', ' ') FROM photo;
