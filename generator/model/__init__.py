"""What a resolved project may say. The models check the merged mapping and change nothing in it."""
