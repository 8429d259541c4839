"""A limit on how often something is done."""

from collections import deque
from collections.abc import Callable


class Budget:
    """At most `most` times in `span` seconds, by a `clock` in seconds."""

    def __init__(self, clock: Callable[[], float], most: int, span: float) -> None:
        self._clock, self._most, self._span = clock, most, span
        self._spent: deque[float] = deque()

    def wait(self) -> float:
        """Seconds until there is one to spend."""
        now = self._clock()
        while self._spent and self._spent[0] <= now - self._span:
            self._spent.popleft()
        if len(self._spent) < self._most:
            return 0.0
        return self._spent[len(self._spent) - self._most] + self._span - now

    def left(self) -> int:
        """How many there are to spend now."""
        return 0 if self.wait() else self._most - len(self._spent)

    def spend(self) -> None:
        """One is being done, whether there was one to spend or not."""
        self._spent.append(self._clock())
