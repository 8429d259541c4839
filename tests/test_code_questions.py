"""Questions in code from end to end: asked, answered, and left out where they cannot be run."""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.events import Code, Invalid
from bot.grading.expression import NOT_RUN
from bot.markup import words
from bot.sandbox.rules import LONGEST
from bot.sandbox.sandbox import Sandbox
from tests.fakes import World, card, note, opened, some_of

CODE, STEPS, CHOICE = "make-it-a-column", "two-rows-swapped", "list-times-two"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has the jail")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A team with two questions in code and a choice, where code is run."""
    with World(tmp_path, bank=some_of(CODE, STEPS, CHOICE)) as world:
        world.run(world.desk.sandbox.open(quick=True))
        yield world
        world.desk.sandbox.close()


def kept(world: World) -> list[tuple[object, ...]]:
    """What is stored of answers."""
    return world.rows("SELECT outcome, points, text FROM answers")


def test_a_right_answer_earns_its_points(world: World) -> None:
    """Its code is kept, and shown above the verdict as it was typed."""
    post = world.study("Bea", CODE)
    (shown,) = world.submit("Bea", f"form:answer:{post.id}:", {"text": ("x.reshape(-1,\n  1)",)})
    assert "Right · +2 points" == shown.card.title  # type: ignore[union-attr]
    assert [("right", 2, "x.reshape(-1,\n  1)")] == kept(world)
    above = shown.above  # type: ignore[union-attr]
    assert above is not None
    assert Code("x.reshape(-1,\n  1)") == above.blocks[-1]


def test_a_wrong_answer_is_explained(world: World) -> None:
    """What came out, the belief behind it, and one way to write it."""
    post = world.study("Bea", CODE)
    verdict = card(world.submit("Bea", f"form:answer:{post.id}:", {"text": ("x[None]",)}))
    said = words(verdict)
    assert "Not quite" == verdict.title
    assert "its shape is (1, 4), and (4, 1) is asked for" in said
    assert "x[:, np.newaxis]" in said
    assert [("wrong", 0, "x[None]")] == kept(world)


def test_what_is_not_allowed_can_be_sent_again(world: World) -> None:
    """The form stays, with the place of the fault; nothing is stored."""
    post = world.study("Bea", CODE)
    form = opened(world.press("Bea", f"form:answer:{post.id}:")).form
    (reply,) = world.submit("Bea", form.id, {"text": ("open('x')",)})
    assert isinstance(reply, Invalid)
    assert ("text", "open('x')\n^") == (reply.field, reply.place)
    told = note(world.submit("Bea", form.id, {"text": ("x" * 40_000,)}))
    assert f"Write at most {LONGEST} characters." in told
    assert note(world.submit("Bea", form.id, {"text": (" ",)}))
    assert [] == kept(world)


def test_a_function_s_first_line_stands_in_the_form(world: World) -> None:
    """The names of its inputs need not be looked up."""
    post = world.study("Bea", STEPS)
    (field,) = opened(world.press("Bea", f"form:answer:{post.id}:")).form.fields
    assert ("prose", "def solve(table, i, j):\n    return ") == (field.kind, field.value)
    text = field.value.replace(
        "return ", "b = table.copy()\n    b[[i, j]] = b[[j, i]]\n    return b"
    )
    verdict = card(world.submit("Bea", f"form:answer:{post.id}:", {"text": (text,)}))
    assert "Right · +4 points" == verdict.title


def test_where_code_cannot_be_run_it_is_not_asked(tmp_path: Path) -> None:
    """Neither in practice nor as a daily; the rest works."""
    with World(tmp_path, bank=some_of(CODE, CHOICE)) as world:
        bank = asyncio.run(world.desk.bank())
        assert [CHOICE] == [entry.id for entry in world.desk.askable(bank)]
        world.schedule()
        world.wait(hours=1)
        world.tick()
        assert [(CHOICE,)] == world.rows("SELECT source FROM posts WHERE kind = 'daily'")


def test_where_code_cannot_be_run_the_author_s_is_there_to_compare(tmp_path: Path) -> None:
    """Whoever opens such a question in the study guide still learns from it; nothing is kept."""
    with World(tmp_path, bank=some_of(CODE)) as world:
        post = world.study("Bea", CODE)
        shown = card(world.submit("Bea", f"form:answer:{post.id}:", {"text": ("x[:, None]",)}))
        assert "Code can't be run here" in words(shown)
        assert [("noted", 0, "")] == kept(world)


def test_a_daily_in_code_waits_while_nothing_can_be_run(tmp_path: Path) -> None:
    """An answer that could not be run counts for nothing, and can be sent again."""
    with World(tmp_path, bank=some_of(CODE)) as world:
        world.run(world.desk.sandbox.open(quick=True))
        world.schedule()
        world.wait(hours=1)
        world.tick()
        ((post_id,),) = world.rows("SELECT id FROM posts WHERE kind = 'daily'")
        form, text = f"form:answer:{post_id}:", {"text": ("x[:, None]",)}
        world.desk.sandbox.close()
        assert NOT_RUN == note(world.submit("Bea", form, text))
        assert [] == kept(world)
        world.desk.sandbox = Sandbox()
        world.run(world.desk.sandbox.open(quick=True))
        assert "Right" in card(world.submit("Bea", form, text)).title
        world.desk.sandbox.close()
