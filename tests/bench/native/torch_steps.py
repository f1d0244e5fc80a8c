"""PyTorch's side of `npm run bench -- --native`: the calls of bench_native.cpp. One thread, ready batches."""

import torch

from serve import batches, repeat, serve

torch.set_num_threads(1)


class Training:
    def __init__(self, layers, batch_size, images, labels):
        torch.manual_seed(1)
        modules = []
        for inputs, outputs in zip(layers, layers[1:]):
            modules += [torch.nn.Linear(inputs, outputs), torch.nn.ReLU()]
        self.net = torch.nn.Sequential(*modules[:-1])
        self.loss = torch.nn.CrossEntropyLoss()
        self.adam = torch.optim.Adam(self.net.parameters(), lr=1e-3)
        self.batches = [
            (torch.from_numpy(x), torch.from_numpy(y)) for x, y in batches(images, labels, batch_size)
        ]
        self.batch_size = batch_size
        self.t = 0

    def step(self):
        x, y = self.batches[self.t % len(self.batches)]
        self.t += 1
        self.adam.zero_grad(set_to_none=True)
        loss = self.loss(self.net(x), y)
        loss.backward()
        self.adam.step()
        return loss.item()

    def run(self, milliseconds):
        def once():
            self.step()
            return self.batch_size

        return repeat(milliseconds, once)


class Product:
    def __init__(self, m, k, n, layout):
        a = torch.rand((k, m) if layout[0] == "T" else (m, k)) * 2 - 1
        b = torch.rand((n, k) if layout[1] == "T" else (k, n)) * 2 - 1
        self.a = a.T if layout[0] == "T" else a
        self.b = b.T if layout[1] == "T" else b
        self.c = torch.empty((m, n))

    def run(self, milliseconds):
        def once():
            torch.mm(self.a, self.b, out=self.c)
            return 1

        return repeat(milliseconds, once)


serve({"training": Training, "product": Product})
