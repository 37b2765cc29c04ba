# SPDX-License-Identifier: MIT
#
# A client of python-socketio's, sync or async: subscribes, prints what comes as a JSON array a
# line, and leaves at the message "the end".
#
#   python_client.py sync|async URL TRANSPORTS JSON
#
# TRANSPORTS are joined by commas. The JSON has the arguments of connect(), `auth` and `headers`,
# and the event to `ask` with, if any.
# A client that says in `auth` who it is gets the offset as one more argument.
import asyncio
import json
import sys

import socketio

kind, url, transports, how = sys.argv[1:]
how = json.loads(how)
namespace = "/io/user/notifications"
arguments = {
    "namespaces": [namespace],
    "transports": transports.split(","),
    "auth": how.get("auth"),
    "headers": how.get("headers", {}),
}


def say(*what):
    print(json.dumps(what), flush=True)


def run_sync():
    client = socketio.Client(reconnection=False)

    @client.on("internal", namespace=namespace)
    def on_internal(event, *offset):
        say("internal", event["code"])

    @client.on("notification", namespace=namespace)
    def on_notification(event, *offset):
        say("notification", event["message"])
        if event["message"] == "the end":
            say("transport", client.transport())
            client.disconnect()

    client.connect(url, **arguments)
    if "ask" in how:
        client.emit(*how["ask"], namespace=namespace)
    client.wait()


async def run_async():
    client = socketio.AsyncClient(reconnection=False)
    ended = asyncio.Event()

    @client.on("internal", namespace=namespace)
    async def on_internal(event, *offset):
        say("internal", event["code"])

    @client.on("notification", namespace=namespace)
    async def on_notification(event, *offset):
        say("notification", event["message"])
        if event["message"] == "the end":
            say("transport", client.transport())
            ended.set()

    @client.on("disconnect", namespace=namespace)
    async def on_disconnect(*_):
        ended.set()

    await client.connect(url, **arguments)
    if "ask" in how:
        await client.emit(*how["ask"], namespace=namespace)
    await ended.wait()
    await client.disconnect()


if kind == "sync":
    run_sync()
else:
    asyncio.run(run_async())
say("left")
