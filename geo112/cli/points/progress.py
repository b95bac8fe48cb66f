"""A progress bar on stderr for runs that take longer than two seconds, and only where somebody looks at it."""

import sys
import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskID, TextColumn, TimeRemainingColumn
from rich.text import Text

PATIENCE_S = 2.0


class _Rate(ProgressColumn):
    """Says how much is done in a second."""

    def render(self, task: Task) -> Text:
        """Write the rate: bytes of CSV, rows of Parquet."""
        return Text(f"{task.speed:,.0f}/s" if task.speed else "")


class LateBar:
    """Shows a bar once a run has lasted longer than people wait without a sign."""

    def __init__(
        self, label: str, *, patience_s: float = PATIENCE_S, console: Console | None = None, silent: bool = False
    ) -> None:
        """Wait before showing anything; a silent bar never does."""
        self._silent = silent
        self._console = console or Console(file=sys.stderr)
        self._bar = Progress(
            TextColumn(label), BarColumn(), TextColumn("{task.percentage:.0f} %"), _Rate(), TimeRemainingColumn(),
            console=self._console, transient=True,
        )  # fmt: skip
        self._task: TaskID | None = None
        self._patience_s = patience_s
        self._started_s = time.monotonic()

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the bar away."""
        if self._task is not None:
            self._bar.stop()

    def __call__(self, done: int, total: int) -> None:
        """Tell how far the run is."""
        if self._task is None:
            if self._silent or not self._console.is_terminal or time.monotonic() - self._started_s < self._patience_s:
                return
            self._task = self._bar.add_task("", total=total)
            self._bar.start()
        self._bar.update(self._task, completed=done, total=total)
