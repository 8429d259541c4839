"""Runs members' NumPy code: the most dangerous thing that the bot does.

Who may do what
    A *member* types code into a chat and is told how it was graded. They may be anybody, may
    have read this source, and may send thousands of lines. *Authors* write questions, whose
    snippets run in the bot itself: they are trusted. The *operator* owns the machine.

What is promised
    Code that a member sends reads its inputs and gives back numbers. It has no file, no network,
    no process and no signal; it reads no memory but its own; it takes half a second of the
    processor, a second in all, and 128 MB; it leaves no trace that the next answer could meet;
    and the right answer is never in its reach. Whatever it does, the bot goes on, and nobody's
    points depend on a failure of ours. Where this cannot be kept, no code is run at all.

Layers, from the outside in, each built as if the others had fallen

    1. The *gate* (`gate`; `expressions`, `calls`, `dtypes`, `reading` and `steps` read, over
       `vocabulary`) goes through the syntax tree once and refuses whatever is not listed: loops,
       callbacks, classes, Python's and NumPy's ways to files and modules, dtypes of objects,
       strings put together from pieces, memory that nobody filled or that is somebody else's. It
       runs nothing, in the bot.
    2. The *zygote* (`zygote`, started by `process`) is a process of its own with an empty
       environment and no descriptors but its channel and its children's lines. It has imported
       NumPy and called all that may be called (`warm`), gave up root, and has Landlock take away
       files, ports, and signals to others. The library that writes the filter of calls, and all
       that it imports, was never in it: that is done by a process of its own. It never sees a
       job: those go from the bot (`client`) to a child on a line of theirs.
    3. A *child* (`child`, locked up by `jail`) is forked before it has anything to do, closes
       every descriptor but its end of that line, does one job and ends, so that no state outlives
       an answer. Limits bound its memory, files and processor time; the timer's signal ends it
       within C loops as well. A seccomp filter kills it for any call but those for memory, time,
       reading its job and writing its result; opening files is an error. The zygote kills what
       lasts for more than a second.
    4. The *reader* (`wire`, `messages`) takes what a child wrote for a stranger's: nothing is
       unpickled, no size is believed, only numbers, dates and texts are made of it. Comparing
       happens in the bot (`bot.grading.expression`), where the right results are.
    5. *Turns* (`turns`) let each member have three answers waiting; who has had the least time is
       next, so that those whose answers take long wait for the others.
    6. The *self-test* (`selftest`) sends hostile lines past the gate at every start. If one
       comes back with a value, no code is run, and the log and `numpy-bot doctor` say why.

What stops what (a `+` is a layer that would do it alone)

    ================================  ====  ======  =======  ========
    class                             gate  limits  seccomp  Landlock
    ================================  ====  ======  =======  ========
    walks to classes and modules       +
    Python's own functions, imports    +             +
    files: read, write, list           +             +        +
    network                            +             +        + (TCP)
    processes, signals, ptrace         +      +      +        + (signals)
    foreign or uninitialised memory    +
    callbacks, loops in disguise       +      +
    endless computing                         +
    too much memory                           +
    state for the next answer          +             (one process an answer)
    a reply that lies                                (the reader)
    ================================  ====  ======  =======  ========

What is not promised
    That no array of objects is ever made: Python's own integers beyond 64 bits end in one, and
    so do some products of time spans. It holds nothing else, and is not sent back.
    A hole in the kernel's seccomp or in the processor itself. That a wrong answer could not be
    made to agree on five inputs: they are drawn anew for each answer, but five are five.

On systems other than Linux there is no such jail: questions in code are not picked there.
"""
