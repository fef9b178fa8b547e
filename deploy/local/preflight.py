"""What this machine lacks before the virtual environment can be made: one clear line each, standard library only.

``preflight.py python`` ends with 1 when the environment cannot be made. What the stack itself needs (ports, data
folder, Java) is checked by ``python -m clearinghouse_local up`` before it starts anything.
It has to run on any Python 3, so that an old one is told rather than tripped over.
"""

import ctypes
import importlib.util
import platform
import sys

WANTED = (3, 11)
LIBRARIES = (("libcurl.so.4", "libcurl4"), ("libssl.so.3", "libssl3"))


def hindrances():
    """Why no virtual environment can be made, each with the remedy."""
    if sys.version_info[:2] < WANTED:
        found = platform.python_version()
        return [
            f"Python 3.11 is needed, {sys.executable} is {found}; apt-get install python3.11 python3.11-venv"
        ]
    missing = [module for module in ("venv", "ensurepip") if importlib.util.find_spec(module) is None]
    if missing:
        package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        return [f"{sys.executable} lacks the module {missing[0]}; apt-get install {package}"]
    return []


def notes():
    """What is lacking and got round, with what to install to have it."""
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        return ["MongoDB's server comes for Linux on x86-64 only; SecantusDB will stand in for it here"]
    packages = [package for library, package in LIBRARIES if not _loads(library)]
    if not packages:
        return []
    wanted = " ".join(packages)
    return [
        f"MongoDB's server wants libcurl 4 and OpenSSL 3; apt-get install {wanted} (else SecantusDB stands in)"
    ]


def _loads(library):
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
    found = hindrances()
    for line in found:
        print(f"Cannot start: {line}")
    if not found:
        for line in notes():
            print(f"Note: {line}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
