-- Schema 3. Places that a person taught, beside the gazetteer that ships. Degrees, WGS 84.

CREATE TABLE own_place (
    id           TEXT PRIMARY KEY,
    name         TEXT NOT NULL,
    kind         TEXT NOT NULL,
    city         TEXT,
    region       TEXT,
    country      TEXT,
    country_code TEXT,
    latitude     REAL,
    longitude    REAL,
    created_at   TEXT NOT NULL
) WITHOUT ROWID;
