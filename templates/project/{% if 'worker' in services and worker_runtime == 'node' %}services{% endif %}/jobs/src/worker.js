// A background worker. Run with `node src/worker.js`.
import { rmSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

// The health check looks at the age of this file: a worker that hangs stops writing it.
const HEARTBEAT = process.env.WORKER_HEARTBEAT_FILE ?? "/tmp/worker-heartbeat";
const PAUSE_MS = 1000;

// One unit of work: replace it with yours, for example the next message of a queue.
async function work(turn) {
  console.log("turn", turn, "done");
}

const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => stop.abort());

try {
  // Looks only between the turns: a unit that has begun is finished.
  for (let turn = 1; !stop.signal.aborted; turn += 1) {
    await work(turn);
    writeFileSync(HEARTBEAT, new Date().toISOString());
    await sleep(PAUSE_MS, undefined, { signal: stop.signal }).catch(() => {}); // the abort ends the pause
  }
} finally {
  rmSync(HEARTBEAT, { force: true }); // a stopped worker must not look alive
}
console.log("stopped");
