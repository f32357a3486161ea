"""Photos into tidy folders: template, preview as two trees, moving, going on after a crash."""
