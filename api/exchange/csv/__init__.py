"""CSV: boundaries, groups and spaces out of a spreadsheet, and into one."""
