"""Small pictures of photos: rendered on demand, kept on disk within a size limit."""
