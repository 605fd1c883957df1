// The lock file repeats the version of the project, which affects no installed package.
const fs = require("node:fs");

const [file] = process.argv.slice(2);
const lock = JSON.parse(fs.readFileSync(file, "utf8"));
lock.version = "0.0.0";
lock.packages[""].version = "0.0.0";
fs.writeFileSync(file, JSON.stringify(lock));
