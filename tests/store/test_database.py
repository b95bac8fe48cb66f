"""What connections do while others hold the file."""

import threading
from pathlib import Path

from pysqlite3 import dbapi2

from geo112.store.database import connect


def test_a_new_file_that_somebody_reads_is_switched_to_a_write_ahead_log_once_it_is_free(tmp_path: Path) -> None:
    db = tmp_path / "centre.sqlite3"
    reader = dbapi2.connect(str(db), isolation_level=None, check_same_thread=False)
    reader.execute("CREATE TABLE page (n)")
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM page").fetchall()
    # SQLite refuses the switch at once while anybody reads, however long the connection would wait.
    end = threading.Timer(0.1, reader.execute, ["COMMIT"])
    end.start()
    opened = connect(db)
    assert opened.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    end.join()
    opened.close()
    reader.close()
