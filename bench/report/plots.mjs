// SPDX-License-Identifier: MIT
//
// Bars, in one SVG that reads in light and dark: a panel for each thing measured, a bar for each server.

const names = { gateway: "notify-gateway", floor: "the floor", node: "socket.io on Node", nchan: "nchan" };
const panel = { width: 440, label: 118, bar: 230, row: 26, head: 40, gap: 24 };

const style = `
  text { font: 13px system-ui, sans-serif; fill: #24292f; }
  .title { font-weight: 600; } .value { font-size: 12px; }
  .gateway { fill: #d9480f; } .floor { fill: #8c959f; } .node { fill: #4c7a34; } .nchan { fill: #2f6fb2; }
  .kernel { opacity: .45; }
  .spread { stroke: #24292f; stroke-width: 1; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; } .spread { stroke: #e6edf3; }
    .gateway { fill: #ff8a4c; } .floor { fill: #8b949e; } .node { fill: #7fb069; } .nchan { fill: #6cb0f0; }
  }`;

const number = (value) => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2));

// A bar with the spread of the rounds; the part from `inner` on is paler (the kernel's share).
function bar({ server, value, low, high, inner = value }, y, scale) {
  const x = panel.label;
  const [solid, whole] = [inner * scale, value * scale];
  const middle = y + panel.row / 2 - 3;
  return `
  <text x="0" y="${y + 15}">${names[server] ?? server}</text>
  <rect class="${server}" x="${x}" y="${y + 3}" width="${solid.toFixed(1)}" height="15"/>
  <rect class="${server} kernel" x="${(x + solid).toFixed(1)}" y="${y + 3}" width="${(whole - solid).toFixed(1)}" height="15"/>
  <line class="spread" x1="${(x + low * scale).toFixed(1)}" x2="${(x + high * scale).toFixed(1)}" y1="${middle}" y2="${middle}"/>
  <text class="value" x="${(x + high * scale + 6).toFixed(1)}" y="${y + 15}">${number(value)}</text>`;
}

function panelOf({ title, bars }, x, y) {
  const scale = panel.bar / Math.max(...bars.map(({ high }) => high));
  const rows = bars.map((one, n) => bar(one, panel.head - 14 + n * panel.row, scale)).join("");
  return `<g transform="translate(${x} ${y})"><text class="title" x="0" y="14">${title}</text>${rows}\n</g>`;
}

// Each plot: { title, bars: [{ server, value, low, high, inner }] }. Two beside each other.
export function draw(plots) {
  const shown = plots.filter(({ bars }) => bars.length > 0);
  const heights = [];
  for (let n = 0; n < shown.length; n += 2)
    heights.push(panel.head + panel.row * Math.max(...shown.slice(n, n + 2).map(({ bars }) => bars.length)));
  const top = (row) => 12 + heights.slice(0, row).reduce((sum, height) => sum + height + panel.gap, 0);
  const panels = shown.map((plot, n) => panelOf(plot, 12 + (n % 2) * (panel.width + panel.gap), top(n >> 1)));
  const width = 24 + panel.width * 2 + panel.gap;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${top(heights.length)}" role="img"` +
    ` aria-label="notify-gateway measured beside other servers">\n<style>${style}\n</style>\n${panels.join("\n")}\n</svg>\n`;
}
