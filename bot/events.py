"""What comes in from a platform and what goes out to it.

An adapter turns whatever its platform sends into an `Event`, hands it to the core and
draws the `Reply`s. Nothing here knows a platform, and nothing an adapter receives before
a member has answered holds a key.
"""

from datetime import datetime
from typing import Literal

import msgspec

# --- in ---------------------------------------------------------------------------


class Place(msgspec.Struct, frozen=True):
    """Where something happened, in the platform's own ids.

    `tenant` comes from the bot's own login, never from a payload. `direct` is a private
    conversation with the bot; `team` is false where no team stands behind it (a Discord
    direct message), and then nothing earns points.
    """

    platform: str
    tenant: str
    channel: str
    direct: bool = False
    team: bool = True


class Person(msgspec.Struct, frozen=True):
    """Who did it: the platform's id and the name shown there.

    `is_handle` says that only an account's name is known: it is kept for those who have no
    other yet. `zone` is their own time zone, where the platform tells. A `guest` is somebody
    of another team, who can be met in a channel that two teams share.
    """

    id: str
    name: str
    is_handle: bool = False
    zone: str = ""
    guest: bool = False


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something a person did at `at` (UTC, stamped when the adapter received it)."""

    place: Place
    person: Person
    at: datetime


class Command(Event, frozen=True, kw_only=True):
    """The text after `/numpy`."""

    text: str


class Mention(Event, frozen=True, kw_only=True):
    """The bot was named in a message; `text` is what stands beside its name."""

    text: str


class Press(Event, frozen=True, kw_only=True):
    """A press on a button of ours; `message` is the id of the public message it stands on."""

    button: str
    message: str = ""


class FormSubmit(Event, frozen=True, kw_only=True):
    """A form sent off: field name to its text, or to its ticked values."""

    form: str
    fields: dict[str, tuple[str, ...]]


class Typing(Event, frozen=True, kw_only=True):
    """Somebody types what they want to learn about, on platforms that suggest as one types."""

    text: str


class Arrived(msgspec.Struct, frozen=True, kw_only=True):
    """The bot was added to a team and begins in this channel; nobody did anything there yet."""

    place: Place
    at: datetime


class HomeOpened(Event, frozen=True, kw_only=True):
    """Somebody looks at their own page with the bot; `place` is their private conversation."""


# --- out --------------------------------------------------------------------------

Style = Literal["", "strong", "em", "code"]


class Text(msgspec.Struct, frozen=True):
    """Words, shown as they are: no platform's markup is ever read in them.

    A command of ours that stands in code may be shown so that it can be pressed, but not in
    what a member `typed`.
    """

    text: str
    style: Style = ""
    typed: bool = False


class Link(msgspec.Struct, frozen=True):
    """A link; only authors and we make them."""

    text: str
    url: str


class When(msgspec.Struct, frozen=True):
    """An instant, shown in the reader's own zone where the platform can.

    `zone` is for platforms that cannot.
    """

    at: datetime
    zone: str


class Name(msgspec.Struct, frozen=True):
    """A member, named without a ping."""

    member_id: int
    name: str


class Room(msgspec.Struct, frozen=True):
    """A channel, by the platform's id of it: shown by its name where the platform can."""

    id: str


Run = Text | Link | When | Name | Room


class Paragraph(msgspec.Struct, frozen=True):
    """A line or paragraph; `small` for what stands back."""

    runs: tuple[Run, ...]
    small: bool = False


class Code(msgspec.Struct, frozen=True):
    """Preformatted text; `language` is empty for pictures and output."""

    text: str
    language: Literal["python", ""] = "python"


class Bullets(msgspec.Struct, frozen=True):
    """A list, lettered (`A.`), numbered or plain."""

    items: tuple[tuple[Run, ...], ...]
    mark: Literal["bullet", "number", "letter"] = "bullet"


class Table(msgspec.Struct, frozen=True):
    """Rows under a header; the columns in `right` hold numbers."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: tuple[int, ...] = ()


Block = Paragraph | Code | Bullets | Table

Effect = Literal["answer", "form", "card", "replace"]
"""What a press does: answers a post, opens a form, shows a new card, replaces this one."""


class Button(msgspec.Struct, frozen=True):
    """A button. Its id is `effect:verb:arguments`: it names a post, never a question or key.

    `role` is how much it matters; a `choice` is an option of the question.
    """

    id: str
    label: str
    role: Literal["choice", "main", "plain", "danger"] = "plain"

    @property
    def effect(self) -> Effect:
        """What a press does, for adapters that must know before the core answers."""
        return self.id.split(":", 1)[0]  # type: ignore[return-value]  # ids are made by us


class File(msgspec.Struct, frozen=True):
    """A file to hand to the member."""

    name: str
    data: bytes


Tone = Literal["plain", "question", "right", "partly", "wrong", "notice"]


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that one message shows. `post_id` is the question it asks, if it does."""

    title: str
    blocks: tuple[Block, ...] = ()
    buttons: tuple[Button, ...] = ()
    tone: Tone = "plain"
    file: File | None = None
    post_id: int | None = None


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """A field of a form.

    `text` is one line, `lines` a value that may span some, `prose` several lines of words or
    code; `options` are (value, label) of ticks and selects.
    """

    name: str
    label: str
    kind: Literal["text", "lines", "prose", "ticks", "select"] = "text"
    value: str = ""
    placeholder: str = ""
    options: tuple[tuple[str, str], ...] = ()
    required: bool = True


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """A form; its id has the shape of a button's id.

    `blocks` are shown above the fields, where the form hides what it belongs to.
    """

    id: str
    title: str
    fields: tuple[Field, ...]
    submit: str = "Send"
    blocks: tuple[Block, ...] = ()


To = Literal["private", "public", "replace"]


class Show(msgspec.Struct, frozen=True):
    """Show a card: to the one who acted, to everybody there, or in place of the pressed one.

    `above` is what the card answers, for platforms that show both in one place. Of two cards
    that replace one public message the one of the higher `order` stays, whichever comes last.
    """

    card: Card
    to: To = "private"
    above: Card | None = None
    order: int = 0


class Open(msgspec.Struct, frozen=True):
    """Open a form."""

    form: Form


class Invalid(msgspec.Struct, frozen=True):
    """The form stays open: a note for the field that could not be used."""

    field: str
    note: str
    place: str = ""
    """What was typed there, with a mark under the fault, for a font of even width."""


Reply = Show | Open | Invalid
