// One claim of the list as an element. All of its texts are articles' texts: textContent only.

import { element } from "./page.js";

const LABELS = { CFS: "check-worthy factual sentence", UFS: "unimportant factual sentence", NFS: "no factual sentence" };
const today = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const before = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

/** Where the claim stands in its article. */
export const address = (claim) => `/articles/${claim.article}?t=${claim.time}#s${claim.sentence}`;

/** The row of a claim; its buttons carry the filter that they set. */
export function row(claim) {
  const made = element("article", "claim", [score(claim), element("div", "what", [text(claim), meta(claim), context(claim)])]);
  made.claim = claim;
  if (claim.isNew) made.classList.add("new");
  return made;
}

function score(claim) {
  const bar = element("span", "bar");
  bar.style.setProperty("--score", claim.score);
  const label = element("abbr", "label", claim.label);
  label.title = LABELS[claim.label];
  const box = element("div", "score", [element("b", "", claim.score.toFixed(2)), bar, label]);
  box.dataset.label = claim.label;
  return box;
}

function text(claim) {
  const link = element("a", "text", claim.text);
  link.href = address(claim);
  link.dir = "auto";
  return link;
}

function meta(claim) {
  return element("p", "meta", [
    claim.speaker && chip("speaker", claim.speaker),
    claim.source && chip("source", claim.source),
    claim.time > 0 && when(claim.time),
    ...claim.types.map((type) => chip("type", type, type.replaceAll("_", " "))),
  ]);
}

function chip(field, value, words = value) {
  const button = element("button", field, [element("bdi", "", words)]);
  button.type = "button";
  button.dataset.field = field;
  button.dataset.value = value;
  button.title = `Only this ${field}`;
  return button;
}

function when(time) {
  const date = new Date(time);
  const isToday = date.toDateString() === new Date().toDateString();
  const made = element("time", "", (isToday ? today : before).format(date));
  made.dateTime = date.toISOString();
  made.title = "When the article came in";
  return made;
}

/** Shown for the chosen claim: its article, its neighbours, and what spoke for it. */
function context(claim) {
  const around = [claim.before && quoted("before", claim.before), claim.after && quoted("after", claim.after)];
  const reasons = element("ul", "reasons", claim.reasons.map((reason) => element("li", "", [element("bdi", "", reason)])));
  const title = claim.title && element("p", "title", [element("bdi", "", claim.title)]);
  const published = claim.published && element("p", "published", `Published ${claim.published.slice(0, 16).replace("T", " ")}`);
  return element("div", "context", [title, published, ...around, claim.reasons.length ? reasons : null]);
}

function quoted(look, words) {
  const made = element("p", look, words);
  made.dir = "auto";
  return made;
}
