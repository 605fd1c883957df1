// Next.js names each build at random; with a name of one's own, two builds of one source are the same.
export default { output: "standalone", outputFileTracingRoot: import.meta.dirname, generateBuildId: () => "app" };
