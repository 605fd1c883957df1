# Written by gen-dockerfiles from services.yaml. Edit the spec or its presets, not this file.
# From this folder:  docker buildx bake -f docker-bake.hcl [target or group …]

variable "REGISTRY" {
  description = "Host and path in front of the images' names; without one, they are named as by Compose"
  default = "registry.example.com/fleet"
}

variable "TAG" {
  description = "Tags of the images, separated by commas"
  default = "latest"
}

variable "REVISION" {
  description = "The commit that is built, for a label and an annotation"
  default = ""
}

variable "SOURCE" {
  description = "URL of the repository, for a label and an annotation"
  default = ""
}

variable "CREATED" {
  description = "Time of the build in the form of RFC 3339, for a label and an annotation"
  default = ""
}

variable "CACHE_WRITE" {
  description = "Anything but an empty text exports the cache, as builds of the main branch should"
  default = ""
}

variable "CACHE_SCOPE" {
  description = "End of the caches' names, as -arm64 where each platform has a builder of its own"
  default = ""
}

variable "RELEASE" {
  default = ""
  validation {
    condition = RELEASE != ""
    error_message = "set RELEASE"
  }
}

variable "CHANNEL" {
  default = ""
  validation {
    condition = CHANNEL != ""
    error_message = "name the channel, as \"stable\""
  }
}

# The names of an image: as Compose calls it where there is no registry.
function "tags" {
  params = [name]
  result = [
    for tag in split(",", TAG == "" ? "latest" : TAG) :
    "${REGISTRY == "" ? "fleet-" : "${REGISTRY}/"}${name}:${tag}"
  ]
}

# What a run adds to every image. It is in no stage, so that another commit leaves the cache of the steps as it is.
function "about" {
  params = []
  result = {
    "org.opencontainers.image.revision" = REVISION
    "org.opencontainers.image.source" = SOURCE
    "org.opencontainers.image.created" = CREATED
  }
}

group "default" {
  targets = ["api", "web", "index"]
}

group "http" {
  targets = ["api", "web"]
}

group "background" {
  targets = ["index", "api"]
}

target "_image" {
  labels = { for name, value in about() : name => value if value != "" }
  annotations = [for name, value in about() : "${name}=${value}" if value != ""]
  attest = ["type=provenance,mode=max", "type=sbom"]
}

target "api" {
  inherits = ["api_source", "_image"]
  tags = tags("api")
  secret = ["id=index-url,env=COMPANY_INDEX_URL"]
  ssh = ["default"]
  platforms = ["linux/amd64"]
  cache-from = ["type=registry,ref=registry.example.com/fleet/cache:api${CACHE_SCOPE}"]
  cache-to = CACHE_WRITE == "" ? [] : [
    "type=registry,mode=max,ignore-error=true,ref=registry.example.com/fleet/cache:api${CACHE_SCOPE}"
  ]
}

target "api_source" {
  context = "services/api"
  target = "runtime"
  args = {
    "RELEASE" = RELEASE == "" ? "0.0.0" : RELEASE
    "CHANNEL" = CHANNEL
  }
}

target "web" {
  inherits = ["web_source", "_image"]
  tags = tags("web")
  platforms = ["linux/amd64", "linux/arm64"]
  cache-from = ["type=registry,ref=registry.example.com/fleet/cache:web${CACHE_SCOPE}"]
  cache-to = CACHE_WRITE == "" ? [] : [
    "type=registry,mode=max,ignore-error=true,ref=registry.example.com/fleet/cache:web${CACHE_SCOPE}"
  ]
}

target "web_source" {
  context = "apps/web"
  dockerfile = "web.Dockerfile"
  target = "runtime"
  args = {
    "RELEASE" = RELEASE == "" ? "unknown" : RELEASE
    "BUILT_BY" = RELEASE
  }
}

target "index" {
  inherits = ["index_source", "_image"]
  tags = tags("index")
  secret = ["id=netrc,src=secrets/netrc"]
  platforms = ["linux/amd64", "linux/arm64"]
  cache-from = ["type=registry,ref=registry.example.com/fleet/cache:index${CACHE_SCOPE}"]
  cache-to = CACHE_WRITE == "" ? [] : [
    "type=registry,mode=max,ignore-error=true,ref=registry.example.com/fleet/cache:index${CACHE_SCOPE}"
  ]
}

target "index_source" {
  context = "index"
  target = "server"
  args = {
    "FLAGS" = "$${a} %%{b} $$${c} \"d\" \\e"
    "GOFLAGS" = "-trimpath"
  }
}

# The build checks of every Dockerfile, which need neither secrets nor an agent:
#   docker buildx bake -f docker-bake.hcl check
target "check" {
  name = "${image}_check"
  matrix = { image = ["api", "web", "index"] }
  inherits = ["${image}_source"]
  call = "check"
}
