// Healthy if GET returns any 2xx status; a redirect is none. 127.0.0.1, since localhost may resolve to ::1.
const [port, path, ...lines] = process.argv.slice(2);
const headers = Object.fromEntries(lines.map((line) => line.split(/: (.*)/, 2)));
const end = (healthy) => process.exit(healthy ? 0 : 1);
setTimeout(end, 2000, false);
require("node:http")
  .get({ host: "127.0.0.1", port, path, headers }, ({ statusCode }) => end(statusCode >= 200 && statusCode < 300))
  .on("error", () => end(false));
