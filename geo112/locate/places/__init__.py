"""Spoken places: villages, kecamatan, kabupaten and patokan, found by name as callers say and misspell it."""
