"""Who is away and why: planned medical visits, illness and being late, leave. Not colleagues: see people and cover."""
