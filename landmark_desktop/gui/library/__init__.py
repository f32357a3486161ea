"""The Library page: photos in a grid, lists at the left, the inspector at the right."""
