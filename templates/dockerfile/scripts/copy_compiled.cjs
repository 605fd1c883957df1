// Takes the named packages, which install scripts have compiled, from another tree of the same packages.
const fs = require("node:fs");
const path = require("node:path");

const [tree, ...names] = process.argv.slice(2);

function* packages(folder) {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const inside = path.join(folder, entry.name);
    // node-gyp repeats the path of a package below its own folder, in build/Release/.deps.
    const isPackage = fs.existsSync(path.join(inside, "package.json"));
    if (isPackage && names.some((name) => inside.endsWith(`/node_modules/${name}`))) yield inside;
    yield* packages(inside);
  }
}

const read = (folder) => fs.readFileSync(path.join(folder, "package.json"), "utf8");
const compiled = [...packages(tree)];
for (const folder of packages(process.cwd())) {
  // Some package managers place packages otherwise, once those for development are there.
  const source = compiled.find((other) => read(other) === read(folder));
  if (!source) throw new Error(`${folder} is not below ${tree}`);
  for (const name of fs.readdirSync(source)) {
    if (name === "node_modules") continue;
    fs.cpSync(path.join(source, name), path.join(folder, name), {
      recursive: true,
      verbatimSymlinks: true,
      preserveTimestamps: true,
    });
  }
}
