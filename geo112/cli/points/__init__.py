"""Resolves tables of points, CSV or Parquet, of any size in constant memory."""
