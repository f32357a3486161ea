"""The Review page: suggestions answered by group or one by one, with the keyboard."""
