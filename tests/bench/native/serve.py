"""What the Python programs of the native benchmark share: the calls of bench_native.cpp on standard input."""

import sys
import time

import numpy as np

DIFFERENT = 8  # batches, used in turn


def batches(images, labels, batch_size):
    """The first real batches as floats [N, 784] and classes [N], made beforehand."""
    pixels = np.fromfile(images, np.uint8, DIFFERENT * batch_size * 784, offset=16)
    classes = np.fromfile(labels, np.uint8, DIFFERENT * batch_size, offset=8)
    x = (pixels.astype(np.float32) / 255).reshape(DIFFERENT, batch_size, 784)
    y = classes.astype(np.int64).reshape(DIFFERENT, batch_size)
    return list(zip(x, y))


def layers_of(net):
    """A net text that has only conv, pool, relu and dense: "conv 24 5x5" is ("conv", [24, 5])."""
    for text in net.split(", "):
        kind, *words = text.split()
        yield kind, [10 if word == "classes" else int(word.split("x")[0]) for word in words]


def repeat(milliseconds, once):
    begin = time.perf_counter()
    units = 0
    while True:
        units += once()
        seconds = time.perf_counter() - begin
        if seconds * 1000 >= milliseconds:
            return units, seconds


def parse(kind, words):
    if kind == "training":
        batch_size, images, labels, *net = words
        return " ".join(net), int(batch_size), images, labels
    m, k, n, layout = words
    return int(m), int(k), int(n), layout


def serve(kinds):
    runners = {}
    for line in sys.stdin:
        call, key, *words = line.split()
        try:
            if call == "make":
                kind, *rest = words
                runners[key] = kinds[kind](*parse(kind, rest))
                answer = "ok"
            elif call == "run":
                units, seconds = runners[key].run(float(words[0]))
                answer = f"{units} {seconds}"
            elif call == "dispose":
                del runners[key]
                answer = "ok"
        except Exception as error:  # whatever it is, the other side has to hear of it
            answer = f"error: {error}"
        print(answer, flush=True)
