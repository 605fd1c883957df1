#!/usr/bin/env bash
# Brings up the Docker engine and the images that the tests below tests/engine need.
#
#   engine.sh up             make an engine ready; safe to repeat, seconds when nothing is missing
#   engine.sh down           stop what `up` started and keep its data
#   engine.sh down --purge   the same, then remove the state directory
#   engine.sh status         what runs and which images exist; exit 0 when ready, 1 when not
#   engine.sh env            shell lines that put the engine on PATH:  eval "$(engine.sh env)"
#
# A host whose engine is current (Engine 28, Compose 2.40, buildx) is used as it is: nothing is installed
# or started, and its images come from their registries. Elsewhere, on Debian as root, a current engine is
# unpacked from Debian sid into the state directory, not installed into the system. Its images are
# stand-ins built from Debian and PyPI packages, so no image registry is needed; a registry on the
# loopback interface serves them as the mirror of docker.io.
#
# GEN_DOCKERFILES_ENGINE           state directory (default: gen-dockerfiles/engine in the user's cache)
# GEN_DOCKERFILES_STAND_INS=1      build the stand-in images on a host's own engine as well
# GEN_DOCKERFILES_REGISTRY_PORT    port of the loopback registry (default: 5000)
set -euo pipefail

readonly MIN_ENGINE=28 MIN_COMPOSE=2.40
readonly KEPT_CACHE=12GB # of build cache, from one run to the next
readonly OWN_BASE=gen-dockerfiles-stand-in
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
STATE=${GEN_DOCKERFILES_ENGINE:-${XDG_CACHE_HOME:-$HOME/.cache}/gen-dockerfiles/engine}
PORT=${GEN_DOCKERFILES_REGISTRY_PORT:-5000}
REGISTRY=127.0.0.1:$PORT
TREE=$STATE/tree           # the unpacked packages
RUNTIME=/var/run/docker    # the engine's own runtime directory, its default
AUTHORITIES=/etc/ssl/certs/ca-certificates.crt # that the host trusts, Debian's and its own
readonly HERE STATE PORT REGISTRY TREE RUNTIME AUTHORITIES

# The stand-ins: wave, reference, directory below images/, build arguments. A wave builds in parallel and
# may start from the images of the waves before it.
readonly IMAGES='
1  debian:trixie-slim                           debian      SUITE=trixie
1  debian:bookworm-slim                         debian      SUITE=bookworm
2  python:3.14-slim-trixie                      python      SUITE=trixie VERSION=3.14 FROM=sid
2  python:3.13-slim-trixie                      python      SUITE=trixie VERSION=3.13
2  python:3.11-slim-bookworm                    python      SUITE=bookworm VERSION=3.11
2  redis:8.6-trixie                             redis
2  valkey/valkey:8.1                            valkey
2  postgres:18-trixie                           postgres
2  postgres:17-trixie                           postgres    DATA=/var/lib/postgresql/data VOLUME=/var/lib/postgresql/data
2  mariadb:11.8                                 mariadb
2  rabbitmq:4.3                                 rabbitmq
2  nginxinc/nginx-unprivileged:stable-trixie    nginx
2  caddy:2.11                                   caddy
2  gcr.io/distroless/cc-debian13:nonroot        distroless
3  node:26-trixie-slim                          node        MAJOR=26 NPM=11
3  node:24-trixie-slim                          node        MAJOR=24 NPM=11 YARN=1.22.22
3  node:22-trixie-slim                          node        MAJOR=22 NPM=10 YARN=1.22.22
3  ghcr.io/astral-sh/uv:0.13.9                  uv          VERSION=0.13.9
4  oven/bun:1.4.5-slim                           bun         VERSION=1.4.5
4  dhi.io/python:3.13-debian13-dev              hardened    TARGET=python-dev
4  dhi.io/python:3.13-debian13                  hardened    TARGET=python-runtime
4  dhi.io/node:24-debian13-dev                  hardened    TARGET=node-dev
4  dhi.io/node:24-debian13                      hardened    TARGET=node-runtime
'

say() { printf '%s\n' "$*"; }
progress() { printf '[%3ds] %s\n' "$SECONDS" "$*"; }
die() { printf 'engine.sh: %s\n' "$*" >&2; exit 1; }
at_least() { printf '%s\n%s\n' "$1" "$2" | sort --version-sort --check=quiet; } # wanted, found
image_table() { sed '/^$/d' <<<"$IMAGES"; }

# ---------------------------------------------------------------- which engine

# own_env points this shell at the unpacked tools; DOCKER_CONFIG keeps the user's own one untouched.
own_env() {
  export PATH="$TREE/usr/bin:$TREE/usr/sbin:$PATH" DOCKER_CONFIG="$STATE/config"
  unset DOCKER_HOST DOCKER_CONTEXT
}

server_version() { timeout 20 docker version --format '{{.Server.Version}}' 2>/dev/null; }
compose_version() { docker compose version --short 2>/dev/null | sed 's/^v//'; }

# engine_problem prints why the engine on PATH cannot be used, and nothing when it can.
engine_problem() {
  local server compose
  command -v docker >/dev/null || { say "there is no docker command"; return; }
  server=$(server_version) || { say "no Docker engine answers"; return; }
  at_least "$MIN_ENGINE" "$server" || { say "the Docker engine is $server, $MIN_ENGINE or newer is needed"; return; }
  docker buildx version >/dev/null 2>&1 || { say "docker buildx is missing"; return; }
  compose=$(compose_version) || { say "docker compose is missing"; return; }
  at_least "$MIN_COMPOSE" "$compose" || say "docker compose is $compose, $MIN_COMPOSE or newer is needed"
}

# alive succeeds when the recorded process runs and is the named program of this state directory.
alive() { # program
  local pid
  pid=$(cat "$STATE/$1.pid" 2>/dev/null) && [[ $pid =~ ^[0-9]+$ ]] &&
    [[ $(cat "/proc/$pid/comm" 2>/dev/null) == "$1" ]] &&
    tr '\0' '\n' <"/proc/$pid/cmdline" 2>/dev/null | grep -qF -- "$STATE/"
}

# wait_for repeats a command until it succeeds.
wait_for() { # seconds command...
  local deadline=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < deadline)) || return 1
    sleep 0.3
  done
}

# ---------------------------------------------------------------- packages

# debian_mirror prints the address of the main Debian archive that this system's apt uses.
debian_mirror() {
  local found
  # shellcheck disable=SC2016 # apt-get expands it
  found=$(apt-get indextargets --format '$(REPO_URI)' 'Identifier: Packages' 'Label: Debian' 2>/dev/null | head -n 1)
  [[ -n $found ]] || die "apt knows no Debian archive; see the sources in /etc/apt"
  say "${found%/}"
}

install_packages() {
  local tool missing=0
  for tool in runc iptables mmdebstrap update-ca-certificates ssh curl git; do
    command -v "$tool" >/dev/null || missing=1
  done
  progress "reading the package lists"
  apt-get update -qq
  ((missing)) || return 0
  progress "installing runc, iptables, mmdebstrap and other tools from the system's apt"
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    runc iptables mmdebstrap ca-certificates openssh-client curl git >"$STATE/apt.log" 2>&1 ||
    die "apt-get install failed, see $STATE/apt.log"
}

# unpack_engine leaves $TREE complete or absent: it unpacks into a temporary directory, which it then renames.
unpack_engine() {
  [[ -x $TREE/usr/sbin/dockerd && -x $TREE/usr/bin/catatonit ]] && return
  install_packages
  local work=$STATE/unpack options
  rm -rf "$work" && mkdir -p "$work/lists/partial" "$work/tree" "$work/debs"
  say "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $(debian_mirror) sid main" >"$work/sources.list"
  options=(-qq -o "Dir::Etc::SourceList=$work/sources.list" -o Dir::Etc::SourceParts=/dev/null
    -o "Dir::State::Lists=$work/lists" -o APT::Sandbox::User=root)
  progress "downloading the engine from Debian sid"
  apt-get "${options[@]}" update
  (
    cd "$work/debs"
    apt-get "${options[@]}" download docker.io docker-cli docker-buildx docker-compose containerd catatonit
    # Unpacked too, because the installed package would start a registry of its own.
    apt-get -qq -o APT::Sandbox::User=root download docker-registry
    for deb in *.deb; do dpkg-deb --extract "$deb" "$work/tree"; done
  )
  rm -rf "$TREE" && mv "$work/tree" "$TREE" && rm -rf "$work"
}

write_config() {
  mkdir -p "$STATE/config"
  printf '{"cliPluginsExtraDirs": ["%s"]}\n' "$TREE/usr/libexec/docker/cli-plugins" >"$STATE/config/config.json"
}

# trust_in_builds puts a runc before the host's that has the steps of builds trust what the host trusts. The engine
# looks it up for every container, so that it need not be started again.
trust_in_builds() {
  install --mode=755 "$HERE/runc_in_builds.py" "$TREE/usr/bin/.runc" && mv "$TREE/usr/bin/.runc" "$TREE/usr/bin/runc"
}

# ---------------------------------------------------------------- daemons

# launch starts a daemon that outlives this script, its terminal and its lock (descriptor 9).
launch() { # program arguments...
  setsid nohup "$@" >"$STATE/$1.log" 2>&1 </dev/null 9>&- &
  say "$!" >"$STATE/$1.pid"
}

registry_answers() { curl --silent --fail --noproxy '*' "http://$REGISTRY/v2/"; }

start_registry() {
  alive docker-registry && registry_answers >/dev/null && return
  ! registry_answers >/dev/null || die "another registry uses $REGISTRY; set GEN_DOCKERFILES_REGISTRY_PORT"
  progress "starting the registry on $REGISTRY"
  cat >"$STATE/registry.yaml" <<YAML
version: 0.1
storage: {filesystem: {rootdirectory: "$STATE/registry"}, delete: {enabled: true}}
http: {addr: "$REGISTRY"}
YAML
  launch docker-registry serve "$STATE/registry.yaml"
  wait_for 20 registry_answers || die "the registry did not start, see $STATE/docker-registry.log"
}

# mount_cgroups gives a bare container or virtual machine the hierarchy that its init would have mounted.
mount_cgroups() {
  [[ -e /sys/fs/cgroup/cgroup.controllers || -d /sys/fs/cgroup/devices || -d /sys/fs/cgroup/memory ]] && return
  progress "mounting the control groups"
  mount -t cgroup2 none /sys/fs/cgroup
}

# clear_runtime removes what a killed engine left behind: its containerd, and pid files of dead processes.
clear_runtime() {
  local file=$RUNTIME/containerd/containerd.pid pid
  pid=$(cat "$file" 2>/dev/null || true)
  if [[ -n $pid && $(cat "/proc/$pid/comm" 2>/dev/null) == containerd ]]; then
    kill "$pid" 2>/dev/null || true
    wait_for 10 test ! -d "/proc/$pid" || kill -KILL "$pid" 2>/dev/null || true
  fi
  rm -f "$file" "$STATE/dockerd.pid" "$STATE/dockerd.self.pid"
}

# By default the engine removes build cache when the disk fills up, even during a test that asserts what is cached. So its
# garbage collection is off, and the cache of earlier runs is trimmed when the engine starts.
write_daemon_config() { say '{"builder": {"gc": {"enabled": false}}}' >"$STATE/daemon.json"; }

trim_cache() {
  progress "trimming the build cache to $KEPT_CACHE"
  docker buildx prune --force --max-used-space "$KEPT_CACHE" >"$STATE/prune.log" 2>&1 ||
    die "the build cache cannot be trimmed, see $STATE/prune.log"
}

start_dockerd() {
  local started=0
  if ! alive dockerd; then
    mount_cgroups
    clear_runtime
    write_daemon_config
    progress "starting the engine"
    # The init of containers runs inside them, so it must be linked statically; Debian's tini no longer is.
    launch dockerd --config-file "$STATE/daemon.json" --data-root "$STATE/docker" --exec-root "$RUNTIME" \
      --pidfile "$STATE/dockerd.self.pid" --init-path "$TREE/usr/bin/catatonit" --registry-mirror "http://$REGISTRY"
    started=1
  fi
  wait_for 60 server_version || {
    tail -n 5 "$STATE/dockerd.log" >&2
    die "the engine did not start, see $STATE/dockerd.log"
  }
  ((!started)) || trim_cache
}

# stop ends one recorded process, by force after the given time.
stop() { # program seconds
  local pid
  if alive "$1"; then
    pid=$(cat "$STATE/$1.pid")
    kill "$pid"
    wait_for "$2" test ! -d "/proc/$pid" || kill -KILL "$pid" 2>/dev/null || true
    say "stopped $1 ($pid)"
  fi
  rm -f "$STATE/$1.pid"
}

# unmount_below unmounts, deepest first, what is mounted below a directory.
unmount_below() { # directory
  local target
  awk -v top="$1/" 'index($2, top) == 1 {print $2}' /proc/self/mounts |
    sort --reverse | while read -r target; do umount --lazy "$target" 2>/dev/null || true; done
}

# ---------------------------------------------------------------- images

# stored_as prints the name of an image in the loopback registry, where docker.io's mirror looks for it.
stored_as() { # reference
  case $1 in
    */*) say "$REGISTRY/$1" ;;
    *) say "$REGISTRY/library/$1" ;;
  esac
}

has_image() { docker image inspect "$1" >/dev/null 2>&1; }

in_registry() { # reference
  local name
  name=$(stored_as "$1")
  name=${name#"$REGISTRY"/}
  curl --silent --fail --noproxy '*' --head "http://$REGISTRY/v2/${name%:*}/manifests/${name##*:}" \
    --header 'Accept: application/vnd.docker.distribution.manifest.v2+json' >/dev/null
}

publish() { # reference
  local name
  name=$(stored_as "$1")
  docker tag "$1" "$name" && docker push --quiet "$name" >/dev/null && docker image rm --no-prune "$name" >/dev/null
}

restore() { # reference
  local name
  name=$(stored_as "$1")
  docker pull --quiet "$name" >/dev/null && docker tag "$name" "$1" && docker image rm --no-prune "$name" >/dev/null
}

# root_file_system imports the smallest Debian of a suite, once, as the base of its images. The archive is
# complete before it is imported: an interrupted run leaves no half image.
root_file_system() { # suite
  local archive=$STATE/rootfs-$1.tar
  has_image "rootfs:$1-minbase" && return
  mmdebstrap --quiet --variant=minbase \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
    "$1" "$archive" "$(debian_mirror)" >"$STATE/logs/mmdebstrap-$1.log" 2>&1 &&
    docker import "$archive" "rootfs:$1-minbase" >/dev/null && rm "$archive"
}

# own_bases gives each stand-in that there is to a build under a name of its content. A build that runs at the same time
# may still use an older image of the same name, and BuildKit shares what has one name.
own_bases() {
  local reference id
  while read -r _ reference _; do
    id=$(docker image inspect --format '{{.Id}}' "$reference" 2>/dev/null) || continue
    docker tag "$reference" "$OWN_BASE:${id#sha256:}"
    say "--build-context=$reference=docker-image://$OWN_BASE:${id#sha256:}"
  done < <(image_table)
}

# drop_own_bases takes back these names; force, since a container may run what had the name before.
drop_own_bases() {
  docker image ls --format '{{.Repository}}:{{.Tag}}' "$OWN_BASE" |
    xargs --no-run-if-empty docker image rm --force --no-prune >/dev/null
}

build_image() { # reference directory build-arguments...
  local reference=$1 directory=$2 argument log
  shift 2
  log=$STATE/logs/${reference//[\/:]/-}.log
  local options=()
  mapfile -t options < <(own_bases)
  for argument in "$@"; do options+=(--build-arg "$argument"); done
  if [[ $directory == debian ]]; then root_file_system "${1#SUITE=}" || return 1; fi
  docker buildx build --progress=plain --provenance=false --load --tag "$reference" "${options[@]}" \
    "$HERE/images/$directory" >"$log" 2>&1 ||
    { tail -n 25 "$log" >&2; return 1; }
}

# recipe prints a fingerprint of everything the stand-ins are made from.
recipe() { { image_table; cd "$HERE/images" && find . -type f ! -name README.md | sort | xargs sha256sum; } | sha256sum; }

# ensure_image has one image on the engine, from the quickest source; own also keeps it in the registry.
ensure_image() { # own|host changed reference directory build-arguments...
  local owner=$1 changed=$2 reference=$3
  shift 2
  if ((!changed)) && has_image "$reference"; then
    [[ $owner == host ]] || in_registry "$reference" || publish "$reference"
  elif ((!changed)) && [[ $owner == own ]] && in_registry "$reference" && restore "$reference"; then
    progress "restored $reference"
  else
    build_image "$@" || return 1
    progress "built $reference"
    [[ $owner == host ]] || publish "$reference"
  fi
}

ensure_images() { # own|host
  local wave number reference directory arguments job changed=0
  mkdir -p "$STATE/logs"
  [[ $(recipe) == "$(cat "$STATE/recipe" 2>/dev/null)" ]] || changed=1
  for wave in 1 2 3 4; do
    local jobs=()
    while read -r number reference directory arguments; do
      [[ $number == "$wave" ]] || continue
      # shellcheck disable=SC2086 # the arguments are words
      ensure_image "$1" "$changed" "$reference" "$directory" $arguments 9>&- &
      jobs+=("$!:$reference")
    done < <(image_table)
    for job in "${jobs[@]}"; do
      wait "${job%%:*}" || die "${job#*:} could not be made, see $STATE/logs"
    done
  done
  drop_own_bases
  recipe >"$STATE/recipe"
}

# ---------------------------------------------------------------- subcommands

require_debian_root() { # problem
  local hint="$1; start or update Docker, or run this on Debian as root to unpack an engine"
  [[ $(id -u) == 0 && -r /etc/debian_version ]] || die "$hint"
  command -v apt-get >/dev/null || die "$hint"
}

up_on_host_engine() {
  say "using the host's engine $(server_version), compose $(compose_version)"
  [[ ${GEN_DOCKERFILES_STAND_INS:-} == 1 ]] || return 0
  command -v mmdebstrap >/dev/null || die "the stand-in images need mmdebstrap"
  ensure_images host
}

up() {
  local problem
  mkdir -p "$STATE"
  exec 9>"$STATE/lock"
  flock --nonblock 9 || { say "waiting for another engine.sh"; flock 9; }
  if ! alive dockerd; then
    problem=$(engine_problem)
    [[ -n $problem ]] || { up_on_host_engine; return; }
    ! server_version >/dev/null || die "$problem; it is left alone, update or stop it"
    require_debian_root "$problem"
  fi
  unpack_engine
  write_config
  trust_in_builds
  own_env
  start_registry
  start_dockerd
  problem=$(engine_problem)
  [[ -z $problem ]] || die "$problem"
  ensure_images own
  progress "ready: engine $(server_version), compose $(compose_version); state in $STATE"
}

down() { # [--purge]
  [[ $# -le 1 && ${1:---purge} == --purge ]] || usage
  [[ -d $STATE ]] || { say "nothing to stop"; return; }
  exec 9>"$STATE/lock"
  flock 9
  if alive dockerd; then
    stop dockerd 60
    clear_runtime
    unmount_below "$RUNTIME" # this engine's alone: no other one was running
  fi
  stop docker-registry 10
  unmount_below "$STATE"
  [[ ${1:-} == --purge ]] || return 0
  rm -rf --one-file-system "$STATE"
  say "removed $STATE"
}

status() {
  local ready=0 problem reference program
  if [[ -x $TREE/usr/sbin/dockerd ]] && { alive dockerd || [[ -n $(engine_problem) ]]; }; then
    own_env
    for program in dockerd docker-registry; do
      if alive "$program"; then say "$program: runs ($(cat "$STATE/$program.pid"))"; else say "$program: stopped"; ready=1; fi
    done
  else
    say "engine: the host's own, or none"
  fi
  problem=$(engine_problem)
  if [[ -n $problem ]]; then say "not ready: $problem"; return 1; fi
  say "engine $(server_version), $(docker buildx version | cut -d' ' -f2) buildx, compose $(compose_version)"
  while read -r _ reference _; do
    if has_image "$reference"; then
      say "image $reference: present"
    else
      say "image $reference: missing"
      ! alive dockerd || ready=1
    fi
  done < <(image_table)
  return "$ready"
}

env_lines() {
  [[ -x $TREE/usr/bin/docker ]] || return 0
  alive dockerd || [[ -n $(engine_problem) ]] || return 0
  # shellcheck disable=SC2016 # the reader's shell expands it
  printf 'export PATH=%q:%q:"$PATH"\n' "$TREE/usr/bin" "$TREE/usr/sbin"
  printf 'export DOCKER_CONFIG=%q\n' "$STATE/config"
  [[ ! -e $AUTHORITIES ]] || printf 'export GEN_DOCKERFILES_AUTHORITIES=%q\n' "$AUTHORITIES"
}

usage() { sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}" >&2; exit 2; }

case ${1:-} in
  up) up ;;
  down) shift; down "$@" ;;
  status) status ;;
  env) env_lines ;;
  *) usage ;;
esac
