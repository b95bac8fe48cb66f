# make demo: two neighbouring centres with simulated calls. make test: everything that must hold.
.PHONY: help setup setup-tests setup-bench demo test check bench fuzz lock
.DEFAULT_GOAL := help
BIN := .venv/bin
# Byte code is kept: a start without it takes seconds longer.
unexport PYTHONDONTWRITEBYTECODE

help:
	@grep -E '^#' Makefile | sed -n 1p
	@echo 'also: setup (the set-up alone), check (static checks), bench, fuzz (the long runs, INPUTS=1000 for short ones), lock (new pins)'

setup:
	@tools/setup

setup-tests:
	@tools/setup tests

demo: setup
	@$(BIN)/geo112 demo

test: setup-tests
	@tools/check
	@$(BIN)/pytest

check: setup
	@tools/check

setup-bench:
	@tools/setup bench

bench: setup-bench
	@$(BIN)/geo112 bench

fuzz: setup
	@tools/fuzz

lock: setup
	@tools/lock
