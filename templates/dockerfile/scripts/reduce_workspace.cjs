// Keeps the fields of each package.json that affect installed packages, and only the given workspace members.
const fs = require("node:fs");

const kept = `
  name bin engines os cpu workspaces catalog catalogs overrides resolutions pnpm packageExtensions installConfig
  dependencies devDependencies optionalDependencies peerDependencies peerDependenciesMeta dependenciesMeta
  bundleDependencies trustedDependencies patchedDependencies
`.split(/\s+/);
const groups = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"];
const members = process.argv.slice(2);
const files = [".", ...members].map((folder) => `${folder}/package.json`);
const manifests = files.map((file) => JSON.parse(fs.readFileSync(file, "utf8")));

// The version of a member counts only where another one asks for a range of it.
const wanted = manifests.flatMap((manifest) => groups.flatMap((group) => Object.entries(manifest[group] ?? {})));
const anyVersion = /^(workspace:)?[*^~]?$|^(file|link|portal):/;
const ranged = new Set(wanted.filter(([, range]) => !anyVersion.test(range)).map(([name]) => name));

manifests.forEach((manifest, index) => {
  const reduced = Object.fromEntries(Object.entries(manifest).filter(([key]) => kept.includes(key)));
  const version = ranged.has(manifest.name) ? manifest.version : "0.0.0";
  // As a mapping, it also has the catalogs of Bun and what Yarn 1 does not hoist.
  const said = manifest.workspaces ?? [];
  const workspaces = index === 0 ? { workspaces: Array.isArray(said) ? members : { ...said, packages: members } } : {};
  fs.writeFileSync(files[index], JSON.stringify({ ...reduced, version, private: true, ...workspaces }));
});
