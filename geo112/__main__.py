"""`python -m geo112` is the command `geo112`."""

from geo112.cli.main import run

if __name__ == "__main__":
    run()
