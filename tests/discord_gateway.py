"""The gateway of the loopback Discord: sessions that are identified, resumed and broken."""

import asyncio
import json
import time
import zlib
from collections import deque
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

from tests.discord_calls import Calls
from tests.discord_places import Guild
from tests.discord_schema import Json

DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, RESUME = 0, 1, 2, 3, 6
RECONNECT, INVALID_SESSION, HELLO, ACK = 7, 9, 10, 11
GUILDS, PRIVILEGED = 1 << 0, 1 << 1 | 1 << 8 | 1 << 15
MOST_FRAMES, FRAME_SECONDS = 120, 60.0
# After these a session is over: of the others a client may resume.
ENDING = {1000, 1001, 4004, 4007, 4009, 4010, 4011, 4012, 4013, 4014}


@dataclass(eq=False)
class Session:
    """What a shard of the bot was told; it outlives the sockets that it is told by."""

    id: str
    shard: int
    shards: int
    log: list[Json] = field(default_factory=list)
    socket: "Socket | None" = None
    alive: bool = True


@dataclass(eq=False)
class Socket:
    """A connection of the bot; frames leave in the order in which they came to `frames`."""

    ws: web.WebSocketResponse
    transport: asyncio.BaseTransport | None
    packer: "zlib._Compress | None"
    frames: asyncio.Queue[Json] = field(default_factory=asyncio.Queue)
    session: Session | None = None
    times: deque[float] = field(default_factory=deque)

    async def send(self, frame: Json) -> None:
        """Send a frame, compressed where the bot asked for it."""
        text = json.dumps(frame)
        if self.packer is None:
            await self.ws.send_str(text)
        else:
            packed = self.packer.compress(text.encode())
            await self.ws.send_bytes(packed + self.packer.flush(zlib.Z_SYNC_FLUSH))

    def cut(self) -> None:
        """Break the line."""
        if isinstance(self.transport, asyncio.WriteTransport):
            self.transport.abort()


class Gateway(Calls):
    """All sessions of the bot.

    Set `heartbeat_interval` (ms), `shards` (what to recommend), `mute` to acknowledge no more
    heartbeats, `refuse_sockets` for so many connections that do not open, `revoked` to take the
    token away.
    """

    gateway_url: str

    def __init__(self) -> None:
        super().__init__()
        self.token = "MTIzNDU2Nzg5MDEyMzQ1Njc4.L00p.server-that-is-not-real"  # noqa: S105 - of one that is not real
        self.revoked = False
        self.heartbeat_interval = 41_250
        self.shards = 1
        self.mute = False
        self.refuse_sockets = 0
        self.sessions: dict[str, Session] = {}
        self.identifies: list[Json] = []
        self.resumes: list[Json] = []
        self.heartbeats = 0
        self._sockets: list[Socket] = []
        self._flow = asyncio.Event()
        self._flow.set()

    @property
    def connections(self) -> int:
        """How many shards of the bot are connected and identified."""
        return sum(socket.session is not None for socket in self._sockets)

    async def wait_connected(self, connections: int = 1) -> None:
        """Wait for the bot's shards."""
        await self.until(lambda: self.connections >= connections)

    def emit(self, event: str, data: Json, guild: Guild | None = None) -> bool:
        """Dispatch an event to the shard of a guild, or to the first; whether there is one.

        A session that has no socket is told when it resumes.
        """
        data, reached = json.loads(json.dumps(data)), False
        for session in self.sessions.values():
            mine = (guild.id >> 22) % session.shards if guild else 0
            if session.alive and session.shard == mine:
                self._dispatch(session, event, data)
                reached = True
        return reached

    def drop_sockets(self) -> None:
        """Cut all connections, as a broken line does."""
        for socket in self._sockets:
            socket.cut()

    async def close_sockets(self, code: int) -> None:
        """Close all connections with a code, 4000 to 4014."""
        for socket in [*self._sockets]:
            if socket.session and code in ENDING:
                socket.session.alive = False
            await socket.ws.close(code=code, message=b"on purpose")

    def ask_reconnect(self) -> None:
        """Ask the bot to connect anew, as Discord does every few hours."""
        for socket in self._sockets:
            socket.frames.put_nowait({"op": RECONNECT, "d": None, "s": None, "t": None})

    def invalidate(self, *, resumable: bool = False) -> None:
        """Tell the bot that its sessions are invalid."""
        for socket in self._sockets:
            if socket.session:
                socket.session.alive = resumable
            frame = {"op": INVALID_SESSION, "d": resumable, "s": None, "t": None}
            socket.frames.put_nowait(frame)

    def forget_sessions(self) -> None:
        """Let no session be resumed; connections stay."""
        for session in self.sessions.values():
            session.alive = False

    def stall(self) -> None:
        """Send nothing more, although the connections stay; `flow` ends it."""
        self._flow.clear()

    def flow(self) -> None:
        """Send what had to wait."""
        self._flow.set()

    async def gateway(self, request: web.Request) -> web.StreamResponse:
        """A connection of the bot, until it ends."""
        if self.refuse_sockets:
            self.refuse_sockets -= 1
            await self.tell()
            raise web.HTTPServiceUnavailable
        if request.query.get("v") != "10" or request.query.get("encoding") != "json":
            self.problems.append(f"a gateway for {dict(request.query)}")
        packs = request.query.get("compress") == "zlib-stream"
        ws = web.WebSocketResponse(max_msg_size=4096, compress=False)
        await ws.prepare(request)
        socket = Socket(ws, request.transport, zlib.compressobj() if packs else None)
        self._sockets.append(socket)
        writer = asyncio.create_task(self._write(socket))
        hello = {"heartbeat_interval": self.heartbeat_interval, "_trace": ["loopback"]}
        socket.frames.put_nowait({"op": HELLO, "d": hello, "s": None, "t": None})
        try:
            async for message in ws:
                if message.type == aiohttp.WSMsgType.TEXT:
                    await self._read(socket, message.json())
                    await self.tell()
        finally:
            self._sockets.remove(socket)
            writer.cancel()
            if socket.session and socket.session.socket is socket:
                socket.session.socket = None
                if ws.close_code in ENDING:
                    socket.session.alive = False
            await self.tell()
        return ws

    async def _write(self, socket: Socket) -> None:
        try:
            while True:
                frame = await socket.frames.get()
                await self._flow.wait()
                await socket.send(frame)
        except ConnectionError:
            # The line broke; whoever reads it cleans up.
            return

    async def _read(self, socket: Socket, frame: Json) -> None:
        now = time.monotonic()
        socket.times.append(now)
        while now - socket.times[0] > FRAME_SECONDS:
            socket.times.popleft()
        if len(socket.times) > MOST_FRAMES:
            self.problems.append("more than 120 gateway frames in a minute")
            await socket.ws.close(code=4008)
        match frame.get("op"):
            case op if op == HEARTBEAT:
                self.heartbeats += 1
                if not self.mute:
                    socket.frames.put_nowait({"op": ACK, "d": None, "s": None, "t": None})
            case op if op == IDENTIFY:
                await self._identify(socket, frame["d"])
            case op if op == RESUME:
                await self._resume(socket, frame["d"])
            case op if op == PRESENCE and socket.session:
                pass
            case op:
                self.problems.append(f"an unknown or early gateway frame: op {op}")
                await socket.ws.close(code=4003 if socket.session is None else 4001)

    async def _identify(self, socket: Socket, data: Json) -> None:
        self.identifies.append(data)
        if socket.session is not None:
            self.problems.append("a second IDENTIFY")
            await socket.ws.close(code=4005)
            return
        if data.get("token") != self.token or self.revoked:
            await socket.ws.close(code=4004, message=b"Authentication failed.")
            return
        intents = data.get("intents")
        if intents != GUILDS:
            self.problems.append(f"intents are {intents}, needed are {GUILDS}")
            if not isinstance(intents, int) or intents & PRIVILEGED:
                await socket.ws.close(code=4014 if isinstance(intents, int) else 4013)
                return
        shard, shards = data.get("shard") or (0, 1)
        if not 0 <= shard < shards:
            self.problems.append(f"a shard {shard} of {shards}")
            await socket.ws.close(code=4010)
            return
        for session in self.sessions.values():
            if session.shard == shard and session.socket is None:
                session.alive = False
        session = Session(f"session{len(self.sessions):04}", shard, shards, socket=socket)
        self.sessions[session.id] = socket.session = session
        guilds = [guild for guild in self.guilds.values() if guild.installed]
        guilds = [guild for guild in guilds if (guild.id >> 22) % shards == shard]
        self._dispatch(session, "READY", self._ready(session, guilds))
        for guild in guilds:
            self._dispatch(session, "GUILD_CREATE", guild.created(self.bot))

    def _ready(self, session: Session, guilds: list[Guild]) -> Json:
        user = self.bot.body() | {"verified": True, "mfa_enabled": True, "flags": 0, "email": None}
        told: Json = {"v": 10, "user": user, "session_type": "normal", "session_id": session.id}
        told |= {"guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds]}
        told |= {"resume_gateway_url": self.gateway_url, "shard": [session.shard, session.shards]}
        told |= {"application": {"id": str(self.bot.id), "flags": 0}, "private_channels": []}
        return told | {
            "user_settings": {},
            "relationships": [],
            "presences": [],
            "guild_join_requests": [],
        }

    async def _resume(self, socket: Socket, data: Json) -> None:
        self.resumes.append(data)
        if data.get("token") != self.token or self.revoked:
            await socket.ws.close(code=4004, message=b"Authentication failed.")
            return
        session = self.sessions.get(str(data.get("session_id")))
        if session is None or not session.alive:
            frame = {"op": INVALID_SESSION, "d": False, "s": None, "t": None}
            socket.frames.put_nowait(frame)
            return
        seen: Any = data.get("seq")
        if not isinstance(seen, int) or seen > len(session.log):
            session.alive = False
            await socket.ws.close(code=4007)
            return
        if session.socket is not None:
            session.socket.session = None
            session.socket.cut()
        session.socket, socket.session = socket, session
        for frame in session.log[seen:]:
            socket.frames.put_nowait(frame)
        self._dispatch(session, "RESUMED", {"_trace": ["loopback"]})

    def _dispatch(self, session: Session, event: str, data: Json) -> None:
        frame = {"op": DISPATCH, "t": event, "s": len(session.log) + 1, "d": data}
        session.log.append(frame)
        if session.socket is not None:
            session.socket.frames.put_nowait(frame)
