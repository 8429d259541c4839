"""The bank as a study guide: topics, their questions in reading order, search."""

from bot.bank.bank import Entry
from bot.bank.choices import shuffled
from bot.cards import guide
from bot.cards.question import study_card
from bot.commands import LONGEST_WORDS, Learn, topics_like
from bot.events import Reply, Show, To
from bot.markup import plain, runs
from bot.quiz import practice
from bot.quiz.desk import Desk
from bot.store import withheld
from bot.store.people import Visit
from content.overviews import OVERVIEWS
from content.schema import TOPICS

HELD_BACK = "That one is open as a daily in your team right now. It comes back when it closes."


def ordered(entries: list[Entry]) -> list[Entry]:
    """A topic's questions in the order to read them: the easy ones first, families last."""
    return sorted(entries, key=lambda entry: (entry.level, entry.family, entry.id))


async def learn(desk: Desk, visit: Visit, asked: Learn, page: int = 0) -> list[Reply]:
    """The guide's topics, one topic's questions, or what a search finds."""
    bank = await desk.bank()
    held = withheld.from_member(desk.database.read, visit)
    by_topic = {
        topic: ordered([entry for entry in bank.entries.values() if entry.topic == topic])
        for topic in TOPICS
    }
    if not asked.topic and not asked.words:
        counts = [(topic, len(entries)) for topic, entries in by_topic.items() if entries]
        return [Show(guide.topics_card(counts, len(held)))]
    places = {
        entry.id: place for entries in by_topic.values() for place, entry in enumerate(entries)
    }
    if asked.topic:
        found, title = by_topic[asked.topic], TOPICS[asked.topic]
    else:
        found, title = bank.search(asked.words), f"Found for “{asked.words}”"
        named = [entry for entry in found if _is_named(entry, asked.words)]
        if len(named) == 1:
            return await open_one(desk, visit, named[0].topic, places[named[0].id])
    lines = [
        guide.Line(entry.topic, places[entry.id], entry.level, entry.title)
        for entry in found
        if entry.id not in held
    ]
    more = ("topic", asked.topic) if asked.topic else ()
    to: To = "replace" if page else "private"
    overview = OVERVIEWS.get(asked.topic)
    return [Show(guide.questions_card(title, lines, page, more, overview), to)]


def _title(entry: Entry) -> str:
    """An entry's title as it can be typed."""
    return plain(runs(entry.title))[:LONGEST_WORDS].strip()


def _is_named(entry: Entry, words: str) -> bool:
    """Whether somebody typed, or took over, the title of this entry."""
    return _title(entry).casefold() == words.strip().casefold()


async def suggest(desk: Desk, visit: Visit | None, words: str) -> list[str]:
    """Topics and titles for words that are being typed, the topics first.

    What is open as a daily is none of them; to somebody whom nobody knows yet, whose teams
    cannot be told, no title is suggested.
    """
    found = topics_like(words)
    if visit is None or not words.strip():
        return found
    held = withheld.from_member(desk.database.read, visit)
    entries = (await desk.bank()).search(words)
    return found + [_title(entry) for entry in entries if entry.id not in held]


async def open_one(desk: Desk, visit: Visit, topic: str, place: int) -> list[Reply]:
    """One question of the guide, to answer or to see explained."""
    bank = await desk.bank()
    entries = ordered([entry for entry in bank.entries.values() if entry.topic == topic])
    if not 0 <= place < len(entries):
        return [Show(guide.notice(guide.UNKNOWN_BUTTON))]
    entry = entries[place]
    seed = desk.rng.randrange(1_000_000) if entry.family else None
    question = shuffled(await desk.question(entry.id, seed, entry.level), desk.rng)

    post = await practice.begin(desk, visit, question)
    return [Show(study_card(post) if post else guide.notice(HELD_BACK))]
