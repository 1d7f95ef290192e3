"""Tests of what comes in and goes out in other formats."""
