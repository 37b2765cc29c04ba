// SPDX-License-Identifier: MIT
//
// Lets a test call code of the Django site: the functions of django_console.py.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { soon } from "./await.mjs";
import { root } from "./processes.mjs";

export class DjangoConsole {
  #waiting = []; // calls that wait for an answer; answers come in the order of the calls
  #errors = "";

  // It ends when its standard input does, and so with this process even if that is killed.
  constructor(environment) {
    const { PATH, HOME } = process.env;
    const env = { PATH, HOME, PYTHONPATH: join(root, "examples/django"), ...environment };
    const script = join(root, "tests/node/support/django_console.py");
    this.child = spawn("/usr/bin/python3", [script], { env, stdio: "pipe" });
    this.child.stdin.on("error", () => {}); // its end is told below
    this.child.stderr.setEncoding("utf8").on("data", (text) => (this.#errors += text));
    const lines = createInterface({ input: this.child.stdout });
    lines.on("line", (line) => this.#waiting.shift()?.(JSON.parse(line)));
    this.closed = new Promise((resolve) => this.child.once("close", resolve));
    this.closed.then(() => {
      const error = `the console has ended:\n${this.#errors}`;
      for (const answer of this.#waiting.splice(0)) answer({ error });
    });
  }

  async call(name, args = {}) {
    const answered = new Promise((resolve) => this.#waiting.push(resolve));
    this.child.stdin.write(`${JSON.stringify({ do: name, with: args })}\n`);
    const { result, error } = await soon(answered, `the console's answer to ${name}`);
    if (error) throw new Error(`${name}(${JSON.stringify(args)}): ${error}`);
    return result;
  }

  async stop() {
    this.child.stdin.end();
    await this.closed;
  }
}
