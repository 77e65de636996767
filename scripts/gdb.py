# SPDX-License-Identifier: GPL-2.0-or-later
# For gdb: the contexts of a world, each with its stack, by name.
#
#   cmake --preset dev && cmake --build --preset dev
#   gdb -x scripts/gdb.py --args build/dev/bin/faultline replay --quiet CASE
#   (gdb) faultline-break      stop where an invariant breaks; then: run
#   (gdb) faultline-contexts   each context: state, CPU, the subject's functions that it is in
#   (gdb) faultline-stacks     the same, with the stack of each that is not dormant
#
# Stacks are read on x86-64 only: a fiber that waits has its registers where Boost.Context put them.
import gdb

STATES = ["dormant", "runnable", "blocked", "sleeping", "spinning", "delaying"]
AGENT_KIND = 5
# jump_x86_64_sysv_elf_gas.S: what lies at the pointer to a fiber that waits.
SAVED = {"r12": 0x08, "r13": 0x10, "r14": 0x18, "r15": 0x20, "rbx": 0x28, "rbp": 0x30, "rip": 0x38}
SAVED_SIZE = 0x40


def value(expression):
    return gdb.parse_and_eval(expression)


def contexts():
    """Number, name, state, CPU or None, functions of the subject from the outermost in. Slot 0 is the agents'."""
    world = value("fl_world")
    for number in range(int(world["context_count"])):
        context = world["contexts"][number]
        where = value("'where.c'::wheres[%d]" % (number + 1))
        functions = [where["names"][i].string() for i in range(int(where["depth"]))]
        agent = int(context["kind"]) == AGENT_KIND
        yield (number, value("fl_waits[%d].name" % number).string(), STATES[int(context["state"])],
               None if agent else int(context["slot"]) - 1, functions)


def is_running(number):
    return int(value("fl_engine.current")) == number and bool(value("fl_engine.running"))


def print_context(context):
    number, name, state, cpu, functions = context
    print("%s%2d  %-16s %-9s %-8s %s" % ("*" if is_running(number) else " ", number, name, state,
                                         "hardware" if cpu is None else "CPU %d" % cpu,
                                         " > ".join(functions)))
    if state in ("blocked", "spinning"):
        what = value("fl_waits[%d].what" % number)
        print("       waits for %s" % (what.string() if int(what) else "something without a name"))


def print_stack_of_fiber(number):
    fiber = value("fl_engine.fibers[%d]" % number)
    if not int(fiber["fctx"]) or not bool(fiber["started"]):
        print("       has not run yet")
        return
    word = gdb.lookup_type("unsigned long").pointer()
    at = int(fiber["fctx"])
    saved = {register: int(gdb.Value(at + offset).cast(word).dereference())
             for register, offset in SAVED.items()}
    saved["rsp"] = at + SAVED_SIZE
    own = {register: int(value("(unsigned long)$" + register)) for register in saved}
    try:
        for register, content in saved.items():
            gdb.execute("set $%s = %d" % (register, content))
        for line in gdb.execute("backtrace 24", to_string=True).splitlines():
            print("       " + line)
    finally:
        for register, content in own.items():
            gdb.execute("set $%s = %d" % (register, content))


class Break(gdb.Command):
    """Stop where an invariant breaks."""

    def __init__(self):
        super().__init__("faultline-break", gdb.COMMAND_BREAKPOINTS)

    def invoke(self, argument, from_tty):
        # The hook of a replay: the checker is its caller, and the finding its argument.
        gdb.Breakpoint("take_violation")


class Contexts(gdb.Command):
    """List the contexts of the world."""

    def __init__(self):
        super().__init__("faultline-contexts", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        print("step %d" % int(value("fl_engine.step")))
        for context in contexts():
            print_context(context)


class Stacks(gdb.Command):
    """List the contexts of the world with their stacks."""

    def __init__(self):
        super().__init__("faultline-stacks", gdb.COMMAND_STACK)

    def invoke(self, argument, from_tty):
        gdb.execute("frame 0", to_string=True)
        print("step %d" % int(value("fl_engine.step")))
        for context in contexts():
            print_context(context)
            if is_running(context[0]):
                for line in gdb.execute("backtrace 24", to_string=True).splitlines():
                    print("       " + line)
            elif context[2] != "dormant":
                print_stack_of_fiber(context[0])


Break()
Contexts()
Stacks()
