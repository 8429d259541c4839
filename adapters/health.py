"""Whether the bot is well, for a supervisor and for Prometheus: `/healthz` and `/metrics`.

Nothing here names a person, a channel or a question.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import get_args

from aiohttp import web
from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from bot.clock import Clock
from bot.errors import SettingError
from bot.model import Outcome, PostKind
from bot.quiz.desk import Desk
from bot.service import STATES, Service
from bot.store import outbox, schedules
from bot.store.outbox import Waiting
from bot.tally import ENDS, ERRORS

PATIENCE = 90.0
"""Seconds without a tick that worked, after which the bot is not well: more than four ticks."""

LATE = 60
"""Seconds after which what is due is late; the channels of a full minute are spread over it."""

ENDING = 0.5
"""Seconds that whoever is being answered at the end has."""

Metric = GaugeMetricFamily | CounterMetricFamily


class Health:
    """What is told about a service at work."""

    def __init__(self, desk: Desk, service: Service, clock: Clock) -> None:
        self._desk, self._service, self._clock = desk, service, clock
        self._registry = CollectorRegistry()
        self._registry.register(Numbers(desk, service, clock))
        ProcessCollector(registry=self._registry)

    async def healthz(self, _: web.Request) -> web.Response:
        """200 while the bot works, 503 where starting it anew may help."""
        silent = self._service.silent()
        is_well = silent <= PATIENCE
        told = {
            "status": "ok" if is_well else "no tick has worked for too long; the log says why",
            "seconds_since_tick": round(silent, 1),
            "platforms": self._service.states(),
            "runs_code": self._desk.runs_code,
        }
        return web.json_response(told, status=200 if is_well else 503)

    async def metrics(self, request: web.Request) -> web.Response:
        """All numbers, in the one of Prometheus's text formats that is asked for."""
        encode, kind = choose_encoder(request.headers.get("Accept", ""))
        return web.Response(body=encode(self._registry), headers={"Content-Type": kind})

    @asynccontextmanager
    async def served(self, address: tuple[str, int]) -> AsyncIterator[None]:
        """Answer at an address meanwhile; raises SettingError where nobody can listen there."""
        app = web.Application()
        app.router.add_get("/healthz", self.healthz)
        app.router.add_get("/metrics", self.metrics)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=ENDING)
        await runner.setup()
        host, port = address
        try:
            try:
                await web.TCPSite(runner, host, port).start()
            except OSError as error:
                raise SettingError(
                    f"NUMPY_BOT_HEALTH names {host}:{port}, where this process cannot listen "
                    f"({error.strerror or error}). Name a free port, as in "
                    "NUMPY_BOT_HEALTH=127.0.0.1:8080"
                ) from error
            yield
        finally:
            await runner.cleanup()


class Numbers(Collector):
    """The numbers as they are when somebody asks."""

    def __init__(self, desk: Desk, service: Service, clock: Clock) -> None:
        self._desk, self._service, self._clock = desk, service, clock

    def collect(self) -> Iterator[Metric]:
        """Each number of the bot's own, with its labels."""
        yield from self._waiting()
        yield from self._counted()
        queue = self._desk.database.queued
        yield _gauge(
            "write_queue", "Functions that wait to be written to the database.", {(): queue}
        )
        silent = self._service.silent()
        yield _gauge("seconds_since_tick", "Seconds since the last tick that worked.", {(): silent})
        yield _gauge("runs_code", "1 while answers in code can be run.", {(): self._desk.runs_code})
        states = self._service.states()
        yield _gauge(
            "platform_state",
            "1 for the state that a platform is in.",
            {(name, state): state == is_in for name, is_in in states.items() for state in STATES},
            ("platform", "state"),
        )

    def _waiting(self) -> Iterator[Metric]:
        """What is still to be done, from the database."""
        read, now = self._desk.database.read, self._clock.now()
        plans, waiting = schedules.count_due(read, now), outbox.waiting(read, now, LATE)
        found = {name: waiting.get(name, Waiting(0, 0)) for name in sorted(self._desk.relays)}
        yield _gauge(
            "plans_due",
            "Dailies whose time has come and that are not planned yet.",
            {(name,): plans.get(name, 0) for name in found},
            ("platform",),
        )
        yield _gauge(
            "messages_due",
            "Messages that are to be sent by now.",
            {(name,): row.due for name, row in found.items()},
            ("platform",),
        )
        yield _gauge(
            "messages_late",
            f"Those among them that were to be sent {LATE} seconds ago or earlier.",
            {(name,): row.late for name, row in found.items()},
            ("platform",),
        )

    def _counted(self) -> Iterator[Metric]:
        """What happened since the start."""
        tally, names = self._desk.tally, sorted(self._desk.relays)
        messages = {(n, step, end): 0 for n in names for step in outbox.STEPS for end in ENDS}
        yield _counter(
            "messages",
            "Messages by how their delivery ended.",
            messages | tally.messages,
            ("platform", "step", "state"),
        )
        outcomes = [(kind, one) for kind in get_args(PostKind) for one in get_args(Outcome)]
        yield _counter(
            "answers",
            "Answers that were stored.",
            dict.fromkeys((one for one in outcomes if one[1] != "unclear"), 0) | tally.answers,
            ("kind", "outcome"),
        )
        errors = {(name, kind): 0 for name in names for kind in ERRORS.values()}
        yield _counter(
            "api_errors",
            "Calls of a platform that failed.",
            errors | tally.errors,
            ("platform", "error"),
        )


def _gauge(
    name: str, words: str, values: dict[tuple[str, ...], float], labels: tuple[str, ...] = ()
) -> Metric:
    metric = GaugeMetricFamily(f"numpy_bot_{name}", words, labels=labels)
    for key, value in values.items():
        metric.add_metric(key, value)
    return metric


def _counter(
    name: str, words: str, values: dict[tuple[str, ...], int], labels: tuple[str, ...]
) -> Metric:
    metric = CounterMetricFamily(f"numpy_bot_{name}", words, labels=labels)
    for key, value in values.items():
        metric.add_metric(key, value)
    return metric
