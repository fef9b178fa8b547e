"""What this machine lacks before the virtual environment can be made: one clear line each, standard library only.

``preflight.py python`` ends with 1 when the environment cannot be made. What the stack itself needs (ports, data
folder, Java) is checked by ``python -m clearinghouse_local up`` before it starts anything.
It has to run on any Python 3, so that an old one gets this message and not a syntax error.
"""

import ctypes
import importlib.util
import platform
import sys

WANTED = (3, 11)
LIBRARIES = (("libcurl.so.4", "libcurl4"), ("libssl.so.3", "libssl3"))


def preflight_errors(version, has_module):
    """Why no virtual environment can be made with a Python of this version, each with the remedy."""
    if version < WANTED:
        found = ".".join(map(str, version))
        return [f"Python 3.11 is needed, this is {found}; apt-get install python3.11 python3.11-venv"]
    missing = [module for module in ("venv", "ensurepip") if not has_module(module)]
    if missing:
        package = f"python{version[0]}.{version[1]}-venv"
        return [f"Python lacks its module {missing[0]}; apt-get install {package}"]
    return []


def preflight_notes(system, has_library):
    """What is lacking and got round, with what to install to have it."""
    if system != ("Linux", "x86_64"):
        return ["MongoDB's server is available for Linux on x86-64 only; SecantusDB is used here instead"]
    packages = [package for library, package in LIBRARIES if not has_library(library)]
    if not packages:
        return []
    wanted = " ".join(packages)
    return [
        f"MongoDB's server needs libcurl 4 and OpenSSL 3; apt-get install {wanted} (else SecantusDB is used)"
    ]


def loads(library):
    """Whether the system finds a shared library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def main(arguments):
    """Print what was found; the exit code."""
    if arguments != ["python"]:
        print("usage: preflight.py python")
        return 2
    found = preflight_errors(
        sys.version_info[:2], lambda module: importlib.util.find_spec(module) is not None
    )
    for line in found:
        print(f"Cannot start: {line}")
    if found:
        return 1
    for line in preflight_notes((platform.system(), platform.machine()), loads):
        print(f"Note: {line}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
