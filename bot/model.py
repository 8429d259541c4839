"""The core's data: immutable values that carry no behaviour of their own."""

import datetime as dt
from typing import Literal

import msgspec

from content.schema import AnswerType, FollowUp, Kind

Outcome = Literal["right", "partly", "wrong", "unclear", "noted"]
"""`partly`: some points of a several-of-many; `noted`: nothing to grade (open questions)."""

PostKind = Literal["daily", "practice", "together"]

PICKED: frozenset[Kind] = frozenset({"single", "bug", "several"})
"""The kinds that are answered by picking; the others by writing."""

Board = Literal["channel", "team", "none"]
"""Where an answer's points count: the channel's board and the team's, the team's alone, none."""


class Choice(msgspec.Struct, frozen=True):
    """One option of a concrete question; for `predict` the known answers, right and wrong.

    `text` is Markdown, or code where `code` is true.
    """

    text: str
    right: bool
    code: bool = False
    belief: str = ""
    why: str = ""


class Key(msgspec.Struct, frozen=True):
    """The right answer to a typed question, as NumPy prints it.

    For an error `text` is the exception's class name and `error` is true, whatever `type`.
    """

    type: AnswerType
    text: str
    error: bool = False


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """One concrete question: an item of the bank after NumPy has computed its answer.

    `source` is the id of the hand-written question or of the family; with `version` and
    `seed` it can be replayed. `numpy` is the version that computed the key. `setup` to `exact`
    are what an answer in code is run on and compared by, as in the item; `head` is the line
    that an answer in steps begins with.
    """

    source: str
    version: int = 1
    seed: int | None = None
    topic: str
    level: int
    kind: Kind
    stem: str
    code: str = ""
    choices: tuple[Choice, ...] = ()
    key: Key | None = None
    hint: str = ""
    rule: str
    why: str
    docs: str
    follow_up: tuple[FollowUp, ...] = ()
    numpy: str = ""
    picture: str = ""
    solution: str = ""
    setup: str = ""
    inputs: str = ""
    head: str = ""
    only: tuple[str, ...] = ()
    exact: bool = False
    model: str = ""
    points: tuple[str, ...] = ()
    companion: str = ""
    family: bool = False


class Prompt(msgspec.Struct, frozen=True, kw_only=True):
    """What a member may see of a question before answering: never the key."""

    topic: str
    level: int
    kind: Kind
    type: AnswerType | None
    stem: str
    code: str
    options: tuple[tuple[str, bool], ...]
    """Text and whether it is code, in the order of the post; empty for typed questions."""
    has_hint: bool
    head: str = ""
    """The line that an answer in steps begins with."""
    only: tuple[str, ...] = ()
    """All that a puzzle's answer may use."""


class Tenant(msgspec.Struct, frozen=True):
    """A team: one Slack workspace, one Discord server, or this machine."""

    id: int
    platform: str
    platform_id: str


class Channel(msgspec.Struct, frozen=True):
    """A place where members meet the bot; `direct` for a private conversation with it."""

    id: int
    tenant_id: int
    platform: str
    platform_id: str
    direct: bool = False
    zone: str = ""


class Member(msgspec.Struct, frozen=True):
    """Somebody who uses the bot; `hidden` when they left the leaderboards."""

    id: int
    tenant_id: int
    platform: str
    platform_id: str
    name: str
    hidden: bool = False


class Post(msgspec.Struct, frozen=True, kw_only=True):
    """One question asked in one place, with its question as it was then.

    `date` is the intended local date of a daily; `member_id` the one person who may answer
    a practice question. Instants are UTC.
    """

    id: int
    tenant_id: int
    channel_id: int
    kind: PostKind
    question: Question
    created_at: dt.datetime
    member_id: int | None = None
    number: int = 0
    date: dt.date | None = None
    closes_at: dt.datetime | None = None
    closed_at: dt.datetime | None = None
    voided_at: dt.datetime | None = None


class Submission(msgspec.Struct, frozen=True):
    """What a member answered: typed text, or the picked choices by position in the post."""

    text: str = ""
    picks: tuple[int, ...] = ()


class Mark(msgspec.Struct, frozen=True):
    """How a submission was graded, before any points.

    `share` is the part of the question's points it earns (0 to 1). `note` is what to tell
    the member about this very answer; `understood` how a typed answer was read. `choice`
    is the known option it equals, if any (an index into `Question.choices`). `place` shows
    the line of an answer in code that is at fault, for a font of even width.
    """

    outcome: Outcome
    share: float = 0.0
    note: str = ""
    understood: str = ""
    choice: int | None = None
    place: str = ""


class Standing(msgspec.Struct, frozen=True):
    """A line of a leaderboard; members with equal points share a rank."""

    rank: int
    member_id: int
    name: str
    points: int
