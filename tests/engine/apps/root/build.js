const fs = require("node:fs");
const { banner } = require("@acme/tools");

for (const folder of ["dist", "node_modules/.generated"]) fs.mkdirSync(folder, { recursive: true });
fs.writeFileSync("dist/server.js", banner() + fs.readFileSync("src/server.js", "utf8"));
fs.writeFileSync("node_modules/.generated/index.js", 'module.exports = "generated";\n');
