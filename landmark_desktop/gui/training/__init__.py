"""The Training page: choose photos, choose how, watch, see what came out."""
