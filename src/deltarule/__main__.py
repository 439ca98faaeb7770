"""`python -m deltarule`: the command line."""

from deltarule.cli import main

if __name__ == "__main__":
    main()
