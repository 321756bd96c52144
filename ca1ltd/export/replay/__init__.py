"""The cascade of many spines at once, compiled from the mod files and driven by given calcium."""
