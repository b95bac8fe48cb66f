"""Shows how far a build is: one bar per phase on the error stream."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

Tick = Callable[[], None]


class Phases:
    """The phases of one build; silent when `shown` is false."""

    def __init__(self, *, shown: bool) -> None:
        """Prepare the bars; nothing is drawn before `running`."""
        self._progress = Progress(
            TextColumn("{task.description:<38}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            disable=not shown,
        )

    @contextmanager
    def running(self) -> Iterator[None]:
        """Draw the bars while the block runs."""
        with self._progress:
            yield

    @contextmanager
    def phase(self, name: str, steps: int = 1) -> Iterator[Tick]:
        """Show one phase; call what it gives after each step."""
        task = self._progress.add_task(name, total=steps)
        yield lambda: self._progress.advance(task)
        self._progress.update(task, completed=steps)
