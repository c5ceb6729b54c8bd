// The article beside the list: the same page that stands alone at its address, taken over as nodes, never as a string.

import { element } from "./page.js";

const calm = matchMedia("(prefers-reduced-motion: reduce)");

/** The document at an address, parsed by the browser without running anything in it. */
function fetchDocument(address) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("GET", address);
    request.responseType = "document";
    request.onload = () => (request.response ? resolve(request.response) : reject(new Error("no page came")));
    request.onerror = () => reject(new Error("the page's server does not answer"));
    request.send();
  });
}

export class Reader {
  #panel;
  #hint;
  #close;
  #shown = "";
  #latest = 0;

  constructor(panel, onClose) {
    this.#panel = panel;
    this.#hint = [...panel.childNodes];
    this.#close = element("button", "icon close", "×");
    this.#close.type = "button";
    this.#close.setAttribute("aria-label", "Close the article");
    this.#close.addEventListener("click", onClose);
    panel.addEventListener("click", (event) => this.#followed(event));
  }

  get isOpen() {
    return this.#shown !== "";
  }

  /** Show the article of a claim, at its sentence. */
  async open(claim) {
    const ticket = ++this.#latest;
    document.body.classList.add("reading");
    if (this.#shown !== claim.article) {
      this.#panel.setAttribute("aria-busy", "true");
      const content = await this.#load(claim);
      if (ticket !== this.#latest) return; // another one was chosen meanwhile
      this.#shown = claim.article;
      this.#panel.replaceChildren(this.#close, ...content);
      this.#panel.scrollTop = 0;
      this.#panel.removeAttribute("aria-busy");
    }
    this.#mark(`s${claim.sentence}`);
  }

  close() {
    this.#latest++;
    this.#shown = "";
    document.body.classList.remove("reading");
    this.#panel.removeAttribute("aria-busy");
    this.#panel.replaceChildren(...this.#hint);
  }

  async #load(claim) {
    try {
      const time = claim.time ? `?t=${claim.time}` : "";
      const page = await fetchDocument(`/articles/${claim.article}${time}`);
      return [...page.querySelector("main").childNodes].map((node) => document.importNode(node, true));
    } catch (error) {
      return [element("p", "trouble", `The article could not be loaded: ${error.message}.`)];
    }
  }

  /** A link inside of the article moves the panel, not the page. */
  #followed(event) {
    const link = event.target.closest("a[href^='#']");
    if (!link) return;
    event.preventDefault();
    this.#mark(link.getAttribute("href").slice(1));
  }

  #mark(id) {
    for (const old of this.#panel.querySelectorAll(".current")) old.classList.remove("current");
    const found = this.#panel.querySelector(`[id="${CSS.escape(id)}"]`);
    if (!found) return;
    found.classList.add("current");
    found.scrollIntoView({ block: "center", behavior: calm.matches ? "auto" : "smooth" });
  }
}
