// Named by bunfig.toml, which Bun reads at run time.
Object.assign(globalThis, { preloaded: true });
