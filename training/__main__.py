"""``python -m training``: the trainer's command line."""

from training.cli import main

if __name__ == "__main__":
    main()
