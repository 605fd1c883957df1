// Healthy while the file that the worker touches is at most so many seconds old.
const [file, maxAge] = process.argv.slice(2);
process.exit(Date.now() - require("node:fs").statSync(file).mtimeMs > maxAge * 1000 ? 1 : 0);
