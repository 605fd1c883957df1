// Keeps the fields of package.json that affect installed packages, without the version of the project.
const fs = require("node:fs");

const kept = `
  name bin engines os cpu workspaces catalog catalogs overrides resolutions pnpm packageExtensions installConfig
  dependencies devDependencies optionalDependencies peerDependencies peerDependenciesMeta dependenciesMeta
  bundleDependencies trustedDependencies patchedDependencies
`.split(/\s+/);
const manifest = JSON.parse(fs.readFileSync("package.json", "utf8"));
const reduced = Object.fromEntries(Object.entries(manifest).filter(([key]) => kept.includes(key)));
fs.writeFileSync("package.json", JSON.stringify({ ...reduced, version: "0.0.0", private: true }));
