// Removes the packages from yarn.lock that the given members do not depend on, and fails if an entry is missing: Yarn 1
// does neither. An entry starts in column 0, with every name@range that it is the answer to.
const fs = require("node:fs");

const [file, refresh, ...members] = process.argv.slice(2);
const manifests = [".", ...members].map((folder) => JSON.parse(fs.readFileSync(`${folder}/package.json`, "utf8")));
const [header, ...entries] = fs.readFileSync(file, "utf8").split(/\n(?=\S.*:\n)/);
const unquoted = (text) => text.replace(/^"(.*)"$/, "$1");
const keysOf = (entry) => entry.slice(0, entry.indexOf(":\n")).split(", ").map(unquoted);
const byKey = new Map(entries.flatMap((entry) => keysOf(entry).map((key) => [key, entry])));

// A range that `resolutions` replaces has no entry: every entry of that package may be the answer.
const resolutions = Object.keys(manifests[0].resolutions ?? {});
const replaced = new Set(resolutions.map((path) => path.match(/(?:@[^/]+\/)?[^/]+$/)[0]));
const answers = (name, range) => {
  const entry = byKey.get(`${name}@${range}`);
  if (entry !== undefined) return [entry];
  return replaced.has(name) ? entries.filter((one) => keysOf(one)[0].startsWith(`${name}@`)) : [];
};

const reached = new Set();
function reach(name, range, by) {
  const found = answers(name, range);
  if (found.length === 0) {
    console.error(`${file} has no ${name}@${range}, which ${by} needs; refresh it with: ${refresh}`);
    process.exit(1);
  }
  for (const entry of found.filter((one) => !reached.has(one))) {
    reached.add(entry);
    const groups = entry.matchAll(/^ {2}(?:dependencies|optionalDependencies):\n((?: {4}.*\n?)+)/gm);
    for (const [, group] of groups) {
      for (const [, child, wanted] of group.matchAll(/^ {4}(\S+) (.+)$/gm))
        reach(unquoted(child), unquoted(wanted), name);
    }
  }
}

const own = new Set(manifests.map((manifest) => manifest.name));
for (const manifest of manifests) {
  for (const group of ["dependencies", "devDependencies", "optionalDependencies"]) {
    for (const [name, range] of Object.entries(manifest[group] ?? {})) {
      // Members of the workspace have no entry, unless a published package of that name is meant.
      if (!own.has(name) || byKey.has(`${name}@${range}`)) reach(name, range, manifest.name ?? "package.json");
    }
  }
}
const remaining = entries.filter((entry) => reached.has(entry)).map((entry) => `${entry.trimEnd()}\n`);
fs.writeFileSync(file, [header, ...remaining].join("\n"));
