// SPDX-License-Identifier: MIT
//
// Connection state recovery with the unmodified socket.io-client: after a cut it is who it was, and has
// missed nothing, or is told that it has.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { io } from "socket.io-client";
import io2 from "socket.io-client-2";
import io3 from "socket.io-client-3";
import { pause, soon, until } from "./support/await.mjs";
import { Gateway } from "./support/processes.mjs";
import { channelOf } from "./support/redis_client.mjs";
import { RawWebSocket, enginePath } from "./support/raw.mjs";
import { Site, namespace, transports } from "./support/site.mjs";

const site = Site.forThisFile({ gateway: ["--threads", 2] });
const options = () => ["--subscribe-by-cookies-url", site.webApp.url];

// A client of socket.io-client that connects again by itself, and notes in order what its page hears.
class Page {
  heard = []; // texts of notifications, codes of internal events, "connected" and "recovered"
  offsets = [];

  constructor(url, more = {}) {
    this.socket = io(url + namespace, {
      forceNew: true, transports: ["websocket"], reconnectionDelay: 20, reconnectionDelayMax: 100,
      auth: { cookies: true }, ...more,
    });
    const { socket } = this;
    socket.on("connect", () => this.heard.push(socket.recovered ? "recovered" : "connected"));
    socket.on("notification", ({ message }, offset) => (this.heard.push(message), this.offsets.push(offset)));
    socket.on("internal", ({ code }) => this.heard.push(code));
  }

  // Waits for what is expected next, and takes it.
  async hears(...expected) {
    await until(() => this.heard.length >= expected.length, `hearing ${expected}, not ${this.heard},`).catch(() => {});
    await pause(50); // nothing more
    assert.deepEqual(this.heard.splice(0), expected);
  }

  // Cuts the connection as a network does.
  async cut() {
    const { engine } = this.socket.io;
    const gone = soon(new Promise((resolve) => this.socket.once("disconnect", resolve)), "the cut");
    if (engine.transport.ws) engine.transport.ws.terminate();
    else engine.transport.onError("cut");
    await gone;
  }

  // Cuts it, lets something happen that the page does not hear, and goes back.
  async misses(what) {
    this.socket.io.reconnection(false);
    await this.cut();
    const result = await what();
    this.back();
    return result;
  }

  back(url) {
    const manager = this.socket.io;
    if (url) manager.uri = url + namespace;
    manager.reconnection(true);
    manager.open((error) => error && manager.reconnect());
  }

  close() {
    this.socket.disconnect();
  }
}

async function withPage(check, more = {}, url = site.gateway.url) {
  const user = site.newUser();
  const cookie = site.logIn(user);
  const page = new Page(url, { extraHeaders: { Cookie: cookie }, ...more });
  try {
    await page.hears("connected", "SUBSCRIPTION_OK");
    await check({ user, page, cookie });
  } finally {
    page.close();
  }
}

const store = (user, text) => site.redis.store(user, text);
const asked = (cookie) => site.webApp.asked.filter((c) => c === cookie).length;

for (const [how, ways] of Object.entries(transports))
  describe(how, () => {
    test("a client that was cut is who it was, gets what it missed, and nobody is asked again", () =>
      withPage(async ({ user, page, cookie }) => {
        const { id } = page.socket;
        await store(user, "first");
        await page.hears("first");
        await page.misses(async () => {
          for (const text of ["a", "b", "c"]) await store(user, text);
        });
        await page.hears("a", "b", "c", "recovered", "SUBSCRIPTION_OK");
        assert.equal(page.socket.id, id);
        await store(user, "new");
        await page.hears("new");
        assert.equal(asked(cookie), 1);
      }, { transports: ways }));

    test("so is one that has heard nothing yet, many times in a row", () =>
      withPage(async ({ user, page, cookie }) => {
        const { id } = page.socket;
        for (let i = 0; i < 10; ++i) {
          await page.misses(() => (i % 2 ? store(user, `n${i}`) : null));
          await page.hears(...(i % 2 ? [`n${i}`] : []), "recovered", "SUBSCRIPTION_OK");
          assert.equal(page.socket.id, id);
        }
        assert.equal(asked(cookie), 1);
      }, { transports: ways }));
  });

test("each event of what is stored ends with its position, and of what is live with none", () =>
  withPage(async ({ user, page }) => {
    const { position } = await store(user, "stored");
    await site.redis.publish(user, "live");
    await page.hears("stored", "live");
    assert.deepEqual(page.offsets, [position, undefined]);
  }));

test("a uuid is used up once, however often its client comes back", async () => {
  const user = site.newUser();
  const uuid = await site.redis.mint(user);
  const page = new Page(site.gateway.url, { auth: { uuid } });
  try {
    await page.hears("connected", "SUBSCRIPTION_OK");
    const takes = async () => /cmdstat_getdel:calls=(\d+)/.exec(await site.redis.command("INFO", "commandstats"))[1];
    const before = await takes();
    for (let i = 0; i < 3; ++i) {
      await page.misses(() => store(user, "x"));
      await page.hears("x", "recovered", "SUBSCRIPTION_OK");
    }
    assert.equal(await takes(), before);
  } finally {
    page.close();
  }
});

test("what comes while a client is given what it missed follows, each once", () =>
  withPage(async ({ user, page }) => {
    await page.misses(async () => {
      for (let i = 0; i < 300; ++i) await store(user, `${i}`);
    });
    for (let i = 300; i < 600; ++i) await store(user, `${i}`);
    await until(() => page.heard.includes("599"), "the last");
    const texts = page.heard.filter((text) => /^\d+$/.test(text));
    assert.deepEqual(texts, Array.from({ length: 600 }, (_, i) => `${i}`));
    assert.ok(page.heard.indexOf("299") < page.heard.indexOf("recovered"));
  }));

test("a gateway that is killed has forgotten nothing when it is there again", async () => {
  let gateway = await Gateway.start(site.redisServer, ...options());
  const port = new URL(gateway.url).port;
  try {
    await withPage(async ({ user, page, cookie }) => {
      const { id } = page.socket;
      await gateway.process.stop("SIGKILL");
      await store(user, "meanwhile");
      gateway = await Gateway.start(site.redisServer, ...options(), "--port", port);
      await page.hears("meanwhile", "recovered", "SUBSCRIPTION_OK");
      assert.equal(page.socket.id, id);
      assert.equal(asked(cookie), 1);
    }, {}, gateway.url);
  } finally {
    await gateway.stop();
  }
});

test("another gateway knows the client too", async () => {
  const other = await Gateway.start(site.redisServer, ...options());
  try {
    await withPage(async ({ user, page, cookie }) => {
      page.socket.io.reconnection(false);
      await page.cut();
      await store(user, "meanwhile");
      page.back(other.url);
      await page.hears("meanwhile", "recovered", "SUBSCRIPTION_OK");
      assert.equal(asked(cookie), 1);
      page.close();
    });
  } finally {
    await other.stop();
  }
});

test("after the window a client is a new one, whose user is asked for", async () => {
  const gateway = await Gateway.start(site.redisServer, ...options(), "--recovery-window", "1s");
  try {
    await withPage(async ({ user, page, cookie }) => {
      const { id } = page.socket;
      await page.misses(async () => {
        await store(user, "missed");
        await pause(2100);
      });
      await page.hears("connected", "SUBSCRIPTION_OK");
      assert.notEqual(page.socket.id, id);
      assert.equal(asked(cookie), 2);
    }, {}, gateway.url);
  } finally {
    await gateway.stop();
  }
});

test("heartbeats keep the window open for a client that hears nothing", async () => {
  const gateway = await Gateway.start(
    site.redisServer, ...options(), "--recovery-window", "2s", "--ping-interval", 400);
  try {
    await withPage(async ({ page, cookie }) => {
      await pause(4000);
      await page.misses(() => pause(300));
      await page.hears("recovered", "SUBSCRIPTION_OK");
      assert.equal(asked(cookie), 1);
    }, {}, gateway.url);
  } finally {
    await gateway.stop();
  }
});

describe("a pid that is not the client's own", () => {
  const strange = {
    "is forged": ({ pid }) => pid.replace(/.$/, (c) => (c === "A" ? "B" : "A")),
    "is another user's, changed": ({ pid, others }) =>
      others.slice(0, others.lastIndexOf(".")) + pid.slice(pid.lastIndexOf(".")),
    "is long": () => "x".repeat(200_000),
    "is no text": () => ({ a: [1] }),
  };
  for (const [what, change] of Object.entries(strange))
    test(`${what}: the client is a new one, of the user of its cookies`, () =>
      withPage(({ page: { socket: { _pid: others } } }) =>
        withPage(async ({ user, page, cookie }) => {
          const { id } = page.socket;
          page.socket._pid = change({ pid: page.socket._pid, others });
          await page.misses(() => store(user, "missed"));
          await page.hears("connected", "SUBSCRIPTION_OK");
          assert.notEqual(page.socket.id, id);
          assert.equal(asked(cookie), 2);
          await store(user, "new");
          await page.hears("new");
        })));

  test("is another user's as it is: with other cookies the web app says who it is", () =>
    withPage(async ({ user: victim, page: { socket: theirs } }) =>
      withPage(async ({ user, page, cookie }) => {
        page.socket._pid = theirs._pid;
        page.socket._lastOffset = theirs._lastOffset;
        await page.misses(() => store(victim, "not yours"));
        await page.hears("connected", "SUBSCRIPTION_OK");
        assert.equal(asked(cookie), 2);
        await store(victim, "nor this");
        await store(user, "yours");
        await page.hears("yours");
      })));

  test("is one of another namespace", async () => {
    const gateway = await Gateway.start(
      site.redisServer, ...options(), "--session-cookie", "sessionid", "--session-channel", "s.{session}");
    try {
      await withPage(async ({ page, cookie }) => {
        const { _pid: pid, _lastOffset: offset } = page.socket;
        const other = io(gateway.url, {
          forceNew: true, transports: ["websocket"], auth: { pid, offset }, extraHeaders: { Cookie: cookie },
        });
        try {
          await soon(new Promise((resolve) => other.once("connect", resolve)), "the connection");
          assert.equal(other._pid, undefined);
          assert.notEqual(other.id, page.socket.id);
        } finally {
          other.disconnect();
        }
      }, {}, gateway.url);
    } finally {
      await gateway.stop();
    }
  });
});

test("who has logged out does not come back", () =>
  withPage(async ({ user, page, cookie }) => {
    page.socket.io.opts.extraHeaders = { Cookie: "sessionid=none" };
    await page.misses(() => store(user, "missed"));
    await page.hears("connected", "SUBSCRIBE_BY_COOKIES_ERROR");
    assert.equal(page.socket._pid, undefined);
  }));

describe("a gap is said where the log has lost the place", () => {
  const losses = {
    "the log was deleted": (user) => site.redis.command("DEL", channelOf(user)),
    "Redis was emptied": () => site.redis.command("FLUSHALL"),
    "the log was trimmed": async (user) => {
      for (let i = 0; i < 3; ++i) await site.redis.store(user, "x", "max-entries", 1);
      await site.redis.command("DEL", channelOf(user));
    },
  };
  for (const [what, lose] of Object.entries(losses))
    test(`${what}`, () =>
      withPage(async ({ user, page, cookie }) => {
        const { id } = page.socket;
        await store(user, "had");
        await page.hears("had");
        await page.misses(async () => {
          await lose(user);
          await store(user, "left");
        });
        await until(() => page.heard.includes("SUBSCRIPTION_OK"), "the subscription");
        await page.hears("connected", "GAP", "left", "SUBSCRIPTION_OK");
        assert.notEqual(page.socket.id, id);
        assert.equal(asked(cookie), 1);
        await store(user, "new");
        await page.hears("new");
        await page.misses(() => store(user, "later"));
        await page.hears("later", "recovered", "SUBSCRIPTION_OK");
      }));
});

test("with --recovery-window 0 there are no pids and no offsets", async () => {
  const gateway = await Gateway.start(site.redisServer, ...options(), "--recovery-window", 0);
  try {
    await withPage(async ({ user, page }) => {
      assert.equal(page.socket._pid, undefined);
      await store(user, "stored");
      await page.hears("stored");
      assert.deepEqual(page.offsets, [undefined]);
    }, {}, gateway.url);
  } finally {
    await gateway.stop();
  }
});

test("with a secret file gateways agree without Redis keeping anything", async () => {
  const { mkdtemp, rm, writeFile } = await import("node:fs/promises");
  const { tmpdir } = await import("node:os");
  const folder = await mkdtemp(`${tmpdir()}/notify-test-`);
  const file = `${folder}/secret`;
  await writeFile(file, Buffer.alloc(32, 7), { mode: 0o600 });
  const gateways = [1, 2].map(() => Gateway.start(site.redisServer, ...options(), "--secret-file", file));
  const [one, other] = await Promise.all(gateways);
  try {
    await withPage(async ({ user, page }) => {
      page.socket.io.reconnection(false);
      await page.cut();
      await store(user, "meanwhile");
      page.back(other.url);
      await page.hears("meanwhile", "recovered", "SUBSCRIPTION_OK");
    }, {}, one.url);
  } finally {
    await one.stop();
    await other.stop();
    await rm(folder, { recursive: true });
  }
});

test("pages that ask by events hear not one byte more", async () => {
  const user = site.newUser();
  const wire = await RawWebSocket.open(site.gateway.url + enginePath + "websocket");
  const next = async () => (await wire.frames.next()).payload.toString();
  try {
    await next(); // the handshake
    wire.frame(1, `40${namespace},`);
    assert.match(await next(), /^40\/io\/user\/notifications,\{"sid":"[\w-]{20}"\}$/);
    wire.frame(1, `42${namespace},["subscribe-to-notifications",{"uuid":"${await site.redis.mint(user)}"}]`);
    assert.equal(
      await next(),
      `42${namespace},["internal",{"type":"success","code":"SUBSCRIPTION_OK","message":"subscribed"}]`,
    );
    const { id, at } = await store(user, "stored");
    assert.equal(
      await next(), `42${namespace},["notification",{"id":"${id}","at":${at},"unread":1,"message":"stored"}]`);
  } finally {
    wire.socket.destroy();
  }
});

for (const [version, library] of Object.entries({ "2.x": io2, "3.x": io3 }))
  test(`clients of ${version} connect and hear as before`, async () => {
    const user = site.newUser();
    const client = await site.connect({ library, query: { uuid: await site.redis.mint(user) }, auth: {} });
    if (version === "3.x") client.socket.emit("subscribe-to-notifications", { uuid: await site.redis.mint(user) });
    assert.equal((await client.internal.next()).code, "SUBSCRIPTION_OK");
    const args = soon(new Promise((resolve) => client.socket.on("notification", (...all) => resolve(all))));
    const { id, at } = await store(user, "Hey");
    assert.deepEqual(await args, [{ id, at: Number(at), unread: 1, message: "Hey" }]);
  });
