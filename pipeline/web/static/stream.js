// The server's events, as long as the page can be seen; a hidden one holds no connection (a browser has six for a site).

import { showState, showStatus } from "./page.js";

const RETRY_MS = 3000;

/**
 * Follow the server. `address` gives the address to connect to, nothing while it is too early; `handlers` has a function for each event
 * that the page wants: claims(list, id), reset(), status(status), lag(sample).
 */
export function follow(address, handlers = {}) {
  let source = null;
  let retry = 0;

  function open() {
    close();
    const where = address();
    if (document.hidden || !where) return;
    source = new EventSource(where);
    source.addEventListener("status", (event) => {
      const status = JSON.parse(event.data);
      showStatus(status);
      handlers.status?.(status);
    });
    source.addEventListener("claims", (event) => handlers.claims?.(JSON.parse(event.data), event.lastEventId));
    source.addEventListener("lag", (event) => handlers.lag?.(JSON.parse(event.data)));
    source.addEventListener("reset", () => {
      close();
      handlers.reset?.();
    });
    source.addEventListener("error", () => {
      showState("away", "no connection");
      if (source?.readyState !== EventSource.CLOSED) return; // the browser tries again, and says what it has
      close();
      retry = setTimeout(open, RETRY_MS);
    });
  }

  function close() {
    clearTimeout(retry);
    source?.close();
    source = null;
  }

  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  addEventListener("pagehide", close); // a page that goes to the back/forward cache must hold no connection
  addEventListener("pageshow", (event) => event.persisted && open());
  open();
  return { open, close };
}
