"""A process that has imported all that ours depends on, and does nothing."""

import sys

import aiohttp
import apscheduler.schedulers.asyncio
import cachetools
import click
import discord
import markdown_it
import msgspec
import numpy as np
import packaging.specifiers
import platformdirs
import rich.console
import slack_bolt.async_app
import slack_sdk.web.async_client
import sqlite_utils
import yaml

IMPORTED = (
    *(aiohttp, apscheduler, cachetools, click, discord, markdown_it, msgspec, np, packaging),
    *(platformdirs, rich, slack_bolt, slack_sdk, sqlite_utils, yaml),
)

if __name__ == "__main__":
    sys.stdout.write(f"{len(IMPORTED)}\n")
    sys.stdout.flush()
    sys.stdin.read()
