"""What files say of themselves, in the standards that cameras and photo programs share."""
