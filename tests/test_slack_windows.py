"""Windows in a workspace: answers, the schedule and the home, and what becomes of them."""

from bot.quiz.study import ordered
from tests.slack_forms import buttons, words
from tests.slack_state import Ephemeral
from tests.slack_team import CHANNEL, Play, SlackTeam, title
from tests.slack_team import buttons as buttons_of


async def study(team: SlackTeam, source: str) -> Ephemeral:
    """Open a question of the study guide and give its card."""
    topic = team.bank.entries[source].topic
    entries = ordered([one for one in team.bank.entries.values() if one.topic == topic])
    wanted = f"card:study:{topic}:{[one.id for one in entries].index(source)}"
    page = await team.slash("UBEA", f"learn {topic}")
    while wanted not in [button["action_id"] for button in buttons_of(page.blocks)]:
        await team.press("UBEA", page, "More")
        page = team.slack.ephemerals_of("UBEA")[-1]
    await team.press("UBEA", page, wanted)
    return team.slack.ephemerals_of("UBEA")[-1]


def of_kind(team: SlackTeam, kind: str) -> str:
    """A shipped question of a kind."""
    return next(one.id for one in team.bank.entries.values() if one.kind == kind and not one.family)


def test_a_typed_answer_becomes_its_verdict_in_the_form(play: Play) -> None:
    """What cannot be read is noted in the form and costs nothing; then the form is the verdict."""

    async def act(team: SlackTeam) -> None:
        source = of_kind(team, "predict")
        asked = await study(team, source)
        await team.press("UBEA", asked, "Answer…")
        form = team.slack.top_view("UBEA")
        assert form is not None
        question = team.bank.question(source)
        assert question.code in words(form.blocks)
        await team.submit("UBEA", {"text": "??"})
        assert ["text"] == list(form.errors)
        assert [] == team.rows("SELECT * FROM answers")
        assert question.key is not None
        await team.submit("UBEA", {"text": question.key.text})
        verdict = team.slack.top_view("UBEA")
        assert verdict is not None
        assert question.code in words(verdict.blocks)
        assert "🟢 Right" in words(verdict.blocks)
        assert [("right",)] == team.rows("SELECT outcome FROM answers")
        await team.press("UBEA", verdict, "Explain")
        explained = team.slack.top_view("UBEA")
        assert explained is not None
        assert verdict.id == explained.previous_id
        assert "Explained · " in words(explained.blocks)
        await team.press("UBEA", explained, "Another like this")
        sibling = team.slack.top_view("UBEA")
        assert sibling is not None
        assert "Practice · " in words(sibling.blocks)

    play(act)


def test_several_of_many_are_ticked(play: Play) -> None:
    """Check boxes, one an option; the exact set is right."""

    async def act(team: SlackTeam) -> None:
        await team.press("UBEA", await study(team, of_kind(team, "several")), "Answer…")
        post_id = team.rows("SELECT max(id) FROM posts")[0][0]
        choices = team.post(post_id).question.choices
        ticks = [str(index) for index, one in enumerate(choices) if one.right]
        await team.submit("UBEA", {"picks": ticks})
        verdict = team.slack.top_view("UBEA")
        assert verdict is not None
        assert "🟢 Right" in words(verdict.blocks)

    play(act)


def test_an_open_answer_is_compared_by_its_writer(play: Play) -> None:
    """The model answer in the form's place, then a form with its key points to tick."""

    async def act(team: SlackTeam) -> None:
        await team.press("UBEA", await study(team, of_kind(team, "open")), "Answer…")
        await team.submit("UBEA", {"text": "It depends.\n\nOn everything."})
        model = team.slack.top_view("UBEA")
        assert model is not None
        assert "A model answer" in words(model.blocks)
        await team.press("UBEA", model, "Tick my key points")
        await team.submit("UBEA", {"picks": ["0"]})
        ticked = team.slack.top_view("UBEA")
        assert ticked is not None
        assert "You had 1 of " in words(ticked.blocks)
        assert [("noted", "")] == team.rows("SELECT outcome, text FROM answers")

    play(act)


def test_an_expression_is_written_on_several_lines(play: Play) -> None:
    """The form takes lines of code, and shows one way to write it."""

    async def act(team: SlackTeam) -> None:
        source = of_kind(team, "expression")
        await team.press("UBEA", await study(team, source), "Answer…")
        await team.submit("UBEA", {"text": "np.where(\n    a > 0, a, 0)"})
        answer = team.slack.top_view("UBEA")
        assert answer is not None
        assert team.bank.question(source).solution in words(answer.blocks)

    play(act)


def test_the_schedule_form(play: Play) -> None:
    """A field that cannot be used is named; what was saved stands in the form's place."""

    async def act(team: SlackTeam) -> None:
        await team.does(team.slack.slash("UADA", CHANNEL, "schedule"))
        form = team.slack.top_view("UADA")
        assert form is not None
        await team.submit("UADA", {"zone": "Berlun"})
        assert ["zone"] == list(form.errors)
        await team.submit("UADA", {"zone": "Europe/Berlin", "time": "8:30", "days": "mon, wed"})
        saved = team.slack.top_view("UADA")
        assert saved is not None
        assert "08:30 Europe/Berlin, Mon, Wed" in words(saved.blocks)
        assert "Ada set up the daily of this channel" in words(team.channel.messages[-1].blocks)
        await team.press("UADA", saved, "Preview")
        preview = team.slack.top_view("UADA")
        assert preview is not None
        assert "The next dailies" in words(preview.blocks)

    play(act)


def test_the_home_follows_what_its_member_does(play: Play) -> None:
    """Who is new reads what this is; then today's state, which an answer changes."""

    async def act(team: SlackTeam) -> None:
        await team.does(team.slack.open_home("UBEA"))
        assert "NumPy, one question a day" == title(team.slack.homes["UBEA"].blocks)
        daily = await team.begin()
        await team.answer("UBEA", daily)
        home = team.slack.homes["UBEA"]
        assert "daily #1 answered, +10 points" in words(home.blocks)
        count = len([one for one in team.slack.calls if one.method == "views.publish"])
        await team.slash("UBEA", "help")
        assert count == len([one for one in team.slack.calls if one.method == "views.publish"])
        await team.press("UBEA", home, "Quiz me")
        quiz = team.slack.top_view("UBEA")
        assert quiz is not None
        assert "Practice · " in words(quiz.blocks)

    play(act)


def test_a_whole_round_in_a_window(play: Play) -> None:
    """From the home one practises in a window: the question stays above its verdict."""

    async def act(team: SlackTeam) -> None:
        await team.does(team.slack.open_home("UBEA"))
        await team.press("UBEA", team.slack.homes["UBEA"], "Broadcasting")
        guide_page = team.slack.top_view("UBEA")
        assert guide_page is not None
        await team.press("UBEA", guide_page, buttons(guide_page.blocks)[0])
        asked = team.slack.top_view("UBEA")
        assert asked is not None
        stem = words(asked.blocks).splitlines()[1]
        first = buttons(asked.blocks)[0]
        if first != "Answer…":
            await team.press("UBEA", asked, first)
            assert stem in words(asked.blocks)
        else:
            await team.press("UBEA", asked, "Show the answer")
        assert 1 == len(team.slack.modals["UBEA"][-1:])

    play(act)
