"""Where a process enters the lab tool: completion, asked at each Tab, goes in without typer (100 ms)."""


def main(argv, environ, speak):
    """Runs `sdxsim ARGV`; returns the exit status. `speak(text)` prints and returns the status of that."""
    if argv[:1] == ["complete"]:
        from .completion import answer

        return speak(answer(environ, argv[1:]))
    from .cli import main as verbs

    return verbs(argv)
