"""Which machine, and which programs."""

import os
import platform
import subprocess
from pathlib import Path


def machine() -> dict[str, str | int]:
    """Return the machine's processor and the versions that a time depends on."""
    from ca1ltd import build, compiler

    return {
        "processor": _processor(),
        "cores": os.cpu_count() or 1,
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "neuron": build.neuron_version(),
        "compiler": compiler.compiler_version(),
        "flags": build.COMPILER_FLAGS,
    }


def _processor() -> str:
    if platform.system() == "Darwin":
        named = subprocess.run(
            ["sysctl", "-n", "machdep.cpu.brand_string"], capture_output=True, text=True
        )
        return named.stdout.strip() or platform.machine()
    info = Path("/proc/cpuinfo")
    for line in info.read_text().splitlines() if info.exists() else ():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
