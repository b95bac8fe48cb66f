"""Starts real processes that append to a log and say so; run as a program by the tests beside it.

Each line on stdin starts processes: `<database> <processes> <threads> <appends of each thread>`. They write
`ack <n> <hash> <call>` for every append that returned. Once all of them are dead comes the line `dead`.
It forks from one process that has imported everything, since a fresh interpreter takes most of a second.
"""

import os
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

from geo112.core.codes import CallId, PersonRef
from geo112.incidents.events import Actor, CallReceived, CallRinging, Channel
from geo112.incidents.ports import Person
from geo112.store.sql import SqlLog

AT = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
DOOR = Actor(name="pbx-gateway", role="pbx")


def say(line: str) -> None:
    os.write(1, f"{line}\n".encode())  # One write below PIPE_BUF: whole or not at all.


def append(log: SqlLog, name: str, appends: int) -> None:
    for step in range(appends):
        call, person = CallId(f"{name}-{step}"), PersonRef(f"{name}-{step}")
        received = CallReceived(call=call, channel=Channel.PBX, person=person, simulated=False)
        people = [Person(ref=person, number=f"+62{step:011}", raw_message="tolong " * 50)]
        written = log.append([received, CallRinging(call=call)], at=AT, actor=DOOR, people=people)
        say(f"ack {written[0].n} {written[0].hash} {call}")


def child(path: Path, threads: int, appends: int) -> None:
    log = SqlLog.open(path)
    name = os.getpid()
    working = [threading.Thread(target=append, args=(log, f"{name}-{one}", appends)) for one in range(threads)]
    for one in working:
        one.start()
    for one in working:
        one.join()


def main() -> None:
    for line in sys.stdin:
        path, processes, threads, appends = line.split()
        pids = []
        for _ in range(int(processes)):
            pid = os.fork()
            if pid == 0:
                child(Path(path), int(threads), int(appends))
                os._exit(0)
            pids.append(pid)
            say(f"pid {pid}")
        for pid in pids:
            os.waitpid(pid, 0)
        say("dead")


if __name__ == "__main__":
    main()
