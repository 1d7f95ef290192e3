"""Tests of reports: counting, disclosure, chance, words, freezing."""
