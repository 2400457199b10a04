"""The schema of the store, as a list of migrations; docs/store.md explains it.

A released migration is never edited: a change of the schema is a new one at the end. Statements end in ";" and a
newline.
"""

from __future__ import annotations

_FIRST = """
CREATE TABLE problems (
    digest  TEXT PRIMARY KEY,
    slug    TEXT NOT NULL,
    data    TEXT NOT NULL
);
CREATE TABLE runs (
    id          TEXT PRIMARY KEY,
    kind        TEXT NOT NULL,
    parent      TEXT REFERENCES runs (id) ON DELETE CASCADE,
    label       TEXT NOT NULL DEFAULT '',
    version     TEXT NOT NULL,
    problem     TEXT NOT NULL REFERENCES problems (digest),
    slug        TEXT NOT NULL,
    options     TEXT NOT NULL,
    source      TEXT,
    backend     TEXT NOT NULL,
    began_at    TEXT NOT NULL,
    ended_at    TEXT,
    status      TEXT NOT NULL,
    ending      TEXT,
    verdict     TEXT,
    result      TEXT
);
CREATE INDEX runs_by_parent ON runs (parent);
CREATE TABLE steps (
    run         TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    number      INTEGER NOT NULL,
    engine      TEXT NOT NULL,
    criticism   TEXT NOT NULL,
    PRIMARY KEY (run, number)
);
CREATE TABLE calls (
    id                  INTEGER PRIMARY KEY,
    run                 TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    step                INTEGER NOT NULL,
    key                 TEXT NOT NULL,
    model               TEXT NOT NULL,
    api_base            TEXT,
    parameters          TEXT NOT NULL,
    system              TEXT NOT NULL,
    prompt              TEXT NOT NULL,
    began_at            TEXT NOT NULL,
    status              TEXT NOT NULL,
    answer              TEXT,
    truncated           INTEGER NOT NULL DEFAULT 0,
    prompt_tokens       INTEGER NOT NULL DEFAULT 0,
    completion_tokens   INTEGER NOT NULL DEFAULT 0,
    cost_usd            REAL,
    seconds             REAL,
    error               TEXT,
    cached_from         INTEGER REFERENCES calls (id) ON DELETE SET NULL,
    at_s                REAL
);
CREATE INDEX calls_by_run ON calls (run);
CREATE INDEX calls_by_key ON calls (key);
CREATE TABLE searches (
    id          INTEGER PRIMARY KEY,
    run         TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    step        INTEGER NOT NULL,
    key         TEXT NOT NULL,
    patches     TEXT NOT NULL,
    candidates  INTEGER NOT NULL,
    error       TEXT,
    at_s        REAL NOT NULL
);
CREATE INDEX searches_by_run ON searches (run);
CREATE TABLE reports (
    id          INTEGER PRIMARY KEY,
    run         TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    step        INTEGER NOT NULL,
    key         TEXT NOT NULL,
    base        INTEGER REFERENCES reports (id) ON DELETE SET NULL,
    note        TEXT NOT NULL DEFAULT '',
    source      TEXT NOT NULL,
    evidence    INTEGER NOT NULL DEFAULT 0,
    tests       TEXT NOT NULL,
    verdict     TEXT NOT NULL,
    passed      INTEGER NOT NULL,
    total       INTEGER NOT NULL,
    report      TEXT NOT NULL,
    at_s        REAL NOT NULL
);
CREATE INDEX reports_by_run ON reports (run);
"""

_CHECKS = """
CREATE TABLE checks (
    id          INTEGER PRIMARY KEY,
    run         TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    step        INTEGER NOT NULL,
    key         TEXT NOT NULL,
    outcome     TEXT NOT NULL,
    candidates  INTEGER NOT NULL,
    at_s        REAL NOT NULL
);
CREATE INDEX checks_by_run ON checks (run);
"""

_ACCOUNTS = """
ALTER TABLE searches ADD COLUMN account TEXT;
"""

_SCORES = """
CREATE TABLE scores (
    id                  INTEGER PRIMARY KEY,
    run                 TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    number              INTEGER NOT NULL,
    slug                TEXT NOT NULL,
    sample              INTEGER NOT NULL,
    key                 TEXT NOT NULL,
    status              TEXT NOT NULL,
    difficulty          TEXT NOT NULL,
    tags                TEXT NOT NULL,
    kind                TEXT NOT NULL,
    source              TEXT,
    verdict_before      TEXT,
    plausible_before    INTEGER,
    right_before        INTEGER,
    cases_before        TEXT,
    refined             TEXT,
    verdict_after       TEXT,
    plausible_after     INTEGER,
    right_after         INTEGER,
    cases_after         TEXT,
    refinement          TEXT REFERENCES runs (id) ON DELETE SET NULL,
    calls               INTEGER NOT NULL,
    cached              INTEGER NOT NULL,
    prompt_tokens       INTEGER NOT NULL,
    completion_tokens   INTEGER NOT NULL,
    cost_usd            REAL,
    candidates          INTEGER NOT NULL,
    seconds             REAL NOT NULL,
    error               TEXT NOT NULL,
    UNIQUE (run, slug, sample)
);
CREATE INDEX runs_by_label ON runs (parent, label);
CREATE INDEX scores_by_run ON scores (run, number, sample);
"""

_ANSWERS = """
ALTER TABLE scores ADD COLUMN answer TEXT;
"""

MIGRATIONS: tuple[str, ...] = (_FIRST, _CHECKS, _ACCOUNTS, _SCORES, _ANSWERS)
