"""What each check prints: a figure, a threshold and a verdict."""

_missed = 0


def verdict(what, figure, threshold, good):
    """Prints it, remembers a missed threshold, and says whether it was met."""
    global _missed
    _missed += not good
    print(f"{what}: {figure} ({threshold}): {'pass' if good else 'FAIL'}", flush=True)
    return bool(good)


def failed():
    """Was any threshold missed so far?"""
    return _missed > 0
