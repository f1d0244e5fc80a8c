"""PyTorch's side of `npm run bench -- --native`: the calls of bench_native.cpp. One thread, ready batches."""

import torch

from serve import batches, layers_of, repeat, serve

torch.set_num_threads(1)


def modules_of(net):
    channels, size = 1, 28
    flat = False
    for kind, numbers in layers_of(net):
        if kind == "conv":
            yield torch.nn.Conv2d(channels, *numbers)
            channels, size = numbers[0], size - numbers[1] + 1
        elif kind == "pool":
            yield torch.nn.MaxPool2d(*numbers)
            size //= numbers[0]
        elif kind == "relu":
            yield torch.nn.ReLU()
        else:
            if not flat:
                yield torch.nn.Flatten()
                channels, flat = channels * size * size, True
            yield torch.nn.Linear(channels, numbers[0])
            channels = numbers[0]


class Training:
    def __init__(self, net, batch_size, images, labels):
        torch.manual_seed(1)
        self.net = torch.nn.Sequential(*modules_of(net))
        self.loss = torch.nn.CrossEntropyLoss()
        self.adam = torch.optim.Adam(self.net.parameters(), lr=1e-3)
        self.batches = [
            (torch.from_numpy(x).reshape(-1, 1, 28, 28), torch.from_numpy(y)) for x, y in batches(images, labels, batch_size)
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
