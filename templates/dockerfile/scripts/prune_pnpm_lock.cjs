// Removes the packages from pnpm-lock.yaml that the given members do not depend on; pnpm would need a registry for it.
// It relies on the layout: sections start in column 0, their entries in column 2, and the rest is indented further.
const fs = require("node:fs");

const [file, ...members] = process.argv.slice(2);
const folders = [".", ...members];
const text = fs.readFileSync(file, "utf8");
// Since version 11, a document in front may have what pnpm installs for itself; it stays as it is.
const next = "\n---\n";
const start = text.startsWith(next.trimStart()) ? text.indexOf(next) + next.length : 0;
const lock = text.slice(start);
if (!lock.startsWith("lockfileVersion: '9.0'")) throw new Error(`${file} is not of version 9.0`);

const unquoted = (text) => text.replace(/^'(.*)'$/, "$1");
const nameOf = (entry) => unquoted(entry.match(/^ {2}(.+?):(?: \{.*\})?$/m)[1]);
const sections = lock.split(/^(?=\S)/m);
const titleOf = (section) => section.slice(0, section.indexOf(":"));
const entriesOf = (title) => {
  const section = sections.find((one) => titleOf(one) === title) ?? "";
  const entries = section.split(/^(?= {2}\S)/m).slice(1);
  return entries.map((entry) => [nameOf(entry), entry]);
};

// An importer is a member of the workspace; a snapshot is a package with the versions of what it depends on.
const importers = entriesOf("importers").filter(([folder]) => folders.includes(folder));
const snapshots = new Map(entriesOf("snapshots"));
const reached = new Set();

function reach(name, version) {
  // An alias gives another package's name with the version, and a link is a folder of the workspace.
  const key = [`${name}@${version}`, version].find((candidate) => snapshots.has(candidate));
  if (key === undefined || reached.has(key)) return;
  reached.add(key);
  const groups = snapshots.get(key).matchAll(/^ {4}(?:dependencies|optionalDependencies):\n((?: {6}.*\n)+)/gm);
  for (const [, group] of groups) {
    for (const [, child, range] of group.matchAll(/^ {6}(.+?): (.+)$/gm)) reach(unquoted(child), unquoted(range));
  }
}
for (const [, importer] of importers) {
  const wanted = importer.matchAll(/^ {6}(\S+):\n {8}specifier: .*\n {8}version: (.+)$/gm);
  for (const [, name, version] of wanted) reach(unquoted(name), unquoted(version));
}

// A package is listed once, without the versions of its peers, which snapshots have in parentheses.
const packages = new Set([...reached].map((key) => key.split("(")[0]));
const remaining = {
  importers,
  packages: entriesOf("packages").filter(([key]) => packages.has(key)),
  snapshots: [...snapshots].filter(([key]) => reached.has(key)),
};
const rewritten = (section) => {
  const title = titleOf(section);
  return title in remaining ? `${title}:\n\n${remaining[title].map(([, entry]) => entry).join("")}` : section;
};
fs.writeFileSync(file, text.slice(0, start) + sections.map(rewritten).join(""));
