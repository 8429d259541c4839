"""A strict Discord on loopback: the Web API, the gateway, and people.

Whatever real Discord would refuse or a member would notice goes to `problems`, so that a test
ends with `assert [] == discord.problems`. Faults are put in front of calls with `fail`.
"""

from typing import Self

from aiohttp import web

from tests.discord_people import People
from tests.discord_rest import BASE


class DiscordServer(People):
    """The loopback Discord, as an async context manager."""

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=32 * 1024 * 1024)
        app.router.add_get("/gateway/", self.gateway)
        app.router.add_route("*", "/{path:.*}", self.rest)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        place = f"127.0.0.1:{self._runner.addresses[0][1]}"
        self.api_url = f"http://{place}{BASE}"
        self.gateway_url = f"ws://{place}/gateway/"
        return self

    async def __aexit__(self, *_: object) -> None:
        self.closing.set()
        self.drop_sockets()
        await self._runner.cleanup()
