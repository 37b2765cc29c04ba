// SPDX-License-Identifier: MIT
//
// Engine.IO 4 and 3 by hand: what keeps a session alive, what ends it, and its upgrade.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { pause, until } from "../support/await.mjs";
import { RawWebSocket } from "../support/raw.mjs";
import { EchoServer } from "./support/echo_server.mjs";
import { Line, Polling, transports, versions } from "./support/engine.mjs";

const server = EchoServer.forThisFile();
const quick = EchoServer.forThisFile([]); // pings after 300 ms, waits 200 ms
const steady = EchoServer.forThisFile(["--ping-interval", "500ms", "--ping-timeout", "500ms"]);
const patient = EchoServer.forThisFile(["--ping-interval", "100ms", "--ping-timeout", "20s"]);
const [v4, v3] = versions;

for (const [name, Transport] of Object.entries(transports)) {
  describe(`heartbeat over ${name}:`, () => {
    test("EIO=4, the server pings and the client's pong brings the next one", async () => {
      const session = await Transport.open(patient.engineIo, v4);
      for (let i = 0; i < 5; ++i) {
        assert.equal(await session.next(), "2");
        await session.send("3");
      }
      await session.send("4hello");
      assert.equal((await session.take(2)).includes("4hello"), true);
      session.end();
    });

    test("EIO=3, the client pings and gets a pong with the same data", async () => {
      const session = await Transport.open(server.engineIo, v3);
      for (const data of ["", "probe", "é🎉", "", "x".repeat(1000)]) {
        await session.send(`2${data}`);
        assert.equal(await session.next(), `3${data}`);
      }
      session.end();
    });

    test("EIO=3, a client that pings outlives the timeout", async () => {
      const session = await Transport.open(steady.engineIo, v3);
      for (const end = Date.now() + 1500; Date.now() < end; ) {
        await session.send("2");
        assert.equal(await session.next(), "3");
      }
      session.end();
    });

    test("EIO=4, the session of a client without pongs ends", async () => {
      const session = await Transport.open(quick.engineIo, v4);
      const packets = await session.ended();
      assert.equal(packets[0], "2");
      assert.deepEqual(packets.slice(1).filter((p) => p !== "1"), []);
    });

    test("EIO=3, the session of a client without pings ends", async () => {
      const session = await Transport.open(quick.engineIo, v3);
      await session.send("4hello");
      assert.equal(await session.next(), "4hello");
      assert.deepEqual((await session.ended()).filter((p) => p !== "1"), []);
    });

    for (const [version, packet] of [[v4, "2"], [v3, "3"]])
      test(`EIO=${version.EIO}, ${packet} is the other side's to say and ends the session`, async () => {
        const session = await Transport.open(server.engineIo, version);
        await session.send(packet);
        assert.deepEqual(await session.ended(), []);
      });
  });

  for (const version of versions)
    test(`EIO=${version.EIO} over ${name}: a close from the client ends the session`, async () => {
      const session = await Transport.open(server.engineIo, version);
      await session.send("1");
      assert.deepEqual(await session.ended(), []);
    });
}

for (const version of versions) {
  const body = (packet) => version.write([packet]);

  test(`EIO=${version.EIO}: a poll after pingInterval + pingTimeout is too late`, async () => {
    const { handshake, ...polling } = await Polling.open(quick.engineIo, version);
    await pause(handshake.pingInterval + handshake.pingTimeout + 200); // for a machine that is busy
    assert.equal((await Polling.prototype.get.call(polling)).status, 400);
  });

  test(`EIO=${version.EIO}: a close by POST ends the waiting GET with a noop`, async () => {
    const polling = await Polling.open(server.engineIo, version);
    const { answer } = await polling.waitingGet();
    await polling.send("1");
    const { status, body: got } = await answer;
    assert.deepEqual([status, got], [200, body("6")]);
    assert.equal((await polling.get()).status, 400);
  });

  test(`EIO=${version.EIO}: of two GETs the first hears that the session is over, the second is refused`, async () => {
    const polling = await Polling.open(server.engineIo, version);
    const { answer } = await polling.waitingGet();
    const second = await polling.get();
    assert.ok([400, 500].includes(second.status), `${second.status}`);
    const first = await answer;
    assert.deepEqual([first.status, first.body], [200, body("1")]);
    assert.equal((await polling.get()).status, 400);
  });

  describe(`EIO=${version.EIO}, upgrade:`, () => {
    // Polling, and a WebSocket that the server has answered to.
    async function probing(query) {
      const polling = await Polling.open(server.engineIo, version, query);
      const line = await Line.to(polling.upgradeUrl, version);
      line.send("2probe");
      assert.equal(await line.next(), "3probe");
      return { polling, line };
    }

    async function upgraded(query) {
      const { polling, line } = await probing(query);
      line.send("5");
      return { polling, line };
    }

    test("a GET that waits is ended with a noop", async () => {
      const polling = await Polling.open(server.engineIo, version);
      const { answer } = await polling.waitingGet();
      const line = await Line.to(polling.upgradeUrl, version);
      line.send("2probe");
      assert.equal(await line.next(), "3probe");
      assert.equal((await answer).body, body("6"));
      line.end();
    });

    test("a GET while it lasts is ended with a noop too", async () => {
      const { polling, line } = await probing();
      const { status, body: got } = await polling.get();
      assert.deepEqual([status, got], [200, body("6")]);
      line.end();
    });

    for (const query of ["", "&b64=1"])
      test(`what came meanwhile goes out on the WebSocket, in order, before the rest${query}`, async () => {
        const { polling, line } = await probing(query);
        const before = Array.from({ length: 50 }, (_, i) => (i % 2 ? `4${i}` : Buffer.from([i])));
        for (const packet of before) await polling.send(packet);
        line.send("5", "4then", Buffer.from("more"));
        assert.deepEqual(await line.take(52), [...before, "4then", Buffer.from("more")]);
        line.end();
      });

    test("what a GET takes meanwhile is not said again", async () => {
      const { polling, line } = await probing();
      await polling.send("4polled");
      assert.equal(await polling.next(), "4polled");
      line.send("5", "4after");
      assert.equal(await line.next(), "4after");
      line.end();
    });

    test("probe and upgrade in one write", async () => {
      const polling = await Polling.open(server.engineIo, version);
      const line = await Line.to(polling.upgradeUrl, version);
      line.ws.socket.cork();
      line.send("2probe", "5", "4hello");
      line.ws.socket.uncork();
      assert.deepEqual(await line.take(2), ["3probe", "4hello"]);
      line.end();
    });

    test("polling afterwards is refused, and the session stays", async () => {
      const { polling, line } = await upgraded();
      line.send("4hello");
      assert.equal(await line.next(), "4hello"); // so it is done
      assert.equal((await polling.get()).status, 400);
      assert.equal((await polling.postBody(body("4x"))).status, 400);
      line.send("4still here");
      assert.equal(await line.next(), "4still here");
      line.end();
    });

    test("a second WebSocket afterwards is closed, and the session stays", async () => {
      const { polling, line } = await upgraded();
      line.send("4hello");
      assert.equal(await line.next(), "4hello");
      const second = await RawWebSocket.open(polling.upgradeUrl);
      await second.ended();
      line.send("4still here");
      assert.equal(await line.next(), "4still here");
      line.end();
    });

    test("a second WebSocket while the first probes is closed, and the first goes on", async () => {
      const { polling, line } = await probing();
      const second = await RawWebSocket.open(polling.upgradeUrl);
      await second.ended();
      line.send("5", "4hello");
      assert.equal(await line.next(), "4hello");
      line.end();
    });

    test("a session of WebSocket only takes no second one", async () => {
      const line = await Line.open(server.engineIo, version);
      const second = await RawWebSocket.open(
        `${server.engineIo}?EIO=${version.EIO}&transport=websocket&sid=${line.handshake.sid}`);
      await second.ended();
      line.send("4hello");
      assert.equal(await line.next(), "4hello");
      line.end();
    });

    for (const wrong of ["2prob", "4hello", "5", "3probe", "abc", ""])
      test(`${JSON.stringify(wrong)} for a probe closes the WebSocket, and polling goes on`, async () => {
        const polling = await Polling.open(server.engineIo, version);
        const line = await Line.to(polling.upgradeUrl, version);
        line.send(wrong);
        assert.deepEqual(await line.ended(), []);
        await polling.send("4hello");
        assert.equal(await polling.next(), "4hello");
      });

    test("a probe that goes away leaves polling as it was, for another try", async () => {
      const { polling, line } = await probing();
      line.end();
      await polling.send("4hello");
      assert.equal(await polling.next(), "4hello");
      let second;
      await until(async () => {
        second = await Line.to(polling.upgradeUrl, version);
        second.send("2probe");
        return (await second.next()) === "3probe"; // when the server has seen the end of the first
      });
      second.send("5", "4there");
      assert.equal(await second.next(), "4there");
      second.end();
    });
  });
}
