"""What somebody who comes from Compose types, and what it is here: the fix has the typed value in its new form.

Each module has the fixes of a group of keys. A pattern names a path in a service, or in the file, with `*` for any one
step. A fix of None leaves the words to `generator.checks.words`.
"""

from __future__ import annotations

from generator.checks.compose_words import building, connections, file, running, variables
from generator.checks.compose_words.building import kind_of
from generator.checks.compose_words.missing import fix_of_missing, follows
from generator.checks.compose_words.typed import Fix, Typed, override
from generator.text.quote import fits

__all__ = ["Typed", "fix_of", "fix_of_missing", "follows", "kind_of"]


def fix_of(typed: Typed) -> str | None:
    """Return the fix of a value that Compose would take; None for any other value, or one too long for a fix."""
    for pattern, fix in (_SERVICE if typed.service else file.FILE).items():
        steps = pattern.split(".")
        same = len(steps) == len(typed.path) and all(
            step in ("*", str(key)) for step, key in zip(steps, typed.path, strict=True)
        )
        if same:
            text = fix(typed)
            return text if text is not None and fits(text) else _without_value(typed, text)
    if not typed.service and typed.key.startswith("x-"):
        return "remove it: what services share is in a preset (docs/presets.md)"
    return None


def _without_value(typed: Typed, text: str | None) -> str | None:
    return f"see {typed.path[0]} in docs/spec.md: the value is too long to be shown here" if text else None


def _extends(_: Typed) -> str:
    return "write what services share as a preset: presets: [./presets/team.yaml]"


def _develop(typed: Typed) -> str:
    return f"{override(typed)}; or dev: true beside services, for all of them"


def _dev(_: Typed) -> str:
    return "write dev: true beside services, for all of them"


# Keys of a service that have no form here.
_FOREIGN = """
    annotations attach blkio_config cgroup cgroup_parent configs container_name cpu_count cpu_percent cpu_period
    cpu_quota cpu_rt_period cpu_rt_runtime cpu_shares cpuset credential_spec device_cgroup_rules devices
    dns dns_opt dns_search domainname external_links extra_hosts gpus group_add hostname ipc isolation
    label_file links logging mac_address mem_reservation mem_swappiness memswap_limit models network_mode
    oom_kill_disable oom_score_adj pid platform post_start pre_start pre_stop profiles provider pull_policy
    pull_refresh_after stdin_open storage_opt sysctls tty ulimits umask use_api_socket userns_mode uts
    volumes_from
"""
_SERVICE: dict[str, Fix] = {
    **building.SERVICE,
    **variables.SERVICE,
    **connections.SERVICE,
    **running.SERVICE,
    "extends": _extends,
    **dict.fromkeys(_FOREIGN.split(), override),
    "develop": _develop,
    "dev": _dev,
}
