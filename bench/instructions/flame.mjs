// SPDX-License-Identifier: MIT
//
// Draws a flame graph of instructions. Each function is a box above its caller's, as wide as the share of its
// instructions and of those that it calls. A browser shows the whole name of the box under the pointer.
import { parseProfile, shortName } from "./profile.mjs";

const width = 1200;
const row = 18; // height of one
const margin = 12;
const head = 60; // height of what stands above the boxes
const character = 6.63; // of the font below, about
const least = 0.002; // of all; what takes less is not drawn
const trunk = 0.99; // of all: functions below with that much are the same in each flame

// The colour says whose function it is. All are light enough for dark letters.
const owners = [
  { about: "notify", is: /^notify::/, colours: ["#ffb867", "#ffc680", "#ffaf56"] },
  { about: "Asio and Beast", is: /^boost::(asio|beast)::/, colours: ["#92ccf3", "#a6d6f6", "#83c3ee"] },
  { about: "other libraries", is: /^/, colours: ["#cdd1d8", "#d8dbe1", "#c3c8d0"] },
];

const style = `
  .page { fill: #ffffff }
  text { font: 11px ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #1b1d22 }
  .head { font-size: 13px; font-weight: bold }
  .head, .legend { fill: #1b1d22 }
  .box:hover rect { fill: #fff3b0 }
  @media (prefers-color-scheme: dark) {
    .page { fill: #16181d }
    .head, .legend { fill: #e3e6ec }
  }`;

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
const number = (n) => Math.round(n).toLocaleString("en");

// --- the tree ----------------------------------------------------------------

const newNode = (name, full) => ({ name, full, cost: 0, children: new Map() });

// Returns the functions of a stack, outermost first. A function whose caller has the same short name is merged
// with it: a coroutine and its frame, a thunk, a recursion.
function frames(stack) {
  const all = stack.split("'").filter((part) => !/^\d+$/.test(part)); // numbers: how deep a recursion is
  const named = all.reverse().map((full) => ({ full, name: shortName(full) }));
  return named.filter(({ name }, n) => name !== named[n - 1]?.name);
}

function treeOf(costs) {
  const root = newNode("all", "all");
  for (const [stack, cost] of costs) {
    let node = root;
    node.cost += cost;
    for (const { name, full } of frames(stack)) {
      if (!node.children.has(name)) node.children.set(name, newNode(name, full));
      node = node.children.get(name);
      node.cost += cost;
    }
  }
  return root;
}

const byCost = (node) => [...node.children.values()].sort((a, b) => b.cost - a.cost);

function withoutTrunk(root) {
  let node = root;
  for (let [first] = byCost(node); first?.cost > trunk * root.cost; [first] = byCost(node)) node = first;
  return node;
}

// --- the picture -------------------------------------------------------------

// Returns as much of a function's name as there is room for: without its library, which the colour shows, and
// then without the outermost namespaces and classes.
function label(name, room) {
  let text = name.replace(/^0x[0-9a-f]+$/, "(no name)").replaceAll(/\b(boost|notify|detail|std|json_abi_\w+)::/g, "");
  while (text.length > room && text.includes("::")) text = text.slice(text.indexOf("::") + 2);
  return text.length > room ? `${text.slice(0, room - 1)}…` : text;
}

// scale: what an instruction is in width, in the title's count, and as a share of all.
function box({ name, full, cost }, x, depth, scale) {
  const wide = cost * scale.width;
  const room = Math.floor((wide - 5) / character);
  const text = room < 3 ? "" : `<text x="3" y="12">${escaped(label(name, room))}</text>`;
  const title = `${full}\n${number(cost * scale.count)} instructions, ${(100 * cost * scale.share).toFixed(1)} %`;
  const size = `width="${Math.max(wide - 0.5, 0.3).toFixed(1)}" height="${row - 1}"`;
  const at = `x="${x.toFixed(1)}" y="${-(depth + 1) * row}" ${size}`;
  const { colours } = owners.find(({ is }) => is.test(name));
  const filled = `<rect width="100%" height="100%" rx="1.5" fill="${colours[depth % colours.length]}"/>`;
  return `<g class="box"><title>${escaped(title)}</title><svg ${at}>${filled}${text}</svg></g>`;
}

const children = (node, scale) => byCost(node).filter(({ cost }) => cost * scale.share >= least);
const rowsOn = (node, scale) => Math.max(0, ...children(node, scale).map((child) => 1 + rowsOn(child, scale)));

// Returns the boxes above a function whose own box is at x.
function* boxesOn(node, x, depth, scale) {
  for (const child of children(node, scale)) {
    yield box(child, x, depth, scale);
    yield* boxesOn(child, x, depth + 1, scale);
    x += child.cost * scale.width;
  }
}

function* legend() {
  let x = margin;
  for (const { about, colours } of owners) {
    yield `<rect x="${x}" y="36" width="11" height="11" rx="2" fill="${colours[0]}"/>`;
    yield `<text class="legend" x="${x + 16}" y="46">${about}</text>`;
    x += 32 + about.length * character;
  }
}

// Returns the SVG of a profile by stacks. things: how many of a kind (`what`) were done meanwhile.
export function flame(profile, { name, what, things }) {
  const root = withoutTrunk(treeOf(parseProfile(profile).own));
  const scale = { width: (width - 2 * margin) / root.cost, count: 1 / things, share: 1 / root.cost };
  const height = head + rowsOn(root, scale) * row + margin;
  const title = `${name}, ${number(root.cost / things)} instructions: ${what}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
<style>${style}
</style>
<rect class="page" width="100%" height="100%"/>
<text class="head" x="${margin}" y="24">${escaped(title)}</text>
${[...legend()].join("\n")}
<g transform="translate(0 ${height - margin})">
${[...boxesOn(root, margin, 0, scale)].join("\n")}
</g>
</svg>
`;
}
