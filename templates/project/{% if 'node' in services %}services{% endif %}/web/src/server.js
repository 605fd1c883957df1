// A small HTTP service. Run with `node src/server.js`.
import { createServer } from "node:http";

const HOST = "0.0.0.0"; // every interface: a container's own localhost is not reachable from outside
const PORT = 3000;
const GRACE_MS = 5000; // how long a client may hold up the shutdown
const ROUTES = new Map([
  ["/", { message: "Hello from web" }],
  ["/healthz", { status: "ok" }],
]);

const server = createServer((request, response) => {
  const path = request.url.split("?", 1)[0];
  const answer = request.method === "GET" ? ROUTES.get(path) : undefined;
  response.writeHead(answer ? 200 : 404, { "Content-Type": "application/json" });
  response.end(JSON.stringify(answer ?? { error: "not found" }));
  // Probes would drown the log.
  if (path !== "/healthz") console.log(request.method, request.url, response.statusCode);
});

server.listen(PORT, HOST, () => console.log(`listening on port ${PORT}`));

// Without a handler, process 1 of a container ignores SIGTERM. close() lets open requests finish.
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => {
    server.close(() => {
      console.log("stopped");
      process.exit(0);
    });
    setTimeout(() => server.closeAllConnections(), GRACE_MS);
  });
}
