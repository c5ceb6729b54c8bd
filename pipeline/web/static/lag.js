// Lag of each stage: the newest figures in a table, those of the last half hour as a line each.

import { byId, element, number } from "./page.js";
import { follow } from "./stream.js";

const WIDTH = 320;
const HEIGHT = 40;
const SPAN_MS = 30 * 60 * 1000;
const SVG = "http://www.w3.org/2000/svg";

let samples = [];

function drawing(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/** A line and the area below it; the highest value is the top. */
function chart(stage) {
  const points = samples.filter((sample) => !sample.error).map((sample) => [sample.at, lagOf(sample, stage)]);
  const top = Math.max(10, ...points.map(([, lag]) => lag));
  const end = points.length ? points.at(-1)[0] : 0;
  const place = ([at, lag]) => `${(WIDTH - ((end - at) / SPAN_MS) * WIDTH).toFixed(1)},${(HEIGHT - (lag / top) * (HEIGHT - 4) - 1).toFixed(1)}`;
  const svg = drawing("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", preserveAspectRatio: "none" });
  svg.setAttribute("aria-label", `${stage}: at most ${number.format(Math.max(0, ...points.map(([, lag]) => lag)))} waiting in the last half hour`);
  svg.append(drawing("line", { class: "ground", x1: 0, x2: WIDTH, y1: HEIGHT - 1, y2: HEIGHT - 1 }));
  if (points.length > 1) {
    const line = points.map(place).join(" ");
    const first = place(points[0]).split(",")[0];
    svg.append(drawing("polygon", { class: "area", points: `${first},${HEIGHT - 1} ${line} ${WIDTH},${HEIGHT - 1}` }));
    svg.append(drawing("polyline", { class: "line", points: line }));
  }
  return svg;
}

const stageOf = (sample, name) => sample.stages.find(({ stage }) => stage === name);
const lagOf = (sample, name) => stageOf(sample, name)?.lag ?? 0;

function age(seconds) {
  if (seconds === null) return "–";
  for (const [unit, name] of [[86400, "d"], [3600, "h"], [60, "min"]]) {
    if (seconds >= 2 * unit) return `${Math.round(seconds / unit)} ${name}`;
  }
  return `${Math.round(seconds)} s`;
}

function show() {
  const newest = samples.at(-1);
  if (!newest) return;
  byId("lag-error").hidden = newest.error === null;
  byId("lag-error").textContent = newest.error ?? "";
  if (newest.error) return;
  byId("group").textContent = `Group ${newest.group}: ${newest.state}, ${newest.summary.workers} ${newest.summary.workers === 1 ? "member" : "members"}.`;
  for (const line of document.querySelectorAll("[data-stage]")) {
    const found = stageOf(newest, line.dataset.stage);
    const part = (name) => line.querySelector(`[data-part="${name}"]`);
    part("lag").textContent = number.format(found.lag);
    part("age").textContent = age(found.age_s);
    part("chart").replaceChildren(chart(line.dataset.stage));
  }
  byId("partitions").replaceChildren(...newest.stages.flatMap(rowsOf));
}

function rowsOf({ stage, partitions }) {
  return partitions.map(({ partition, committed, end, lag }) =>
    element("tr", "", [element("th", "", stage), ...[partition, committed, end, lag].map((value) => element("td", "number", value === null ? "–" : number.format(value)))]),
  );
}

function add(sample) {
  if (samples.some(({ at }) => at === sample.at)) return;
  samples = [...samples, sample].filter(({ at }) => at > sample.at - SPAN_MS);
  show();
}

fetch("/api/lag")
  .then((response) => response.json())
  .then((answer) => {
    samples = answer.samples;
    show();
  });
follow(() => "/api/stream?lag", { lag: add });
