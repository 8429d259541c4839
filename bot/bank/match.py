"""Grades a typed answer against a key without any question, one or thousands of lines."""

import msgspec

from bot.grading import grade_typed
from bot.model import Outcome
from content.schema import ANSWER_TYPES, AnswerType


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line in: an answer to grade as `type` against `key`, a value as NumPy prints it."""

    type: AnswerType
    key: str
    answer: str


class Outcomes(msgspec.Struct, frozen=True):
    """One line out."""

    outcome: Outcome
    note: str


_decoder = msgspec.json.Decoder(Line)
_encoder = msgspec.json.Encoder()


def answer_line(line: bytes) -> bytes:
    """Grade one JSON line; a line that cannot be read is answered as unclear."""
    try:
        asked = _decoder.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        return _encoder.encode(Outcomes("unclear", f"This line cannot be read: {_said(error)}"))
    mark = grade_typed(asked.type, asked.key, asked.answer)
    return _encoder.encode(Outcomes(mark.outcome, mark.note))


def _said(error: Exception) -> str:
    text = str(error)
    if "$.type" in text and "enum" in text:
        text = f"{text}; the types are {', '.join(ANSWER_TYPES)}"
    return text
