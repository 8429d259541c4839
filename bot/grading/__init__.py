"""Grading: an answer and its key become a Mark, by parsing only, never by running anything."""

from bot.grading.grade import grade
from bot.grading.picks import grade_picks
from bot.grading.typed import grade_typed

__all__ = ["grade", "grade_picks", "grade_typed"]
