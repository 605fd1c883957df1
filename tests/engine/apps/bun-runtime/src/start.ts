// Found by the paths of tsconfig.json, which Bun reads at run time.
import "@/server";
