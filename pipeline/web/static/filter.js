// Which claims are shown: fields of a form and parameters of the address, one for one.

const FIELDS = ["q", "source", "speaker", "entity", "type", "min"];

/** A text as it is searched: neither case nor accents matter. */
export const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/** What of a claim is searched; made once, when it comes. */
export function prepare(claim) {
  claim.folded = fold([claim.text, claim.title, claim.source, claim.speaker, ...claim.entities].join("\n"));
  claim.foldedSpeaker = fold(claim.speaker);
  claim.foldedEntities = claim.entities.map(fold);
  return claim;
}

export class Filter {
  #form;

  constructor(form) {
    this.#form = form;
  }

  /** Fill the form from the address. */
  read(parameters) {
    for (const name of FIELDS) this.set(name, parameters.get(name) ?? "");
  }

  set(name, value) {
    const field = this.#form.elements[name];
    if (field instanceof HTMLSelectElement && value && ![...field.options].some((option) => option.value === value)) {
      field.add(new Option(value, value)); // a source of which no claim has come yet
    }
    field.value = name === "min" ? value || "0" : value;
  }

  get values() {
    const found = Object.fromEntries(FIELDS.map((name) => [name, this.#form.elements[name].value.trim()]));
    if (Number(found.min) === 0) found.min = "";
    return found;
  }

  get isEmpty() {
    return Object.values(this.values).every((value) => value === "");
  }

  /** Put the filters into the parameters of an address, and only those that are set. */
  write(parameters) {
    for (const [name, value] of Object.entries(this.values)) {
      if (value) parameters.set(name, value);
      else parameters.delete(name);
    }
  }

  /** A function that says whether a claim is shown; made once for many claims. */
  predicate() {
    const { q, source, speaker, entity, type, min } = this.values;
    const words = fold(q).split(/\s+/).filter(Boolean);
    const wantedSpeaker = fold(speaker);
    const wantedEntity = fold(entity);
    const least = Number(min);
    return (claim) =>
      claim.score >= least &&
      (!source || claim.source === source) &&
      (!type || claim.types.includes(type)) &&
      (!wantedSpeaker || claim.foldedSpeaker.includes(wantedSpeaker)) &&
      (!wantedEntity || claim.foldedEntities.some((name) => name.includes(wantedEntity))) &&
      words.every((word) => claim.folded.includes(word));
  }
}
