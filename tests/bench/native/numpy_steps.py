"""numpy's side of `npm run bench -- --native`: the calls of bench_native.cpp, the step written out by hand.

Everything is computed in place, into arrays made beforehand; batches are ready floats.
"""

import numpy as np

from serve import batches, layers_of, repeat, serve


class Training:
    def __init__(self, net, batch_size, images, labels):
        layers = [784] + [numbers[0] for kind, numbers in layers_of(net) if kind == "dense"]
        rng = np.random.default_rng(1)
        pairs = list(zip(layers, layers[1:]))
        self.w = [rng.uniform(-1, 1, p).astype(np.float32) / np.float32(p[0] ** 0.5) for p in pairs]
        self.b = [np.zeros(o, np.float32) for _, o in pairs]
        self.parameters = self.w + self.b
        self.gradients = [np.empty_like(p) for p in self.parameters]
        self.m = [np.zeros_like(p) for p in self.parameters]
        self.v = [np.zeros_like(p) for p in self.parameters]
        self.scratch = [np.empty_like(p) for p in self.parameters]
        self.y = [np.empty((batch_size, o), np.float32) for _, o in pairs]
        self.dy = [np.empty((batch_size, o), np.float32) for _, o in pairs]
        self.batches = batches(images, labels, batch_size)
        self.rows = np.arange(batch_size)
        self.batch_size = batch_size
        self.t = 0

    def step(self):
        x, labels = self.batches[self.t % len(self.batches)]
        self.t += 1
        last = len(self.w) - 1
        inputs = [x] + self.y[:-1]
        for layer, y in enumerate(self.y):
            np.dot(inputs[layer], self.w[layer], out=y)
            y += self.b[layer]
            if layer < last:
                np.maximum(y, 0, out=y)
        p, dy = self.y[-1], self.dy[-1]
        p -= p.max(axis=1, keepdims=True)
        np.exp(p, out=dy)
        total = dy.sum(axis=1, keepdims=True)
        loss = (np.log(total[:, 0]) - p[self.rows, labels]).mean()
        dy /= total
        dy[self.rows, labels] -= 1
        dy /= self.batch_size
        for layer in range(last, -1, -1):
            dy = self.dy[layer]
            np.dot(inputs[layer].T, dy, out=self.gradients[layer])
            dy.sum(axis=0, out=self.gradients[len(self.w) + layer])
            if layer > 0:
                np.dot(dy, self.w[layer].T, out=self.dy[layer - 1])
                self.dy[layer - 1] *= self.y[layer - 1] > 0
        self.adam()
        return loss

    def adam(self, rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8):
        root = np.float32((1 - beta2**self.t) ** 0.5)
        rate = np.float32(rate / (1 - beta1**self.t))
        for p, g, m, v, s in zip(self.parameters, self.gradients, self.m, self.v, self.scratch):
            m *= np.float32(beta1)
            np.multiply(g, np.float32(1 - beta1), out=s)
            m += s
            v *= np.float32(beta2)
            np.multiply(g, g, out=s)
            s *= np.float32(1 - beta2)
            v += s
            np.sqrt(v, out=s)
            s /= root
            s += np.float32(epsilon)
            np.divide(m, s, out=s)
            s *= rate
            p -= s

    def run(self, milliseconds):
        def once():
            self.step()
            return self.batch_size

        return repeat(milliseconds, once)


class Product:
    def __init__(self, m, k, n, layout):
        rng = np.random.default_rng(1)
        a = rng.uniform(-1, 1, (k, m) if layout[0] == "T" else (m, k)).astype(np.float32)
        b = rng.uniform(-1, 1, (n, k) if layout[1] == "T" else (k, n)).astype(np.float32)
        self.a = a.T if layout[0] == "T" else a
        self.b = b.T if layout[1] == "T" else b
        self.c = np.empty((m, n), np.float32)

    def run(self, milliseconds):
        def once():
            np.dot(self.a, self.b, out=self.c)
            return 1

        return repeat(milliseconds, once)


serve({"training": Training, "product": Product})
