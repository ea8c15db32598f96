"""What every other package may use: settings, errors, logging, clocks, metrics, and how programs start and end.

settings.py       the environment -> one frozen object; all wrong settings in one message
errors.py         the tree of errors
program.py        an error -> one line and an exit status
terminal.py       text that is safe to print
logging_setup.py  log lines as text or JSON, without secrets
clock.py          the clock of stored dates, which does not jump
metrics.py        counters, times and states, for Prometheus
runtime.py        what lives as long as a process, and how it is stopped
http/             web applications on ports of their own, in the running event loop
watchdog.py       ends a process that hangs
child_process.py  how Python child processes are started and told something
own_process.py    what a process sets for itself: no dumps, less priority, an end with its parent
directory_swap.py  a whole directory takes the place of another one, atomically
language/         what people read, in every language
paths.py          where the project's files lie, and paths that survive a power cut
"""
