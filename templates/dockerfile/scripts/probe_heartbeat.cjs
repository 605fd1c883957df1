// Healthy while the file that the worker touches is not older than the given seconds.
const [file, maxAge] = process.argv.slice(2);
process.exit(Date.now() - require("node:fs").statSync(file).mtimeMs > maxAge * 1000 ? 1 : 0);
