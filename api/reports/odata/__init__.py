"""OData: released figures and tables for spreadsheets and databases, and nothing else."""
