#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""That the checks of scripts/oss-fuzz/check refuse what they are there for. argv[1]: the sources."""
import importlib.machinery
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile

ROOT = sys.argv[1]
sys.dont_write_bytecode = True
loader = importlib.machinery.SourceFileLoader("check", os.path.join(ROOT, "scripts", "oss-fuzz", "check"))
check = importlib.util.module_from_spec(importlib.util.spec_from_loader("check", loader))
loader.exec_module(check)

TARGET = "toy_fuzzer"
SOURCE = """
#include <math.h>
#include <stdlib.h>
void CALLED(void);
__attribute__((noinline)) void CALLED(void) { __asm__ volatile(""); }
int LLVMFuzzerTestOneInput(const unsigned char *data, unsigned long size);
int LLVMFuzzerTestOneInput(const unsigned char *data, unsigned long size) { return size && data[0] == USED; }
int main(int count, char **words)
{
	CALLS
	return LLVMFuzzerTestOneInput((const unsigned char *)words[0], (unsigned long)count);
}
"""


class Toy:
    """Of check.Build, what checks look at."""
    engine = "libfuzzer"

    def __init__(self, folder, sanitizer):
        self.folder, self.out, self.sanitizer = folder, os.path.join(folder, "out"), sanitizer
        os.makedirs(self.out, exist_ok=True)
        self.empty = os.path.join(folder, "empty")
        self.compile(self.empty)

    def compile(self, program, called="nothing", calls=0, *, used="1", libraries=()):
        source = program + ".c"
        with open(source, "w") as file:
            file.write(SOURCE.replace("CALLS", "%s();" % called * calls).replace("CALLED", called).replace("USED", used))
        subprocess.run(["cc", "-O0", "-Wno-unused-result", "-Wl,--as-needed", source, "-o", program, *libraries], check=True)
        os.remove(source)

    def target(self, *words, **options):
        self.compile(os.path.join(self.out, TARGET), *words, **options)

    def write(self, suffix, text):
        with open(os.path.join(self.out, TARGET + suffix), "w") as file:
            file.write(text)


def refused(text, function, *words):
    try:
        function(*words)
    except check.Failed as failure:
        if text not in str(failure):
            sys.exit("FAILED: %s says '%s', not '%s'" % (function.__name__, failure, text))
        return
    sys.exit("FAILED: %s accepts what has '%s'" % (function.__name__, text))


def side_files(toy):
    refused("it has no " + TARGET, check.check_side_files, toy, TARGET)
    seeds = os.path.join(toy.out, TARGET + "_seed_corpus.zip")
    with zipfile.ZipFile(seeds, "w"):
        pass
    refused("broken or empty", check.check_side_files, toy, TARGET)
    with zipfile.ZipFile(seeds, "w") as archive:
        archive.writestr("one", "1")
    check.check_side_files(toy, TARGET)
    toy.write(".options", "[libfuzzer]\nmax_len = 4096\ndict = %s.dict\n" % TARGET)
    refused("which is not shipped", check.check_side_files, toy, TARGET)
    toy.write(".dict", '"a"\n')
    check.check_side_files(toy, TARGET)
    toy.write(".options", "[libfuzz]\nmax_len = 4096\n")
    refused("knows no section [libfuzz]", check.check_side_files, toy, TARGET)
    toy.write(".options", "max_len = 4096\n")
    refused(".options:", check.check_side_files, toy, TARGET)


def programs(toy):
    toy.target()
    check.check_architecture(toy, TARGET)
    check.check_libraries(toy, TARGET)
    toy.target(used="(int)cosf((float)data[0])", libraries=["-lm"])
    refused("libm.so", check.check_libraries, toy, TARGET)
    refused("0 calls of __asan", check.check_sanitizer_calls, toy, TARGET)
    toy.target("__asan_load8", 1000)
    check.check_sanitizer_calls(toy, TARGET)
    toy.sanitizer = "undefined"
    refused("0 calls of __ubsan", check.check_sanitizer_calls, toy, TARGET)
    toy.target("__ubsan_handle", 201)
    check.check_sanitizer_calls(toy, TARGET)
    toy.sanitizer = "memory"
    toy.target("__msan_warning", 1000)
    check.check_sanitizer_calls(toy, TARGET)
    toy.sanitizer = "address"
    refused("fewer than 1000", check.check_sanitizer_calls, toy, TARGET)
    with open(os.path.join(toy.out, TARGET), "w") as file:
        file.write("#!/bin/sh\n")
    refused("it is for no machine", check.check_architecture, toy, TARGET)


def starts(toy):
    """A program that is no target of libFuzzer."""
    toy.target()
    refused("it does not start", check.start_libfuzzer, toy, TARGET)
    toy.target(used="(abort(), 1)")
    with zipfile.ZipFile(os.path.join(toy.out, TARGET + "_seed_corpus.zip"), "w") as archive:
        archive.writestr("one", "1")
    refused("its seeds crash", check.seeds_libfuzzer, toy, TARGET)


def main():
    if not all(shutil.which(tool) for tool in ("cc", "objdump", "readelf")):
        return 77
    folder = tempfile.mkdtemp()
    try:
        toy = Toy(folder, "address")
        side_files(toy)
        programs(toy)
        starts(toy)
    finally:
        shutil.rmtree(folder)
    return 0


sys.exit(main())
