// SPDX-License-Identifier: MIT
//
// Socket.IO 5 (EIO=4) and 4 (EIO=3) by hand against a namespace that sends back what it gets, `/`, and
// another, `/custom`.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { request } from "../support/raw.mjs";
import { EchoServer, calm } from "./support/echo_server.mjs";
import { address, transports as engineTransports, versions } from "./support/engine.mjs";
import { Jsonp, ack, encode, event, join, placeholder, prefix, receive, types } from "./support/socket_io.mjs";

const server = EchoServer.forThisFile(calm);
const hasty = EchoServer.forThisFile([...calm, "--connect-timeout", "300ms"]);
const [v4, v3] = versions;
const transports = { ...engineTransports, JSONP: Jsonp };
const namespaces = ["/", "/custom"];
const bytes = (...values) => Buffer.from(values);

const everyWay = versions.flatMap((version) =>
  Object.entries(transports).map(([name, Transport]) => ({ version, Transport, way: `EIO=${version.EIO}, ${name}` })));

// A session that has said nothing; in protocol 4 it is in "/" all the same.
async function arrive({ Transport, version }, { url = server.socketIo } = {}) {
  const session = await Transport.open(url, version);
  if (version === v3) await join(session, "/");
  return session;
}

// A session that is in these namespaces.
async function visit(way, ...names) {
  const session = await arrive(way);
  for (const ns of names) if (way.version === v4 || ns !== "/") await join(session, ns);
  return session;
}

// It is connected there, and what is said there comes back next.
async function assertEchoes(session, ns = "/") {
  await session.send(`42${prefix(ns)}["message","still here"]`);
  assert.deepEqual(await receive(session), event(ns, ["message-back", "still here"]));
}

// The session ends, and says no more than that it does.
const assertEnds = async (session) => assert.deepEqual((await session.ended()).filter((p) => p !== "1"), []);

// Arguments that come back as they were.
const values = {
  "no arguments": [],
  "an empty text": [""],
  "text of other scripts": ["€ naïve 中文 🎉🎉 \u{10ffff} \u2028\u2029\u0000"],
  "text that looks like framing": ["451-/custom,7[]", "a,b", "\x1e", "\\n \n \\\\n", "2:40"],
  "numbers": [0, -1, 1.5, 1e21, 9007199254740991],
  "every kind of JSON": [1, "2", { 3: [true, false, null] }, [], {}, [[[]]]],
  "an object that only looks like a placeholder": [{ _placeholder: false, num: 0 }],
  "a long text": ["é🎉".repeat(20_000)],
  "one binary": [bytes(1, 2, 3)],
  "several binaries": [bytes(1), bytes(2, 2), bytes(3, 3, 3)],
  "binary in the depth of an object": [{ a: [{ b: bytes(0, 255) }], c: { d: { e: bytes(254) } } }],
  "binary among other arguments": ["first", bytes(1, 2), { third: true }, [bytes(3), null]],
  "an empty binary": [Buffer.alloc(0)],
  "an empty binary between others": [bytes(1), Buffer.alloc(0), bytes(3)],
  "binary of each byte": [Buffer.from(Array.from({ length: 256 }, (_, i) => i))],
  "as many binaries as may be": Array.from({ length: 10 }, (_, i) => bytes(i, i)),
  "a long binary": [Buffer.alloc(300_000, "ab")],
};

for (const way of everyWay)
  for (const ns of namespaces)
    describe(`${way.way}, ${ns}:`, () => {
      for (const [what, args] of Object.entries(values))
        test(`${what}, in an event and in an acknowledgement`, async () => {
          const session = await visit(way, ns);
          await session.send(...encode({ type: types.EVENT, ns, data: ["message", ...args] }));
          assert.deepEqual(await receive(session), event(ns, ["message-back", ...args]));
          await session.send(...encode({ type: types.EVENT, ns, id: 456, data: ["message-with-ack", ...args] }));
          assert.deepEqual(await receive(session), ack(ns, args, 456));
          await assertEchoes(session, ns);
          session.end();
        });

      test("acknowledgements bear the ids of their events, in order", async () => {
        const ids = [0, 1, 10, 7, 7, 4294967296, 9007199254740991];
        const session = await visit(way, ns);
        await session.send(...ids.map((id) => `42${prefix(ns)}${id}["message-with-ack",${id}]`));
        for (const id of ids) assert.deepEqual(await receive(session), ack(ns, [id], id));
        session.end();
      });

      test("attachments go where their numbers say, whatever the order of the places", async () => {
        const session = await visit(way, ns);
        const places = [2, 0, 1].map(placeholder);
        await session.send(`453-${prefix(ns)}${JSON.stringify(["message", ...places])}`, bytes(0), bytes(1), bytes(2));
        assert.deepEqual(await receive(session), event(ns, ["message-back", bytes(2), bytes(0), bytes(1)]));
        session.end();
      });

      test("attachments that come one by one", async () => {
        const session = await visit(way, ns);
        for (const packet of encode({ type: types.EVENT, ns, data: ["message", bytes(1), bytes(2), bytes(3)] }))
          await session.send(packet);
        assert.deepEqual(await receive(session), event(ns, ["message-back", bytes(1), bytes(2), bytes(3)]));
        session.end();
      });

      test("events and binary events in turn come back in order", async () => {
        const session = await visit(way, ns);
        const all = Array.from({ length: 30 }, (_, i) => (i % 3 ? [i] : [i, bytes(i)]));
        await session.send(...all.flatMap((args) => encode({ type: types.EVENT, ns, data: ["message", ...args] })));
        for (const args of all) assert.deepEqual(await receive(session), event(ns, ["message-back", ...args]));
        session.end();
      });

      test("what nobody asked for or listens to changes nothing", async () => {
        const session = await visit(way, ns);
        const n = prefix(ns);
        await session.send(`42${n}["unheard-of",1]`, `42${n}[7,"a number for a name"]`, `43${n}99[]`, `43${n}99["twice"]`,
          `42${n}["message-with-ack","and no id"]`);
        await assertEchoes(session, ns);
        session.end();
      });
    });

for (const way of everyWay)
  describe(`${way.way}, CONNECT:`, () => {
    const auths = { "without a payload": undefined, "with one that is empty": {}, "with one": { token: "123" },
      "with a deep one": { a: { b: [1, null, "é🎉"] } } };
    for (const ns of way.version === v4 ? namespaces : ["/custom"])
      for (const [what, auth] of Object.entries(auths))
        test(`to ${ns} ${what}`, async () => {
          const session = await arrive(way);
          const answer = await join(session, ns, auth);
          if (way.version === v4) {
            assert.deepEqual(Object.keys(answer), ["sid"]);
            assert.match(answer.sid, /^[\w-]{20}$/);
            assert.notEqual(answer.sid, session.handshake.sid, "the session's id is a secret");
          } else {
            assert.equal(answer, undefined);
          }
          await assertEchoes(session, ns);
          session.end();
        });

    test("to several namespaces, which are apart", async () => {
      const session = await visit(way, ...namespaces);
      await session.send('42["message",1]', '42/custom,["message",2]', '42/custom,3["message-with-ack",3]',
        '423["message-with-ack",4]', ...encode({ type: types.EVENT, ns: "/custom", data: ["message", bytes(5)] }));
      assert.deepEqual(await receive(session), event("/", ["message-back", 1]));
      assert.deepEqual(await receive(session), event("/custom", ["message-back", 2]));
      assert.deepEqual(await receive(session), ack("/custom", [3], 3));
      assert.deepEqual(await receive(session), ack("/", [4], 3));
      assert.deepEqual(await receive(session), event("/custom", ["message-back", bytes(5)]));
      session.end();
    });

    const refusal = way.version === v4 ? { message: "Invalid namespace" } : "Invalid namespace";
    for (const [ns, after] of [["/random", ""], ["/random", '{"token":"123"}'], ["/customs", ""], ["/CUSTOM", ""]])
      test(`to ${ns}${after}, which there is not, is refused and the connection stays`, async () => {
        const session = await arrive(way);
        await session.send(`40${ns},${after}`);
        const expected = { type: types.CONNECT_ERROR, ns, id: undefined, data: refusal };
        assert.deepEqual(await receive(session), expected);
        await join(session, "/custom");
        await session.send(`40${ns},${after}`);
        assert.deepEqual(await receive(session), expected);
        await assertEchoes(session, "/custom");
        session.end();
      });

    for (const ns of namespaces)
      test(`and DISCONNECT of ${ns}, while the other goes on`, async () => {
        const [other] = namespaces.filter((name) => name !== ns);
        const session = await visit(way, ...namespaces);
        await session.send(`41${prefix(ns)}`);
        await assertEchoes(session, other);
        await session.send(`40${prefix(ns)}`);
        const { type, ns: joined } = await receive(session); // it may come again
        assert.deepEqual([type, joined], [types.CONNECT, ns]);
        assert.deepEqual(await receive(session), event(ns, ["auth", {}]));
        await assertEchoes(session, ns);
        await assertEchoes(session, other);
        session.end();
      });
  });

for (const way of everyWay)
  describe(`${way.way}, the session ends:`, () => {
    const event1 = encode({ type: types.EVENT, data: ["not answered", bytes(1)] });
    const wrong = {
      "no type": ["4"],
      "an unknown type": ["4x"],
      "an unknown number for a type": ["47"],
      "an event of nothing": ["42"],
      "an event that is an object": ["42{}"],
      "an event that is a text": ['42"message"'],
      "an event without a name": ["42[]"],
      "an event whose name is an object": ["42[{}]"],
      "an event whose name is null": ["42[null]"],
      "an event that is no JSON": ['42["message"'],
      "an event with more after its JSON": ['42["message"]]'],
      "an acknowledgement that is an object": ["430{}"],
      "an acknowledgement of nothing": ["430"],
      "CONNECT twice": ["40"],
      "CONNECT with an array": ["40/custom,[]"],
      "CONNECT with a text": ['40/custom,"token"'],
      "CONNECT with what is no JSON": ["40/custom,{"],
      "DISCONNECT with a payload": ["41{}"],
      "CONNECT_ERROR": ['44{"message":"no"}'],
      "an event for a namespace that is not joined": ['42/custom,["message"]'],
      "an event for a namespace that there is not": ['42/random,["message"]'],
      "an acknowledgement there": ["43/random,0[]"],
      "DISCONNECT of a namespace that is not joined": ["41/custom,"],
      "binary that nobody announced": [bytes(1)],
      "more binary than was announced": [...event1, bytes(1)],
      "text where binary is due": [event1[0], '42["message"]'],
      "a binary event without a number of attachments": ['45["message"]'],
      "a binary event with a number and no dash": ['451["message"]'],
      "a number of attachments below zero": ['45-1-["message"]'],
      "a number of attachments that is none": ['45x-["message"]'],
      "a placeholder beyond the attachments": [`451-${JSON.stringify(["message", placeholder(1)])}`, bytes(1)],
      "a placeholder below zero": [`451-${JSON.stringify(["message", placeholder(-1)])}`, bytes(1)],
      "a placeholder with a text for its number": [`451-${JSON.stringify(["message", placeholder("0")])}`, bytes(1)],
    };
    for (const name of ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"])
      wrong[`an event with the reserved name ${name}`] = [`42["${name}"]`];
    for (const [what, packets] of Object.entries(wrong))
      test(what, async () => {
        const session = await visit(way, "/");
        await session.send(...packets);
        await assertEnds(session);
      });

    // A client of the older protocol is in "/" for good, to whomever it speaks there.
    for (const ns of namespaces.filter((name) => way.version === v4 || name !== "/"))
      test(`${ns} is left and spoken to`, async () => {
        const session = await visit(way, ...namespaces);
        await session.send(`41${prefix(ns)}`, `42${prefix(ns)}["message","into the void"]`);
        await assertEnds(session);
      });

    const first = { "an event": ['42/custom,["message"]'], "an acknowledgement": ["43/custom,0[]"],
      "DISCONNECT": ["41/custom,"], "CONNECT_ERROR": ["44/custom,{}"], "binary": [bytes(1)],
      "a binary event": encode({ type: types.EVENT, ns: "/custom", data: ["message", bytes(1)] }) };
    for (const [what, packets] of Object.entries(first))
      test(`${what} comes before CONNECT`, async () => {
        const session = await arrive(way);
        await session.send(...packets);
        await assertEnds(session);
      });
    if (way.version === v4)
      test("an event for the main namespace comes before CONNECT", async () => {
        const session = await arrive(way);
        await session.send('42["message"]');
        await assertEnds(session);
      });
  });

// By sessions that may stay, and were there before those that may not.
describe("no CONNECT in time ends the session, and who has joined stays:", () => {
  const late = {
    "nothing was said": [],
    "the namespace was refused": ["40/random,"],
  };
  for (const way of everyWay)
    if (way.version === v4)
      for (const [what, packets] of Object.entries(late))
        test(`${way.way}, ${what}`, async () => {
          const joined = await arrive(way, { url: hasty.socketIo });
          await join(joined, "/custom");
          const session = await arrive(way, { url: hasty.socketIo });
          if (packets.length > 0) {
            await session.send(...packets);
            assert.equal((await receive(session)).type, types.CONNECT_ERROR);
          }
          await assertEnds(session);
          await assertEchoes(joined, "/custom");
          joined.end();
        });

  for (const way of everyWay)
    test(`${way.way}, the last namespace was left`, async () => {
      const [joined, session] = [await arrive(way, { url: hasty.socketIo }), await arrive(way, { url: hasty.socketIo })];
      if (way.version === v4) for (const each of [joined, session]) await join(each, "/");
      await session.send("41");
      await assertEnds(session);
      await assertEchoes(joined);
      joined.end();
    });
});

for (const way of everyWay.filter(({ version }) => version === v3))
  describe(`${way.way}, in protocol 4`, () => {
    test("the main namespace is joined without a CONNECT, and answered without a payload", async () => {
      const session = await way.Transport.open(server.socketIo, v3);
      assert.deepEqual(await session.take(2), ["40", '42["auth",{}]']);
      await assertEchoes(session);
      session.end();
    });

    // what follows "40"; the payload that the namespace sees
    const queries = {
      "/custom?token=abc,": { token: "abc" },
      "/custom?token=abc": { token: "abc" },
      "/custom?a=1&b=two%20words&c=%C3%A9,": { a: "1", b: "two words", c: "é" },
      "/custom?,": {},
      "/custom": {},
    };
    for (const [query, auth] of Object.entries(queries))
      test(`a namespace with a query: ${query}`, async () => {
        const session = await arrive(way);
        await session.send(`40${query}`);
        assert.equal(await session.next(), "40/custom,");
        assert.deepEqual(await receive(session), event("/custom", ["auth", auth]));
        await assertEchoes(session, "/custom");
        session.end();
      });

    test("a namespace with another query is the same, and can't be joined twice", async () => {
      const session = await visit(way, "/custom");
      await session.send("40/custom?token=abc,");
      await assertEnds(session);
    });

    test("a namespace is refused with a text", async () => {
      const session = await arrive(way);
      await session.send("40/random?token=abc,");
      assert.equal(await session.next(), '44/random,"Invalid namespace"');
      session.end();
    });
  });

describe("on the wire", () => {
  const sid = '\\{"sid":"[\\w-]{20}"\\}';
  for (const way of everyWay.filter(({ version }) => version === v4)) {
    // sent; received, of which the first has an id
    const exchanges = [
      ["40", `^40${sid}$`, '42["auth",{}]'],
      ['40{"token":"123"}', `^40${sid}$`, '42["auth",{"token":"123"}]'],
      ["40/custom,", `^40/custom,${sid}$`, '42/custom,["auth",{}]'],
      ["40/custom", `^40/custom,${sid}$`, '42/custom,["auth",{}]'],
      ['40/custom,{"token":"123"}', `^40/custom,${sid}$`, '42/custom,["auth",{"token":"123"}]'],
      ["40/random,", '^44/random,\\{"message":"Invalid namespace"\\}$'],
      ["40/custom?token=abc,", '^44/custom\\?token=abc,\\{"message":"Invalid namespace"\\}$'],
    ];
    for (const [sent, first, ...then] of exchanges)
      test(`${way.way}, ${sent}`, async () => {
        const session = await arrive(way);
        await session.send(sent);
        assert.match(await session.next(), new RegExp(first));
        assert.deepEqual(await session.take(then.length), then);
        session.end();
      });
  }

  for (const way of everyWay)
    test(`${way.way}, events, acknowledgements and their attachments`, async () => {
      const session = await visit(way, ...namespaces);
      const place = '{"_placeholder":true,"num":0}';
      // sent, received
      const exchanges = [
        [['42["message",1]'], ['42["message-back",1]']],
        [['42/custom,["message",1]'], ['42/custom,["message-back",1]']],
        [['4212["message-with-ack",1]'], ["4312[1]"]],
        [['42/custom,0["message-with-ack"]'], ["43/custom,0[]"]],
        [[`451-["message",${place}]`, bytes(1)], [`451-["message-back",${place}]`, bytes(1)]],
        [[`451-/custom,["message",${place}]`, bytes(2)], [`451-/custom,["message-back",${place}]`, bytes(2)]],
        [[`451-12["message-with-ack",${place}]`, bytes(3)], [`461-12[${place}]`, bytes(3)]],
        [[`451-/custom,0["message-with-ack",${place}]`, bytes()], [`461-/custom,0[${place}]`, bytes()]],
      ];
      for (const [sent, received] of exchanges) {
        await session.send(...sent);
        assert.deepEqual(await session.take(received.length), received);
      }
      session.end();
    });

  for (const { EIO } of versions)
    test(`EIO=${EIO}, a script is made of ASCII, whatever it brings`, async () => {
      const session = await Jsonp.open(server.socketIo, versions.find((version) => version.EIO === EIO));
      if (EIO === 4) await session.send("40");
      await session.take(2);
      await session.send('42["message","\u2028é\u2029</script>"]');
      const { bytes: script } = await session.get();
      assert.ok(script.every((byte) => byte < 0x80));
      assert.ok(script.toString().includes("\\u2028"));
    });

  for (const version of versions)
    for (const number of ["", "x", "0)", "1;alert(1)", "-1"])
      test(`EIO=${version.EIO}, a script for number ${JSON.stringify(number)} holds nothing of it`, async () => {
        const query = `&j=${encodeURIComponent(number)}`;
        const { status, body } = await request(address(server.socketIo, version, "polling", query));
        if (status === 200) assert.ok(!body.startsWith("___eio") || /^___eio\[\d+\]\(".*"\);$/s.test(body), body);
        else assert.equal(status, 400);
      });
});
