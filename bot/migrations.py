"""The schema, in numbered steps that only ever go forward.

Instants are integer seconds since 1970 (UTC); days are ISO dates. A step, once released,
is never changed: the next step mends it.
"""

from sqlite_utils import Database, Migrations

migrations = Migrations("numpy-bot")

_INITIAL = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID",
    """CREATE TABLE tenants (
        id INTEGER PRIMARY KEY, platform TEXT NOT NULL, platform_id TEXT NOT NULL,
        created_at INTEGER NOT NULL, UNIQUE (platform, platform_id))""",
    """CREATE TABLE members (
        id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL REFERENCES tenants (id),
        platform TEXT NOT NULL, platform_id TEXT, name TEXT NOT NULL,
        hidden INTEGER NOT NULL DEFAULT 0, told_at INTEGER, created_at INTEGER NOT NULL,
        UNIQUE (tenant_id, platform, platform_id))""",
    """CREATE TABLE channels (
        id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL REFERENCES tenants (id),
        platform TEXT NOT NULL, platform_id TEXT NOT NULL, direct INTEGER NOT NULL,
        created_at INTEGER NOT NULL, UNIQUE (tenant_id, platform, platform_id))""",
    """CREATE TABLE schedules (
        channel_id INTEGER PRIMARY KEY REFERENCES channels (id),
        time TEXT NOT NULL, zone TEXT NOT NULL, days TEXT NOT NULL,
        topics TEXT NOT NULL, levels TEXT NOT NULL, closes_hours INTEGER,
        state TEXT NOT NULL CHECK (state IN ('on', 'paused', 'off')), paused_until TEXT,
        next_date TEXT, next_post_at INTEGER, set_by INTEGER REFERENCES members (id),
        warned_at INTEGER)""",
    "CREATE INDEX schedules_due ON schedules (next_post_at) WHERE next_post_at IS NOT NULL",
    """CREATE TABLE posts (
        id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL REFERENCES tenants (id),
        channel_id INTEGER NOT NULL REFERENCES channels (id),
        member_id INTEGER REFERENCES members (id),
        kind TEXT NOT NULL CHECK (kind IN ('daily', 'practice', 'together')),
        source TEXT NOT NULL, topic TEXT NOT NULL, level INTEGER NOT NULL,
        one_tap INTEGER NOT NULL, question BLOB NOT NULL, created_at INTEGER NOT NULL,
        number INTEGER, date TEXT, opened_at INTEGER, closes_at INTEGER, closed_at INTEGER,
        voided_at INTEGER)""",
    "CREATE UNIQUE INDEX posts_daily ON posts (channel_id, date) WHERE kind = 'daily'",
    """CREATE INDEX posts_open ON posts (tenant_id, closes_at)
        WHERE kind = 'daily' AND closed_at IS NULL""",
    """CREATE INDEX posts_closing ON posts (closes_at)
        WHERE kind = 'daily' AND closed_at IS NULL""",
    "CREATE INDEX posts_practice ON posts (member_id, id) WHERE kind = 'practice'",
    """CREATE TABLE outbox (
        id INTEGER PRIMARY KEY, post_id INTEGER NOT NULL REFERENCES posts (id),
        step TEXT NOT NULL CHECK (step IN ('question', 'close', 'explain')),
        platform TEXT NOT NULL,
        state TEXT NOT NULL CHECK
            (state IN ('pending', 'sending', 'posted', 'unknown', 'skipped', 'failed')),
        due_at INTEGER NOT NULL, lease_until INTEGER, owner TEXT, first_try_at INTEGER,
        attempts INTEGER NOT NULL DEFAULT 0, message TEXT, note TEXT, UNIQUE (post_id, step))""",
    """CREATE INDEX outbox_due ON outbox (platform, due_at)
        WHERE state IN ('pending', 'sending')""",
    """CREATE TABLE answers (
        id INTEGER PRIMARY KEY, post_id INTEGER NOT NULL REFERENCES posts (id),
        member_id INTEGER NOT NULL REFERENCES members (id),
        tenant_id INTEGER NOT NULL, channel_id INTEGER NOT NULL, kind TEXT NOT NULL,
        day TEXT NOT NULL, at INTEGER NOT NULL, source TEXT NOT NULL, topic TEXT NOT NULL,
        level INTEGER NOT NULL, outcome TEXT NOT NULL, share REAL NOT NULL,
        points INTEGER NOT NULL, hinted INTEGER NOT NULL,
        board TEXT NOT NULL CHECK (board IN ('channel', 'team', 'none')),
        choice INTEGER, text TEXT NOT NULL, UNIQUE (post_id, member_id))""",
    "CREATE INDEX answers_member ON answers (member_id, topic, outcome)",
    """CREATE TABLE hints (
        post_id INTEGER NOT NULL, member_id INTEGER NOT NULL,
        PRIMARY KEY (post_id, member_id)) WITHOUT ROWID""",
    """CREATE TABLE shown (
        member_id INTEGER NOT NULL, source TEXT NOT NULL, at INTEGER NOT NULL,
        PRIMARY KEY (member_id, source)) WITHOUT ROWID""",
    """CREATE TABLE recalls (
        member_id INTEGER NOT NULL, source TEXT NOT NULL, due TEXT, recall BLOB NOT NULL,
        PRIMARY KEY (member_id, source)) WITHOUT ROWID""",
    """CREATE TABLE streaks (
        channel_id INTEGER NOT NULL, member_id INTEGER NOT NULL, upto TEXT NOT NULL,
        streak BLOB NOT NULL, PRIMARY KEY (channel_id, member_id)) WITHOUT ROWID""",
    """CREATE TABLE channel_totals (
        channel_id INTEGER NOT NULL, span TEXT NOT NULL, member_id INTEGER NOT NULL,
        points INTEGER NOT NULL, PRIMARY KEY (channel_id, span, member_id)) WITHOUT ROWID""",
    "CREATE INDEX channel_ranks ON channel_totals (channel_id, span, points DESC)",
    """CREATE TABLE team_days (
        tenant_id INTEGER NOT NULL, day TEXT NOT NULL, member_id INTEGER NOT NULL,
        daily INTEGER NOT NULL, practice INTEGER NOT NULL,
        PRIMARY KEY (tenant_id, day, member_id)) WITHOUT ROWID""",
    """CREATE TABLE team_totals (
        tenant_id INTEGER NOT NULL, span TEXT NOT NULL, member_id INTEGER NOT NULL,
        points INTEGER NOT NULL, PRIMARY KEY (tenant_id, span, member_id)) WITHOUT ROWID""",
    "CREATE INDEX team_ranks ON team_totals (tenant_id, span, points DESC)",
    """CREATE TABLE reports (
        id INTEGER PRIMARY KEY, post_id INTEGER NOT NULL REFERENCES posts (id),
        member_id INTEGER NOT NULL REFERENCES members (id), at INTEGER NOT NULL,
        UNIQUE (post_id, member_id))""",
    """CREATE TABLE spent (
        post_id INTEGER NOT NULL REFERENCES posts (id), hash BLOB NOT NULL,
        PRIMARY KEY (post_id, hash)) WITHOUT ROWID""",
    """CREATE TABLE computed (
        source TEXT PRIMARY KEY, digest BLOB NOT NULL, question BLOB NOT NULL) WITHOUT ROWID""",
    """CREATE TABLE leases (
        name TEXT PRIMARY KEY, owner TEXT NOT NULL, until INTEGER NOT NULL) WITHOUT ROWID""",
)


@migrations()
def m001_initial(db: Database) -> None:
    """Everything: teams, people, schedules, posts, answers and the totals made of them."""
    for statement in _INITIAL:
        db.execute(statement)


@migrations()
def m002_posts_of_a_place(db: Database) -> None:
    """Find what was asked in a channel without reading everything that was ever asked."""
    db.execute("CREATE INDEX posts_place ON posts (channel_id, kind, created_at)")


@migrations()
def m003_people_and_memos(db: Database) -> None:
    """Find a person in every team they are in, and keep what an adapter has to remember."""
    db.execute("CREATE INDEX members_person ON members (platform, platform_id)")
    db.execute("CREATE TABLE memos (name TEXT PRIMARY KEY, memo TEXT NOT NULL) WITHOUT ROWID")


@migrations()
def m004_checksums(db: Database) -> None:
    """Nothing but a number: whoever applies it keeps checksums of all tables from then on."""


@migrations()
def m005_checksum_of_the_schema(db: Database) -> None:
    """Nothing but a number, too: whoever applies it keeps a checksum of the schema as well."""


@migrations()
def m006_members_of_big_teams(db: Database) -> None:
    """Find who is on no board, and what somebody practised of late, without reading the rest."""
    db.execute("CREATE INDEX members_hidden ON members (id) WHERE hidden")
    db.execute("DROP INDEX posts_practice")
    db.execute(
        "CREATE INDEX posts_practised ON posts (member_id, created_at) WHERE kind = 'practice'"
    )


@migrations()
def m007_checksums_by_number(db: Database) -> None:
    """Nothing but a number: the totals are made anew, found by a number and not by a name."""


@migrations()
def m008_packed_questions(db: Database) -> None:
    """Nothing but a number: questions are stored packed from then on, which older bots can't read.

    Those that were stored before stay as they are; a large file is not written anew for them.
    """
