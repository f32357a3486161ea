-- Schema 6. What files say, what was written into them, and what is being written just now.
-- Which photos wait to be written is not kept: it follows from tags, decisions and written.want.

-- What a photo and its sidecars said when they were last read. stamp: sizes and times of all of
-- them then; tags: a JSON list of paths, without those that only we have put there, each led by
-- the id of the tag that it was then: a tag that is renamed here is still the file's.
CREATE TABLE file_said (
    photo_id INTEGER PRIMARY KEY REFERENCES photo (id) ON DELETE CASCADE,
    stamp    TEXT NOT NULL,
    tags     TEXT NOT NULL
);

-- One row for each file that was written, or looked at and found to be as wanted. kind: embedded
-- (the photo itself), full (IMG.jpg.xmp), stem (IMG.xmp). want: digest of what it was to say, ''
-- where another program has written to it since. record: metadata.record as JSON, itself as the
-- history packs things (deltas.pack): they are alike and long. size, mtime_ns, digest: the file
-- afterwards, size NULL where there is none. conflicts: what was not written, as JSON.
CREATE TABLE written (
    photo_id   INTEGER NOT NULL REFERENCES photo (id) ON DELETE CASCADE,
    kind       TEXT NOT NULL CHECK (kind IN ('embedded', 'full', 'stem')),
    want       TEXT NOT NULL,
    record     BLOB NOT NULL,
    size       INTEGER,
    mtime_ns   INTEGER NOT NULL,
    digest     TEXT NOT NULL,
    conflicts  TEXT NOT NULL,
    written_at TEXT NOT NULL,
    PRIMARY KEY (photo_id, kind)
) WITHOUT ROWID;

-- Why a file could not be written when that was last tried; gone as soon as it was.
CREATE TABLE write_trouble (
    photo_id INTEGER NOT NULL REFERENCES photo (id) ON DELETE CASCADE,
    kind     TEXT NOT NULL,
    trouble  TEXT NOT NULL,
    reason   TEXT NOT NULL,
    want     TEXT NOT NULL,
    tried_at TEXT NOT NULL,
    PRIMARY KEY (photo_id, kind)
) WITHOUT ROWID;

-- The file that is about to be replaced, noted before; struck off in the transaction that enters
-- it as written. What a killed process left here is settled by looking at the file: data (JSON)
-- is the step, snapshot takes it back.
CREATE TABLE write_intent (
    id       INTEGER PRIMARY KEY,
    photo_id INTEGER NOT NULL,
    data     TEXT NOT NULL,
    snapshot BLOB NOT NULL
);
