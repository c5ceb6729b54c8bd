// What every page has: keys, help, theme, and what its head says of Kafka and the chain.

const root = document.documentElement;
export const byId = (id) => document.getElementById(id);
export const number = new Intl.NumberFormat("en");

/** An element with a class and a text or children. Texts of articles come in here and nowhere else. */
export function element(name, look, content) {
  const made = document.createElement(name);
  if (look) made.className = look;
  if (Array.isArray(content)) made.append(...content.filter(Boolean));
  else if (content !== undefined) made.textContent = content;
  return made;
}

function switchTheme() {
  const isDark = (root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  root.dataset.theme = isDark ? "light" : "dark";
  try {
    localStorage.setItem("theme", root.dataset.theme);
  } catch {
    // for this page only
  }
}

function toggleHelp() {
  const help = byId("help");
  if (help.open) help.close();
  else help.showModal();
}

const keys = new Map([
  ["?", toggleHelp],
  ["t", switchTheme],
]);

/** Do something on a key, unless it is typed into a field. */
export function onKey(key, action) {
  keys.set(key, action);
}

const isField = (target) => target instanceof HTMLElement && target.matches("input, select, textarea");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Escape" && isField(event.target)) {
    event.target.blur();
    event.preventDefault(); // else a search field is emptied as well
    return;
  }
  if (isField(event.target) || (byId("help").open && event.key !== "?")) return;
  const action = keys.get(event.key);
  if (action && action(event) !== false) event.preventDefault();
});

byId("theme").addEventListener("click", switchTheme);
byId("help-button").addEventListener("click", toggleHelp);
byId("help").addEventListener("click", (event) => {
  if (event.target === event.currentTarget) event.currentTarget.close(); // beside the dialog
});

/** Show what the server says of itself. */
export function showStatus(status) {
  const { trouble, reading, lag } = status;
  const waiting = lag ? lag.waiting : 0;
  byId("trouble").hidden = trouble === null;
  byId("trouble").textContent = trouble === null ? "" : `Kafka cannot be read: ${trouble}. What is shown was read before; this page goes on by itself.`;
  if (trouble !== null) showState("away", "Kafka away");
  else if (reading) showState("wait", "reading");
  else if (lag && !lag.workers) showState("idle", "no worker");
  else showState("live", waiting ? `live, ${number.format(waiting)} waiting` : "live");
  showCount("rejected-count", status.counts.rejected, "open, of those rejected since this page's server started");
  showCount("lag-count", waiting, "records wait");
}

export function showState(state, text) {
  byId("state").dataset.state = state;
  if (byId("state-text").textContent !== text) byId("state-text").textContent = text;
}

function showCount(id, count, what) {
  const badge = byId(id);
  badge.hidden = !count;
  badge.textContent = number.format(count);
  badge.title = what;
}
