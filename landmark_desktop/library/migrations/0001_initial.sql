-- Schema 1. Times are ISO 8601; taken_at is the camera's local time, the others are UTC.

CREATE TABLE photo (
    id           INTEGER PRIMARY KEY,
    path         TEXT NOT NULL UNIQUE,
    folder       TEXT NOT NULL,
    name         TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    size         INTEGER NOT NULL,
    mtime_ns     INTEGER NOT NULL,
    format       TEXT NOT NULL,
    width        INTEGER NOT NULL,
    height       INTEGER NOT NULL,
    orientation  INTEGER NOT NULL,
    taken_at     TEXT,
    camera       TEXT,
    latitude     REAL,
    longitude    REAL,
    sort_at      TEXT NOT NULL,
    imported_at  TEXT NOT NULL,
    problem      TEXT
);
CREATE INDEX photo_by_hash ON photo (content_hash);
CREATE INDEX photo_by_time ON photo (sort_at DESC, id DESC);
CREATE INDEX photo_with_problem ON photo (path) WHERE problem IS NOT NULL;
CREATE INDEX photo_by_folder ON photo (folder, sort_at DESC, id DESC);

-- Files that could not be imported, with the reason in a person's words.
CREATE TABLE unreadable (
    path     TEXT PRIMARY KEY,
    reason   TEXT NOT NULL,
    seen_at  TEXT NOT NULL
) WITHOUT ROWID;

-- What a person asked to import; unfinished ones go on at the next start.
CREATE TABLE import_root (
    path        TEXT PRIMARY KEY,
    asked_at    TEXT NOT NULL,
    finished_at TEXT
) WITHOUT ROWID;

CREATE TABLE model (
    id      INTEGER PRIMARY KEY,
    digest  TEXT NOT NULL UNIQUE,
    name    TEXT NOT NULL,
    seen_at TEXT NOT NULL
);

-- One opinion a photo and a model. landmark is NULL for "none recognised".
CREATE TABLE suggestion (
    photo_id     INTEGER NOT NULL REFERENCES photo (id) ON DELETE CASCADE,
    model_id     INTEGER NOT NULL REFERENCES model (id) ON DELETE CASCADE,
    landmark     TEXT,
    confidence   REAL NOT NULL,
    alternatives TEXT NOT NULL,
    made_at      TEXT NOT NULL,
    PRIMARY KEY (photo_id, model_id)
) WITHOUT ROWID;
CREATE INDEX suggestion_by_landmark ON suggestion (model_id, landmark, photo_id);

-- What a person said of a photo and a landmark. At most one landmark a photo is accepted.
CREATE TABLE decision (
    photo_id   INTEGER NOT NULL REFERENCES photo (id) ON DELETE CASCADE,
    landmark   TEXT NOT NULL,
    verdict    TEXT NOT NULL CHECK (verdict IN ('accepted', 'rejected')),
    model_id   INTEGER REFERENCES model (id) ON DELETE SET NULL,
    confidence REAL,
    decided_at TEXT NOT NULL,
    PRIMARY KEY (photo_id, landmark)
) WITHOUT ROWID;
CREATE UNIQUE INDEX decision_accepted ON decision (photo_id) WHERE verdict = 'accepted';
CREATE INDEX decision_by_landmark ON decision (verdict, landmark, photo_id);

CREATE TABLE tag (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE COLLATE NOCASE
);

-- source: person (typed by hand), accepted (a model's suggestion that a person accepted).
CREATE TABLE photo_tag (
    photo_id   INTEGER NOT NULL REFERENCES photo (id) ON DELETE CASCADE,
    tag_id     INTEGER NOT NULL REFERENCES tag (id) ON DELETE CASCADE,
    source     TEXT NOT NULL CHECK (source IN ('person', 'accepted', 'model', 'neighbours', 'file')),
    landmark   TEXT,
    model_id   INTEGER REFERENCES model (id) ON DELETE SET NULL,
    confidence REAL,
    added_at   TEXT NOT NULL,
    PRIMARY KEY (photo_id, tag_id)
) WITHOUT ROWID;
CREATE INDEX photo_tag_by_tag ON photo_tag (tag_id, photo_id);

-- What was done, newest last, with what is needed to take it back.
CREATE TABLE change (
    id        INTEGER PRIMARY KEY,
    action    TEXT NOT NULL,
    summary   TEXT NOT NULL,
    undo      TEXT NOT NULL,
    done_at   TEXT NOT NULL,
    undone_at TEXT
);

CREATE VIRTUAL TABLE photo_words USING fts5 (
    name, folder, tags,
    tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);
