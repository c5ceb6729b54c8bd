// A long list of which only what is near the screen is in the document: chunks of rows, emptied once they are far away.

const CHUNK = 40;
const NEAR = "1200px 0px";

export class List {
  #container;
  #row;
  #chunks = []; // from the top: {items, box}
  #rest = []; // below the last chunk, not in the document yet
  #sentinel = document.createElement("div");
  #visible = new IntersectionObserver((entries) => this.#moved(entries), { rootMargin: NEAR });

  /** `row` makes the element of an item. */
  constructor(container, row) {
    this.#container = container;
    this.#row = row;
    container.append(this.#sentinel);
    this.#visible.observe(this.#sentinel);
  }

  get length() {
    return this.#chunks.reduce((sum, chunk) => sum + chunk.items.length, this.#rest.length);
  }

  /** Show these and no others. */
  reset(items) {
    for (const chunk of this.#chunks) this.#drop(chunk);
    this.#chunks = [];
    this.#rest = items.slice();
    this.#grow();
  }

  /** Put items above all others. */
  prepend(items) {
    for (let end = items.length; end > 0; ) {
      const top = this.#chunks[0];
      const room = top ? CHUNK - top.items.length : 0;
      const start = Math.max(0, end - (room > 0 ? room : CHUNK));
      const part = items.slice(start, end);
      if (room > 0) {
        top.items.unshift(...part);
        if (top.filled) top.box.prepend(...part.map(this.#row));
      } else {
        this.#chunks.unshift(this.#chunk(part, (box) => this.#container.prepend(box)));
      }
      end = start;
    }
  }

  /** Put items below all others. */
  append(items) {
    this.#rest.push(...items);
    this.#grow();
  }

  /** Take out what `isGone` says of. */
  remove(isGone) {
    this.#rest = this.#rest.filter((item) => !isGone(item));
    for (const chunk of this.#chunks) {
      if (!chunk.items.some(isGone)) continue;
      chunk.items = chunk.items.filter((item) => !isGone(item));
      if (chunk.filled) this.#fill(chunk);
    }
    for (const chunk of this.#chunks.filter((chunk) => !chunk.items.length)) this.#drop(chunk);
    this.#chunks = this.#chunks.filter((chunk) => chunk.items.length);
  }

  /** Let go of the last items. */
  removeLast(count) {
    const fromRest = Math.min(count, this.#rest.length);
    this.#rest.length -= fromRest;
    for (let left = count - fromRest; left > 0 && this.#chunks.length; ) {
      const last = this.#chunks.at(-1);
      const cut = Math.min(left, last.items.length);
      last.items.length -= cut;
      left -= cut;
      if (!last.items.length) this.#drop(this.#chunks.pop());
      else if (last.filled) this.#fill(last);
    }
  }

  /** The item `step` rows below another one, as its row in the document; the first one where there is no other. */
  neighbour(item, step) {
    let index = -1;
    let before = 0;
    for (const chunk of this.#chunks) {
      const found = chunk.items.indexOf(item);
      if (found >= 0) index = before + found;
      before += chunk.items.length;
    }
    const wanted = index < 0 ? 0 : index + step;
    if (wanted >= before) this.#grow();
    return this.#rowAt(wanted);
  }

  #rowAt(index) {
    let before = 0;
    for (const chunk of this.#chunks) {
      if (index < before + chunk.items.length) {
        if (index < before) return null;
        if (!chunk.filled) this.#fill(chunk);
        return { item: chunk.items[index - before], row: chunk.box.children[index - before] };
      }
      before += chunk.items.length;
    }
    return null;
  }

  #grow() {
    if (!this.#rest.length) return;
    const part = this.#rest.splice(0, CHUNK);
    this.#chunks.push(this.#chunk(part, (box) => this.#sentinel.before(box)));
    // The observer tells only of changes: a sentinel that is still near tells again.
    this.#visible.unobserve(this.#sentinel);
    this.#visible.observe(this.#sentinel);
  }

  #chunk(items, place) {
    const box = document.createElement("div");
    box.setAttribute("role", "presentation");
    const chunk = { items, box, filled: false };
    box.chunk = chunk;
    this.#fill(chunk);
    place(box);
    this.#visible.observe(box);
    return chunk;
  }

  #fill(chunk) {
    chunk.filled = true;
    chunk.box.style.height = "";
    chunk.box.replaceChildren(...chunk.items.map(this.#row));
  }

  #empty(chunk) {
    if (chunk.box.contains(document.activeElement)) return;
    chunk.box.style.height = `${chunk.box.offsetHeight}px`;
    chunk.filled = false;
    chunk.box.replaceChildren();
  }

  #drop(chunk) {
    this.#visible.unobserve(chunk.box);
    chunk.box.remove();
  }

  #moved(entries) {
    for (const { target, isIntersecting } of entries) {
      if (target === this.#sentinel) {
        if (isIntersecting) this.#grow();
      } else if (isIntersecting && !target.chunk.filled) this.#fill(target.chunk);
      else if (!isIntersecting && target.chunk.filled) this.#empty(target.chunk);
    }
  }
}
