"""Templates by name: folders, ConfigMaps, the built-in ones; and publishing there."""
