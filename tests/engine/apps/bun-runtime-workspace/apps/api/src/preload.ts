// Named by bunfig.toml, which Bun reads in the working folder.
Object.assign(globalThis, { preloaded: true });
