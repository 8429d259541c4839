"""The authors' guide shows what the bank really holds."""

import re
import tomllib
from pathlib import Path

import msgspec
import pytest

from content.schema import ANSWER_TYPES, KINDS, FollowUp, Item, Option

ROOT = Path(__file__).parent.parent
GUIDE = (ROOT / "content/README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```toml\n# (content/\S+)\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(("file", "text"), EXAMPLES)
def test_an_example_is_a_file_of_the_bank(file: str, text: str) -> None:
    """What an author copies has been checked with the bank."""
    assert (ROOT / file).read_text(encoding="utf-8").strip() == text.strip()


def test_there_is_an_example_of_every_kind() -> None:
    """Each kind of question is shown once, whole."""
    assert sorted(KINDS) == sorted(tomllib.loads(text)["kind"] for _, text in EXAMPLES)


@pytest.mark.parametrize("struct", [Item, Option, FollowUp])
def test_every_field_is_explained(struct: type[msgspec.Struct]) -> None:
    """No field of the format is left for the author to guess."""
    missing = [name for name in struct.__struct_fields__ if f"`{name}`" not in GUIDE]
    assert [] == missing


def test_every_answer_type_is_named() -> None:
    """An author sees all types that a typed answer can have."""
    assert [] == [name for name in ANSWER_TYPES if f"`{name}`" not in GUIDE]
