// A page that only shows: its head still says how Kafka and the chain are.

import { onKey } from "./page.js";
import { follow } from "./stream.js";

follow(() => "/api/stream");
onKey("Escape", () => (history.length > 1 ? history.back() : false));
