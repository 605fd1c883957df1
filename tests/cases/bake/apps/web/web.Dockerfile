# Written by gen-dockerfiles from services.yaml. Edit the spec or its presets, not this file.

# base is the toolchain of every stage and the source of the shipped node binary.
FROM node:24-trixie-slim AS base
WORKDIR /app

# lock keeps only what affects installed packages, so that a version bump or a new script reinstalls nothing.
FROM base AS lock
WORKDIR /lock
COPY package.json ./
RUN --network=none node - <<"SCRIPT"
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
SCRIPT

COPY package-lock.json ./
RUN --network=none node - package-lock.json <<"SCRIPT"
// The lock file repeats the version of the project, which affects no installed package.
const fs = require("node:fs");

const [file] = process.argv.slice(2);
const lock = JSON.parse(fs.readFileSync(file, "utf8"));
lock.version = "0.0.0";
lock.packages[""].version = "0.0.0";
fs.writeFileSync(file, JSON.stringify(lock));
SCRIPT

# deps has all packages, those for development included, for building and testing.
FROM base AS deps
COPY --from=lock /lock ./
RUN --mount=type=cache,id=npm-node24-trixie,target=/root/.npm \
    npm ci --ignore-scripts --no-audit --no-fund \
    # The folder has to exist, even if no package is installed.
 && mkdir -p node_modules

# prod-deps has the packages that ship; they are installed in parallel with deps and build.
FROM base AS prod-deps
COPY --from=lock /lock ./
RUN --mount=type=cache,id=npm-node24-trixie,target=/root/.npm \
    npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
    # The folder has to exist, even if no package is installed.
 && mkdir -p node_modules

# build compiles the source.
FROM deps AS build
COPY package.json package.json
COPY src src
# RELEASE and the next are for the build scripts, and no secret: --build-arg gives another value.
ARG RELEASE="unknown"
ARG BUILT_BY
# Without a network, since all that it needs is locked; `build_network: default` in the spec gives it one.
RUN --network=none \
    npm run 'build'

# dev has the development dependencies and a writable source tree, for tests and live reload.
FROM deps AS dev
COPY --chown=10001:10001 package.json package.json
COPY --chown=10001:10001 src src
# RELEASE and the next are for the build scripts, and no secret: --build-arg gives another value.
ARG RELEASE="unknown"
ARG BUILT_BY
# Without a network, since all that it needs is locked; `build_network: default` in the spec gives it one.
RUN --network=none \
    npm run 'build' \
 && chown -R 10001:10001 dist
ENV HOME=/tmp \
    PORT="3000"
USER 10001:10001
CMD ["node", "dist/server.js"]

# runtime is the shipped image: the same node binary that built it, and no package manager.
FROM debian:trixie-slim AS runtime
RUN groupadd --gid 10001 app \
 && useradd --uid 10001 --gid 10001 --no-log-init --no-create-home \
      --home-dir /nonexistent --shell /usr/sbin/nologin app
COPY --link --from=base /usr/local/bin/node /usr/local/bin/node
COPY --link --from=prod-deps /app/node_modules /app/node_modules
COPY --link --from=build /app/package.json /app/package.json
COPY --link --from=build /app/dist /app/dist
ENV PORT="3000" \
    HOME="/tmp" \
    NODE_ENV="production" \
    NODE_OPTIONS="--enable-source-maps"
WORKDIR /app
USER 10001:10001
EXPOSE 3000/tcp
STOPSIGNAL SIGTERM
# Run by the service's own interpreter, so that the image needs no curl.
COPY --link <<"PROBE" /opt/healthcheck/http.cjs
// Healthy if GET returns any 2xx status; a redirect is none. 127.0.0.1, since localhost may resolve to ::1.
const [port, path, ...lines] = process.argv.slice(2);
const headers = Object.fromEntries(lines.map((line) => line.split(/: (.*)/, 2)));
const end = (healthy) => process.exit(healthy ? 0 : 1);
setTimeout(end, 2000, false);
require("node:http")
  .get({ host: "127.0.0.1", port, path, headers }, ({ statusCode }) => end(statusCode >= 200 && statusCode < 300))
  .on("error", () => end(false));
PROBE

HEALTHCHECK --interval=30s --timeout=3s --start-period=30s --start-interval=1s --retries=3 \
  CMD ["node", "/opt/healthcheck/http.cjs", "3000", "/healthz"]
CMD ["node", "dist/server.js"]
