"""Runs commands by turns and says what each run cost, as wait4 tells it for the whole process.

Reads {"rounds": N, "commands": [[argument, ...], ...]} from standard input; {id} in an argument becomes a number used
once. Writes one list of runs for each command: wall and CPU seconds, peak memory in bytes. The first round warms the
caches of the system and is not counted. Peak memory below this program's own (about 11 MB) cannot be seen.
"""

import json
import os
import sys
import tempfile
import time

FIRST_ID = 100


def main() -> None:
    asked = json.load(sys.stdin)
    runs = [[] for _ in asked["commands"]]
    next_id = FIRST_ID
    for round_number in range(asked["rounds"] + 1):
        for command, results in zip(asked["commands"], runs):
            run = cost([argument.replace("{id}", str(next_id)) for argument in command])
            next_id += 1
            if round_number > 0:
                results.append(run)
    json.dump(runs, sys.stdout)


def cost(command: list[str]) -> dict[str, float]:
    with tempfile.TemporaryFile() as output:
        started = time.monotonic()
        redirect = [(os.POSIX_SPAWN_DUP2, output.fileno(), fd) for fd in (1, 2)]
        pid = os.posix_spawnp(command[0], command, os.environ, file_actions=redirect)
        _, status, usage = os.wait4(pid, 0)
        wall = time.monotonic() - started
        if status != 0:
            output.seek(0)
            sys.exit(f"{' '.join(command)}: {output.read().decode(errors='replace')}")
    return {"wall": wall, "cpu": usage.ru_utime + usage.ru_stime, "memory": usage.ru_maxrss * 1024}


main()
