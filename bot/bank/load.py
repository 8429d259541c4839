"""Reads question files. A bad one becomes a `Problem`; the rest still serves."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import rtoml

import content
from bot.bank import beliefs
from bot.bank.problem import Problem, locate
from bot.bank.structure import structure
from content.schema import ANSWER_TYPES, KINDS, TOPICS, FollowUp, Item, Option

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

_ID = re.compile(r"[a-z0-9-]+")
_AT_LINE = re.compile(r"\s*at line (\d+) column \d+$")
_AT_PATH = re.compile(r" - at `\$\.?(.*)`$")
_NAMED = re.compile(r"field `([^`]*)`")


class Source(msgspec.Struct, frozen=True):
    """A question file that can be used: its id, its item, its name and where to read it.

    `shipped` is whether it comes with the bot and has been checked with it.
    """

    id: str
    item: Item
    file: str
    path: "Traversable"
    shipped: bool = True


class Loaded(msgspec.Struct, frozen=True):
    """What a set of folders holds, and what is wrong with the rest."""

    sources: tuple[Source, ...]
    problems: tuple[Problem, ...]


def load(extra: Path | None = None) -> Loaded:
    """Read the shipped questions and, if named, a team's own folder."""
    sources: dict[str, Source] = {}
    problems: list[Problem] = []
    for name, path, folder in (*_shipped(), *_team(extra, problems)):
        loaded = read(name, path, folder)
        if isinstance(loaded, Problem):
            problems.append(loaded)
        elif loaded.id in sources:
            problems.append(_twice(loaded, sources[loaded.id].file))
        else:
            sources[loaded.id] = loaded
    return Loaded(tuple(sources.values()), tuple(problems))


def read(name: str, path: "Traversable", folder: str | None = None) -> Source | Problem:
    """Read one file; `folder` is the topic that its folder stands for, if it does."""
    try:
        # Of an editor on Windows too: the parser keeps a carriage return within a string.
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as error:
        reason = error.strerror or str(error)
        return Problem(name, 1, "", f"cannot be read ({reason})", "Mend it or take it away.")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        return Problem(name, line, "", "is not UTF-8", "Save the file as UTF-8.")
    try:
        item = msgspec.convert(rtoml.loads(text), Item)
    except rtoml.TomlParsingError as error:
        return _syntax(name, text, str(error))
    except msgspec.ValidationError as error:
        return _invalid(name, text, str(error))
    return _source(name, path, folder, text, item)


def _source(
    name: str, path: "Traversable", folder: str | None, text: str, item: Item
) -> Source | Problem:
    ident = path.name.removesuffix(".toml")
    if not _ID.fullmatch(ident):
        return Problem(
            name,
            1,
            "",
            f"`{ident}` cannot be an id",
            "Name the file with small letters, digits and hyphens only.",
        )
    if folder is not None and item.topic != folder and folder in TOPICS:
        return Problem(
            name,
            locate(text, "topic"),
            "topic",
            f"is `{item.topic}` in the folder `{folder}`",
            f'Write topic = "{folder}", or move the file.',
        )
    for fault in structure(item):
        return fault.at(name, text)
    return Source(ident, item, name, path, shipped=folder is not None)


def shipped_folder() -> Path:
    """The folder `content`, wherever the package is installed."""
    return Path(content.__file__).parent


def _shipped() -> Iterator[tuple[str, "Traversable", str | None]]:
    questions = shipped_folder() / "questions"
    if not questions.is_dir():
        return
    for topic in sorted(questions.iterdir(), key=_name):
        if topic.is_dir():
            for path in sorted(topic.iterdir(), key=_name):
                if path.name.endswith(".toml"):
                    yield f"content/questions/{topic.name}/{path.name}", path, topic.name


def _name(path: "Traversable") -> str:
    return path.name


def _team(
    folder: Path | None, problems: list[Problem]
) -> Iterator[tuple[str, "Traversable", str | None]]:
    if folder is None:
        return
    if not folder.is_dir():
        problems.append(
            Problem(
                str(folder),
                1,
                "",
                "is not a folder",
                "Name the folder of your own questions in NUMPY_BOT_CONTENT, or nothing.",
            )
        )
        return
    for path in sorted(folder.glob("**/*.toml")):
        if path != folder / beliefs.NAME:
            yield str(path), path, None


def _twice(source: Source, first: str) -> Problem:
    return Problem(
        source.file, 1, "", f"the id `{source.id}` is taken by {first}", "Rename one of the files."
    )


def _syntax(name: str, text: str, message: str) -> Problem:
    found = _AT_LINE.search(message)
    line = int(found[1]) if found else len(text.splitlines()) or 1
    message = _AT_LINE.sub("", message)
    return Problem(
        name,
        line,
        "",
        f"is not TOML: {message[:1].lower()}{message[1:]}",
        "Quote strings, and put long text and code between ''' marks.",
    )


def _invalid(name: str, text: str, message: str) -> Problem:
    """Turn msgspec's message into one that says where and what instead."""
    found = _AT_PATH.search(message)
    path = found[1] if found else ""
    message = _AT_PATH.sub("", message)
    field = _NAMED.search(message)
    if field:
        whole = f"{path}.{field[1]}" if path else field[1]
        if "unknown" in message:
            said, remedy = "is no field that is known", _nearest(path, field[1])
        else:
            said, remedy = "is missing", "Write it."
        return Problem(name, locate(text, whole), whole, said, remedy)
    said = message[:1].lower() + message[1:]
    return Problem(name, locate(text, path), path, said, _remedy(path))


def _nearest(path: str, field: str) -> str:
    import difflib  # noqa: PLC0415 -- slow to import, rarely needed

    fields = Item.__struct_fields__
    if path.startswith(("right", "wrong")):
        fields = Option.__struct_fields__
    elif path.startswith("follow_up"):
        fields = FollowUp.__struct_fields__
    close = difflib.get_close_matches(field, fields, n=1)
    if close:
        return f"Did you mean `{close[0]}`?"
    return f"Take it out; the fields are {', '.join(fields)}."


def _remedy(path: str) -> str:
    known = {
        "kind": f"Write one of {', '.join(KINDS)}.",
        "type": f"Write one of {', '.join(ANSWER_TYPES)}.",
        "level": "Write 1, 2 or 3.",
    }
    return known.get(path, "Write a value of that type; text stands in quotes.")
