// The shop's front: asks the API for a price and passes the answer on.
import express, { type Request, type Response } from "express";

const API_URL = process.env.API_URL ?? "http://localhost:8000";
const TIMEOUT_MS = 6_000; // longer than the API waits for its worker, so that its own error arrives
const GRACE_MS = 7_000; // a stop takes no longer, whatever the clients do

const app = express();
app.disable("x-powered-by");

app.get("/healthz", (_request: Request, response: Response) => {
  response.json({ status: "ok" });
});

app.get("/", async (request: Request, response: Response) => {
  const url = new URL("/price", API_URL);
  url.searchParams.set("quantity", String(request.query.quantity ?? 1));
  try {
    const upstream = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    const body: unknown = await upstream.json();
    response.status(upstream.status).json(upstream.ok ? { answer: body } : { error: body });
  } catch (error) {
    console.error("api:", error);
    response.status(502).json({ error: "the API did not answer" });
  }
});

const server = app.listen(3000, "0.0.0.0", (error?: Error) => {
  if (error) throw error;
  console.log("listening on port 3000");
});

// Finish the open requests, then leave: a silent client must not hold up the stop, nor a connection that fetch keeps.
process.on("SIGTERM", () => {
  server.close(() => process.exit(0));
  setTimeout(() => server.closeAllConnections(), GRACE_MS);
});
