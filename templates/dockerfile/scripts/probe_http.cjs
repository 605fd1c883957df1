// Healthy if GET returns any 2xx status. 127.0.0.1, since localhost may resolve to ::1.
const [port, path] = process.argv.slice(2);
fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(2000) }).then(
  (response) => process.exit(response.ok ? 0 : 1),
  () => process.exit(1),
);
