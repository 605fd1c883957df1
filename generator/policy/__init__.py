"""What a platform team forbids: values that stay as a preset gives them, and rules, with waivers that end."""
