#!/usr/bin/env node
// SPDX-License-Identifier: MIT
//
// Breaks everything while notifications are sent, and counts what arrives. Options: options.mjs.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseOptions, usage } from "./options.mjs";
import { Site, contestants } from "./site.mjs";
import { table } from "./table.mjs";

const calmFor = 10; // seconds, at half the rate stored and half of it live
const latencyMark = 1.5; // × that of a plain PUBLISH

function showProgress(name, site, begin) {
  const { done } = site.faults;
  const broken = Object.entries(done).map(([sort, n]) => `${sort} ${n}/${site.options.faults[sort]}`).join(", ");
  const seconds = ((performance.now() - begin) / 1000).toFixed(0).padStart(4);
  console.error(`${seconds} s  ${name}: ${site.sender.sent} sent, ${site.ledger.accepted} accepted, ` +
    `${site.received} received; ${broken}`);
  for (const how of site.gateways.ended) throw new Error(`a gateway ended by itself: ${how}`);
}

async function measure(name, options) {
  const begin = performance.now();
  let site, progress;
  try {
    site = await Site.start(contestants[name], options);
    const bound = (3 * options.messages) / options.rate + 120; // seconds
    const late = new Promise((_, reject) => {
      setTimeout(() => reject(new Error(`the run took more than ${bound} s`)), bound * 1000).unref();
    });
    const broke = new Promise((_, reject) => {
      const show = () => { try { showProgress(name, site, begin); } catch (e) { reject(e); } };
      progress = setInterval(show, 5000);
    });
    return await Promise.race([late, broke, result(site, options, begin)]);
  } finally {
    clearInterval(progress);
    await site?.stop();
  }
}

async function result(site, options, begin) {
  await site.connectAll();
  const calm = await site.measureCalm((options.rate / 2) * Math.min(calmFor, options.messages / options.rate), options.rate / 2);
  const verdict = await site.run();
  const sum = (figure) => site.devices.reduce((all, device) => all + device[figure], 0);
  const { faults, ledger, witnesses, newSessionTells, ...counts } = verdict;
  return {
    ...counts, calm, witnesses, violations: verdict.violations,
    sent: site.sender.sent, accepted: ledger.accepted, uncopied: ledger.uncopiedCount, broken: faults.done,
    recovered: sum("recovered"), anew: sum("anew"), seconds: (performance.now() - begin) / 1000,
  };
}

// All servers keep their files in one folder, which goes with this process, by whatever it ends.
function ownFolder() {
  const folder = mkdtempSync(join(tmpdir(), "notify-chaos-"));
  process.env.TMPDIR = folder;
  process.on("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));
}

// What goes wrong with the other server is no fault of ours.
async function addPeer(results, options) {
  try {
    results["Socket.IO"] = await measure("Socket.IO", options);
  } catch (e) {
    console.error(`Socket.IO's server did not get through: ${e.message}`);
  }
}

async function main(args) {
  const options = parseOptions(args);
  if (options.help) return console.log(usage);
  ownFolder();
  const results = {};
  results.notify = await measure("notify", options);
  if (!options.alone) await addPeer(results, options);
  console.log(options.json ? JSON.stringify(results) : table(results));
  const { notify } = results;
  for (const story of notify.witnesses) console.error(`\n${story}`);
  const slow = notify.calm.stored > latencyMark * notify.calm.live;
  if (slow) console.error(`\nstored notifications take more than ${latencyMark} × the time of plain ones`);
  process.exitCode = notify.violations > 0 || slow ? 1 : 0;
}

await main(process.argv.slice(2)).catch((e) => {
  const wrongUsage = e.code?.startsWith("ERR_PARSE_ARGS") || e.message.startsWith("--");
  console.error(wrongUsage ? `${e.message}\n\n${usage}` : e.stack);
  process.exitCode = wrongUsage ? 2 : 1;
});
process.exit();
