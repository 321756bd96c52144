"""Where slices run: processes of this machine or of a Dask cluster, and how far they are."""
