// Healthy while the file that the worker touches, or the newest in a folder, is not older than the given seconds.
const fs = require("node:fs");
const [path, maxAge] = process.argv.slice(2);
const files = fs.statSync(path).isDirectory() ? fs.readdirSync(path).map((name) => `${path}/${name}`) : [path];
process.exit(Date.now() - Math.max(...files.map((file) => fs.statSync(file).mtimeMs)) > maxAge * 1000 ? 1 : 0);
