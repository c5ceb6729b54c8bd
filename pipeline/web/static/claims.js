// The list of claims: loaded newest first, then kept up to date by the stream.

import { Filter, prepare } from "./filter.js";
import { List } from "./list.js";
import { byId, element, number, onKey } from "./page.js";
import { Reader } from "./reader.js";
import { row } from "./row.js";
import { follow } from "./stream.js";

const ANNOUNCE_MS = 4000; // a screen reader hears of new claims no more often
const CHOICES_MS = 2000;
const CHOICES = 100;
const TYPING_MS = 120;
const NEW_MS = 2500;

const most = Number(byId("main").dataset.most);
const filter = new Filter(byId("filters"));
const list = new List(byId("feed"), (claim) => marked(claim, row(claim)));
const reader = new Reader(byId("reader"), () => closeArticle());

let claims = new Map(); // by id, oldest first: a claim that comes again takes the place of the one before
let held = []; // came while somebody was reading further down, newest first
let matches = filter.predicate();
let chosen = null;
let eventId = "";
let unheard = 0;
let status = null;
let loading = 0;

// --- claims come in ---------------------------------------------------------------------------------------------------

/** Articles newest first, but the claims of one article as they stand in it. */
function newestFirst(batch) {
  const found = [];
  for (let end = batch.length; end > 0; ) {
    let start = end - 1;
    while (start > 0 && batch[start - 1].article === batch[end - 1].article) start--;
    found.push(...batch.slice(start, end));
    end = start;
  }
  return found;
}

async function load() {
  const ticket = ++loading;
  claims = new Map();
  held = [];
  list.reset([]);
  let before = "";
  for (let more = true; more; ) {
    const answer = await fetch(`/api/claims?before=${before}`).then((response) => response.json());
    if (ticket !== loading) return;
    if (!before) {
      eventId = answer.id;
      connection.open();
    }
    addOlder(answer.claims);
    ({ more, lowest: before } = answer);
    await new Promise((resolve) => (window.requestIdleCallback ?? setTimeout)(resolve)); // the page stays quick meanwhile
  }
  byId("feed").setAttribute("aria-busy", "false");
  show();
}

/** What was there before: below everything that is shown. */
function addOlder(older) {
  const added = older.filter((claim) => !claims.has(claim.id)).map(prepare);
  claims = new Map([...added.toReversed().map((claim) => [claim.id, claim]), ...claims]);
  list.append(newestFirst(added.toReversed()).filter(matches));
  show();
}

function addNew(batch) {
  const added = batch.map(prepare);
  const repeated = new Set(added.map((claim) => claim.id).filter((id) => claims.has(id)));
  if (repeated.size) forget((claim) => repeated.has(claim.id));
  for (const claim of added) {
    claims.delete(claim.id);
    claims.set(claim.id, claim);
    claim.isNew = true;
  }
  setTimeout(() => added.forEach((claim) => (claim.isNew = false)), NEW_MS);
  const shown = newestFirst(added).filter(matches);
  if (isReading()) held.unshift(...shown);
  else list.prepend(shown);
  unheard += shown.length;
  trim();
  show();
}

function forget(isGone) {
  list.remove(isGone);
  held = held.filter((claim) => !isGone(claim));
}

function trim() {
  if (claims.size <= most) return;
  let gone = 0;
  for (const [id, claim] of claims) {
    if (claims.size <= most) break;
    claims.delete(id);
    gone += matches(claim);
  }
  list.removeLast(Math.min(gone, list.length));
}

/** Whoever has scrolled down or chosen a claim is not to lose the place. */
const isReading = () => scrollTop() > 40 || byId("feed").contains(document.activeElement);
const scrollTop = () => document.scrollingElement.scrollTop;

function showHeld() {
  document.activeElement?.blur?.();
  scrollTo({ top: 0 });
  list.prepend(held);
  held = [];
  show();
}

// --- what is said about the list --------------------------------------------------------------------------------------

function show() {
  const shown = list.length + held.length;
  const all = number.format(claims.size);
  byId("tally").textContent = filter.isEmpty ? `${all} claims` : `${number.format(shown)} of ${all} claims`;
  byId("clear").hidden = filter.isEmpty;
  byId("fresh").hidden = !held.length;
  byId("fresh").textContent = `${number.format(held.length)} new`;
  byId("empty").hidden = shown > 0;
  if (!shown) showEmpty();
}

function showEmpty() {
  if (claims.size) {
    byId("empty").replaceChildren(element("p", "", "No claim that is kept here fits these filters."));
    return;
  }
  const lines = [element("p", "", status?.reading ? "Reading what is there …" : "No claims yet. They appear here as soon as articles come:")];
  if (!status?.reading) lines.push(element("pre", "", "claimwire push PATH …"));
  if (status?.latest) lines.push(element("p", "", ["The last article, ", element("bdi", "", status.latest.title), `, has ${status.latest.claims || "no"} claims.`]));
  byId("empty").replaceChildren(...lines);
}

setInterval(() => {
  if (!unheard) return;
  byId("announce").textContent = `${number.format(unheard)} new ${unheard === 1 ? "claim" : "claims"}`;
  unheard = 0;
}, ANNOUNCE_MS);

function offerChoices() {
  const counts = { source: new Map(), speakers: new Map(), entities: new Map() };
  const count = (map, name) => name && map.set(name, (map.get(name) ?? 0) + 1);
  for (const claim of claims.values()) {
    count(counts.source, claim.source);
    count(counts.speakers, claim.speaker);
    for (const name of claim.entities) count(counts.entities, name);
  }
  const commonest = (map) => [...map].sort((a, b) => b[1] - a[1]).slice(0, CHOICES);
  for (const id of ["speakers", "entities"]) {
    byId(id).replaceChildren(...commonest(counts[id]).map(([name]) => new Option(name, name)));
  }
  const value = byId("source").value;
  if (document.activeElement === byId("source")) return;
  const options = commonest(counts.source).map(([name, times]) => new Option(`${name} (${number.format(times)})`, name));
  byId("source").replaceChildren(new Option("all", ""), ...options);
  filter.set("source", value);
}

let choicesOf = null;
setInterval(() => {
  const newest = eventId + claims.size;
  if (newest === choicesOf) return;
  choicesOf = newest;
  (window.requestIdleCallback ?? setTimeout)(offerChoices);
}, CHOICES_MS);

// --- filters ----------------------------------------------------------------------------------------------------------

function applyFilters() {
  matches = filter.predicate();
  byId("min-value").textContent = Number(byId("min").value).toFixed(2);
  held = [];
  list.reset(newestFirst([...claims.values()]).filter(matches));
  writeAddress("replaceState");
  show();
}

function writeAddress(how) {
  const address = new URL(location);
  filter.write(address.searchParams);
  for (const name of ["article", "s", "t"]) address.searchParams.delete(name);
  if (reader.isOpen || how === "pushState") {
    address.searchParams.set("article", chosen.article);
    address.searchParams.set("s", chosen.sentence);
    address.searchParams.set("t", chosen.time);
  }
  address.search = address.search.replaceAll("%2F", "/");
  history[how](how === "pushState" ? { opened: true } : history.state, "", address);
}

let typing = 0;
byId("filters").addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(applyFilters, TYPING_MS);
});
byId("filters").addEventListener("submit", (event) => {
  event.preventDefault();
  applyFilters();
});
byId("clear").addEventListener("click", () => {
  filter.read(new URLSearchParams());
  applyFilters();
});

// --- choosing and reading ---------------------------------------------------------------------------------------------

/** The row, marked where its claim is the chosen one; also when it comes back into the document. */
function marked(claim, made) {
  if (chosen && claim.article === chosen.article && claim.sentence === chosen.sentence) made.setAttribute("aria-current", "true");
  return made;
}

function choose(claim, made) {
  for (const old of byId("feed").querySelectorAll("[aria-current]")) old.removeAttribute("aria-current");
  chosen = claim;
  made?.setAttribute("aria-current", "true");
}

function step(by) {
  const found = list.neighbour(chosen, by);
  if (!found) return;
  choose(found.item, found.row);
  found.row.querySelector(".text").focus({ preventScroll: true });
  found.row.scrollIntoView({ block: "nearest" });
  if (reader.isOpen) openArticle(found.item, "replaceState");
}

function openArticle(claim, how) {
  chosen = claim;
  writeAddress(how);
  reader.open(claim);
}

function closeArticle() {
  if (history.state?.opened) {
    history.back(); // readAddress does the rest
    return;
  }
  closeReader();
  writeAddress("replaceState");
}

function closeReader() {
  if (!reader.isOpen) return;
  reader.close();
  byId("feed").querySelector("[aria-current] .text")?.focus({ preventScroll: true });
}

byId("feed").addEventListener("click", (event) => {
  const button = event.target.closest("button[data-field]");
  if (button) {
    filter.set(button.dataset.field, button.dataset.value);
    byId("more").open = true;
    applyFilters();
    return;
  }
  const made = event.target.closest(".claim");
  if (!made || event.ctrlKey || event.metaKey || event.shiftKey || String(getSelection())) return;
  event.preventDefault();
  choose(made.claim, made);
  openArticle(made.claim, reader.isOpen ? "replaceState" : "pushState");
});

byId("feed").addEventListener("focusin", (event) => {
  const made = event.target.closest(".claim");
  if (made) choose(made.claim, made);
});

byId("fresh").addEventListener("click", showHeld);
onKey("j", () => step(1));
onKey("k", () => step(-1));
onKey("n", () => held.length > 0 && showHeld());
onKey("/", () => byId("q").focus());
onKey("Escape", () => {
  if (reader.isOpen) closeArticle();
  else document.activeElement?.blur?.();
});

addEventListener("popstate", readAddress);

function readAddress() {
  const parameters = new URLSearchParams(location.search);
  const before = JSON.stringify(filter.values);
  filter.read(parameters);
  const article = parameters.get("article");
  if (/^\d+\/\d+$/.test(article ?? "")) {
    chosen = { article, sentence: Number(parameters.get("s")), time: Number(parameters.get("t")) };
    reader.open(chosen);
  } else closeReader();
  if (JSON.stringify(filter.values) === before) return;
  byId("more").open = matchMedia("(min-width: 60rem)").matches || !filter.isEmpty;
  matches = filter.predicate();
  byId("min-value").textContent = Number(byId("min").value).toFixed(2);
  list.reset(newestFirst([...claims.values()]).filter(matches));
  show();
}

// --- begin ------------------------------------------------------------------------------------------------------------

const connection = follow(() => eventId && `/api/stream?after=${eventId}`, {
  claims: (batch, id) => {
    addNew(batch);
    eventId = id;
  },
  reset: load,
  status: (found) => {
    status = found;
    if (!claims.size) show();
  },
});
byId("more").open = matchMedia("(min-width: 60rem)").matches;
readAddress();
load();
