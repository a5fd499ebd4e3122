"""The vocabulary: frozen types without input, output or engine."""
