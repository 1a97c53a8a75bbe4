"""The board, the school, its years, groups, layers, lesson hours and holidays. Knows no people."""
