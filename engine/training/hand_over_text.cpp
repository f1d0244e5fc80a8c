// What stands in a program for certain trainings only begins with their names; see
// io/template.h.
#include "engine/training/hand_over_text.h"

namespace lanegrad::hand_over {

const std::string_view kTrain =
    R"py("""Goes on with the training in checkpoint.safetensors where it stands.

    python3 train.py
    torchrun --nproc_per_node 2 train.py

After each epoch it saves checkpoint.safetensors, which lanegrad opens, too: --resume
checkpoint.safetensors. The losses are those of lanegrad, to rounding.
?dropout|Only dropout draws PyTorch's own numbers, so that losses are about the same.
"""
import argparse
?averaging|import copy
?cosine|import math
import os
import pathlib

?numpy|import numpy as np
import torch
import torch.distributed as dist
from torch import nn
from torch.nn.functional import cross_entropy
from torch.nn.parallel import DistributedDataParallel

from checkpoint import put, read, take, write
?augment|?split|from data import augmented, read_images, shuffled, split
?augment|?!split|from data import augmented, read_images, shuffled
?!augment|?split|from data import read_images, shuffled, split
?!augment|?!split|from data import read_images, shuffled
from net import Net

?factor|EPOCHS, STEPS, BATCH = @epochs@, @steps@, @batch@
?!factor|EPOCHS, BATCH = @epochs@, @batch@
DATA = @data@
CHECKPOINT = pathlib.Path(__file__).with_name("checkpoint.safetensors")


?factor|def factor(step):
?factor|    """What the learning rate is multiplied by at this step."""
?factor|@factor@
?factor|
?factor|
def tensors_of(net):
    """The weights and statistics of a net by name."""
    return {name: x for name, x in net.state_dict().items() if x.is_floating_point()}


@torch.no_grad()
def evaluate(net, images, labels, device):
    """The mean loss, and the share of right answers."""
    net.eval()
    loss = right = 0
    for pixels, classes in zip(images.split(1000), labels.split(1000)):
        logits, classes = net(pixels.to(device) / 255), classes.to(device)
        loss += cross_entropy(logits, classes, reduction="sum").item()
        right += (logits.argmax(1) == classes).sum().item()
    return loss / len(labels), right / len(labels)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", default=DATA, help="the folder of the four IDX files")
?!factor|    parser.add_argument("--epochs", type=int, default=EPOCHS, help="how many there are in all")
    args = parser.parse_args()
?factor|    epochs = EPOCHS  # The schedule of the learning rate ends there.
?!factor|    epochs = args.epochs

    rank, world = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
    if torch.cuda.is_available():
        device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", 0)))
        torch.cuda.set_device(device)
    else:
        device = torch.device("cpu")

    state, texts = read(CHECKPOINT)
    step, epoch, position = (int(state[key]) for key in ("step", "epoch", "position"))
    net = Net().to(device)
    net.load_state_dict(take(state, "net.", tensors_of(net)))
?averaging|    average = copy.deepcopy(net)
?averaging|    if step > 0:
?averaging|        average.load_state_dict(take(state, "average.", tensors_of(net)))
?moments|    weights = dict(net.named_parameters())
    rate = float(state["optimizer.learning_rate"])
    optimizer = @optimizer@
?adam|    mean = take(state, "optimizer.first_moment.", weights)
?adam|    square = take(state, "optimizer.second_moment.", weights)
?adam|    for name, weight in weights.items():
?adam|        optimizer.state[weight] = {
?adam|            "step": torch.tensor(float(step)),
?adam|            "exp_avg": mean[name].to(device),
?adam|            "exp_avg_sq": square[name].to(device),
?adam|        }
?momentum|    velocity = take(state, "optimizer.velocity.", weights)
?momentum|    for name, weight in weights.items():
?momentum|        optimizer.state[weight] = {"momentum_buffer": velocity[name].to(device)}
?planned|    # Changes of the rate that are still to come, by the step after which they do.
?planned|    planned = dict(zip(state.pop("planned.steps", []), state.pop("planned.learning_rates", [])))
?dropout|    torch.manual_seed((@seed@ + step * world + rank) % 2**63)

    model = net
    if world > 1:
        dist.init_process_group("nccl" if device.type == "cuda" else "gloo")
?batchnorm|        if device.type == "cuda":
?batchnorm|            model = nn.SyncBatchNorm.convert_sync_batchnorm(net)
?batchnorm|        elif rank == 0:
?batchnorm|            print("BatchNorm: each process takes the statistics of its own part of a batch,")
?batchnorm|            print("since SyncBatchNorm needs GPUs. By that, losses differ from those of one process.")
        model = DistributedDataParallel(model, [device] if device.type == "cuda" else None)

    images, labels = read_images(args.data, "train", @count@)
    test = read_images(args.data, "t10k")
?split|    training, held_back = split(labels.numpy(), @validation@)
?!split|    training = range(len(labels))
    place = int(state["random.order"][2])
    sums = torch.zeros(3, dtype=torch.float64, device=device)  # loss, right answers, samples
    if epoch == state["ended"]:
        if epoch > 0:
            _, place = shuffled(training, place)
        epoch, position = epoch + 1, 0
    elif rank == 0:
        keys = ("metrics.loss_sum", "metrics.right", "metrics.samples")
        sums += sums.new_tensor([float(state[key]) for key in keys])
    if epoch > epochs and rank == 0:
?factor|        print(f"The training has ended with epoch {epoch - 1}, and so has its schedule.")
?!factor|        print(f"The training has ended with epoch {epoch - 1}; --epochs makes it longer.")

    while epoch <= epochs:
        model.train()
        order, next_place = shuffled(training, place)
?!joined|        for start in range(position, len(order), BATCH):
?!joined|            batch = order[start : start + BATCH]
?joined|        # A single sample that is left over joins the last batch: alone it has no statistics.
?joined|        for start in range(position, len(order) - 1, BATCH):
?joined|            batch = order[start : start + BATCH + (start + BATCH + 1 == len(order))]
            mine = batch[rank::world]
            pixels, classes = images[mine].to(device) / 255, labels[mine].to(device)
?augment|            pixels = augmented(pixels, mine, epoch)
            logits = model(pixels)
            loss = cross_entropy(logits, classes, reduction="sum"@smoothing@)
            optimizer.zero_grad()
            # DistributedDataParallel gives the mean over all processes.
            (loss * world / len(batch)).backward()
?clip|            nn.utils.clip_grad_norm_(net.parameters(), @clip@)
?factor|            optimizer.param_groups[0]["lr"] = rate * factor(step)
?!factor|?planned|            optimizer.param_groups[0]["lr"] = rate
            optimizer.step()
            step += 1
?planned|            rate = planned.pop(step, rate)
?averaging|            keep = min(@averaging@, (1 + step) / (10 + step))
?averaging|            for old, new in zip(tensors_of(average).values(), tensors_of(net).values()):
?averaging|                old.lerp_(new, 1 - keep)
?smoothed|            loss = cross_entropy(logits.detach(), classes, reduction="sum")
            sums[0] += loss.detach()
            sums[1] += (logits.argmax(1) == classes).sum()
            sums[2] += len(mine)
        if world > 1:
            dist.all_reduce(sums)

?patience|        stop = torch.tensor(0, device=device)
        if rank == 0:
?averaging|            answering = average
?!averaging|            answering = net
            line = f"epoch {epoch}/{epochs}: training loss {sums[0] / sums[2]:.5f}, "
?split|            validation = images[held_back], labels[held_back]
?split|            validation_loss, right = evaluate(answering, *validation, device)
?split|            line += f"validation loss {validation_loss:.5f}, accuracy {100 * right:.2f} %, "
            loss, right = evaluate(answering, *test, device)
            print(line + f"test loss {loss:.5f}, accuracy {100 * right:.2f} %", flush=True)
?patience|            waited = int(state["waited"]) + 1
?patience|            if validation_loss < state.get("best_loss", np.inf):
?patience|                put(state, "best.", tensors_of(answering))
?patience|                state.update({"best_loss": validation_loss, "best_epoch": epoch})
?patience|                waited = 0
?patience|            stop += waited >= @patience@
?patience|            state.update({"waited": 0 if stop else waited, "stopped": int(stop)})
?patience|            if stop or epoch == epochs:
?patience|                print(f"The weights of epoch {int(state['best_epoch'])} are put back.")
?patience|                best = take(state, "best.", tensors_of(net))
?patience|                net.load_state_dict(best)
?patience|?averaging|                average.load_state_dict(best)
            put(state, "net.", tensors_of(net))
?averaging|            put(state, "average.", tensors_of(average))
?adam|            moments = {name: optimizer.state[weight] for name, weight in weights.items()}
?adam|            put(state, "optimizer.first_moment.", {n: m["exp_avg"] for n, m in moments.items()})
?adam|            put(state, "optimizer.second_moment.", {n: m["exp_avg_sq"] for n, m in moments.items()})
?adam|            state["optimizer.steps"] = np.full(len(weights), step)
?momentum|            velocity = {n: optimizer.state[w]["momentum_buffer"] for n, w in weights.items()}
?momentum|            put(state, "optimizer.velocity.", velocity)
?planned|            state["optimizer.learning_rate"] = rate
?planned|            if planned:
?planned|                state["planned.steps"] = np.array(list(planned))
?planned|                state["planned.learning_rates"] = np.array(list(planned.values()))
            state["random.order"][2] = place
            state["metrics.loss_sum"] = sums[0].item()
            for key, value in zip(("right", "predictions", "samples"), sums[[1, 2, 2]].tolist()):
                state["metrics." + key] = int(value)
            state.update({"step": step, "epoch": epoch, "position": len(order), "ended": epoch})
?!factor|            texts["epochs"] = str(max(epochs, EPOCHS))
            write(CHECKPOINT, state, texts)
?patience|        if world > 1:
?patience|            dist.broadcast(stop, 0)
?patience|        if stop:
?patience|            break
        epoch, position, place = epoch + 1, 0, next_place
        sums.zero_()
    if world > 1:
        dist.destroy_process_group()


if __name__ == "__main__":
    main()
)py";

const std::string_view kNet = R"py("""The net of this training, which takes pixels from 0 to 1."""
?channels|import torch
from torch import nn

?constants|@constants@
?constants|
?constants|
?!constants|
@class@)py";

const std::string_view kData =
    R"py(?augment|"""The images, their order and how they are moved, as lanegrad draws them in each epoch."""
?!augment|"""The images and their order, as lanegrad draws it in each epoch."""
import pathlib

import numpy as np
import torch
?augment|from torch.nn.functional import affine_grid, grid_sample

SEED = @seed@
ORDER = 1  # Random numbers for other purposes come from other streams.
?augment|AUGMENTATION = 5
?split|SPLIT = 6
?augment|# The most that an image is shifted (pixels), turned (degrees), scaled and sheared (degrees).
?augment|SHIFT, ROTATION, SCALE, SHEAR = @shift@, @rotation@, @scale@, @shear@


def read_idx(path):
    data = pathlib.Path(path).read_bytes()
    shape = np.frombuffer(data, ">u4", data[3], 4).astype(int)
    values = np.frombuffer(data, np.uint8, -1, 4 + 4 * data[3])
    return torch.from_numpy(values.reshape(shape).copy())


def read_images(folder, name, count=None):
    """Images of bytes, [N, @axes@], and their labels."""
    images = read_idx(pathlib.Path(folder, f"{name}-images-idx3-ubyte"))
    images = images.unsqueeze(1) if images.dim() == 3 else images
    labels = read_idx(pathlib.Path(folder, f"{name}-labels-idx1-ubyte")).long()
    if count not in (None, len(images)) or images.shape[1:] != @sample@:
        raise SystemExit(f"{folder} holds other images than those that the training began with.")
    return images, labels


def random_words(stream, places):
    """32 random bits for each place in a stream: Philox4x32-10 (Salmon et al., SC 2011)."""
    low = 2**32 - 1
    places = np.asarray(places).astype(np.uint64)
    x = [places // 4 & low, places // 4 >> 32, np.full_like(places, stream), np.zeros_like(places)]
    key = [SEED & low, SEED >> 32]
    for _ in range(10):
        p, q = x[0] * 0xD2511F53, x[2] * 0xCD9E8D57
        x = [q >> 32 ^ x[1] ^ key[0], q & low, p >> 32 ^ x[3] ^ key[1], p & low]
        key = [key[0] + 0x9E3779B9 & low, key[1] + 0xBB67AE85 & low]
    return np.choose((places % 4).astype(int), x)


def shuffled(items, place, stream=ORDER):
    """The items in a random order (Fisher and Yates), and the next place in the stream."""
    items, words = list(items), []
    for end in range(len(items), 1, -1):
        while True:
            if not words:
                words = random_words(stream, place + np.arange(4096))[::-1].tolist()
            product, place = words.pop() * end, place + 1
            if product % 2**32 >= 2**32 % end:  # Else some places would be likelier than others.
                break
        at = product >> 32
        items[end - 1], items[at] = items[at], items[end - 1]
    return torch.tensor(items), place


?split|def split(labels, count):
?split|    """The samples to train on and `count` held back, of each class its share."""
?split|    sizes = np.bincount(labels, minlength=@outputs@)
?split|    share, rest = np.divmod(count * sizes, len(labels))
?split|    share[np.argsort(-rest, kind="stable")[: count - share.sum()]] += 1
?split|    apart, place = np.zeros(len(labels), bool), 0
?split|    for label in range(@outputs@):
?split|        members, place = shuffled(np.flatnonzero(labels == label).tolist(), place, SPLIT)
?split|        apart[members[: share[label]].long()] = True
?split|    return np.flatnonzero(~apart).tolist(), np.flatnonzero(apart).tolist()
?split|
?split|
?augment|def augmented(pixels, samples, epoch):
?augment|    """The images, each sheared, turned, scaled and shifted as the sample is in this epoch."""
?augment|    places = 8 * (epoch * 2**32 + samples.numpy()[:, None]) + np.arange(5)
?augment|    most = [SHIFT, SHIFT, np.radians(ROTATION), SCALE, np.radians(SHEAR)]
?augment|    right, down, turn, size, lean = ((random_words(AUGMENTATION, places) / 2**31 - 1) * most).T
?augment|    sin, cos, tan, size = np.sin(turn), np.cos(turn), np.tan(lean), 1 + size
?augment|    h, w = pixels.shape[2:]
?augment|    # From a place of the result to one of the image, in affine_grid's units of half an image.
?augment|    xx, xy = (cos + tan * sin) / size, (sin - tan * cos) / size * h / w
?augment|    yx, yy = -sin / size * w / h, cos / size
?augment|    x, y = 2 * right / w, 2 * down / h
?augment|    maps = np.stack([xx, xy, -xx * x - xy * y, yx, yy, -yx * x - yy * y], 1).reshape(-1, 2, 3)
?augment|    maps = torch.from_numpy(maps).to(pixels)
?augment|    return grid_sample(pixels, affine_grid(maps, pixels.shape, False), align_corners=False)
)py";

const std::string_view kCheckpoint =
    R"py("""Reads and writes lanegrad's checkpoints, which are safetensors files.

They have lanegrad's names and layouts: the weights of dense layers are [inputs, outputs], and a
bias of a dense layer is a layer of its own.
"""
import json
import os

import numpy as np
import torch

TYPES = {"F32": "<f4", "F64": "<f8", "I64": "<i8", "U64": "<u8"}


def read(path):
    """The arrays of a file, and its texts, by name."""
    with open(path, "rb") as file:
        data = file.read()
    begin = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:begin])
    texts, arrays = header.pop("__metadata__", {}), {}
    for name, entry in header.items():
        first, end = entry["data_offsets"]
        values = np.frombuffer(data[begin + first : begin + end], TYPES[entry["dtype"]])
        arrays[name] = values.reshape(entry["shape"]).copy()
    return arrays, texts


def write(path, arrays, texts):
    names, end = {np.dtype(text): name for name, text in TYPES.items()}, 0
    arrays = {name: np.asarray(array) for name, array in arrays.items()}
    header = {"__metadata__": {key: text for key, text in texts.items() if key != "record"}}
    for name, array in sorted(arrays.items(), key=lambda item: -item[1].itemsize):
        header[name] = {
            "dtype": names[array.dtype],
            "shape": array.shape,
            "data_offsets": [end, end + array.nbytes],
        }
        end += array.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(f"{path}.tmp", "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for name in list(header)[1:]:
            file.write(arrays[name].tobytes())
    os.replace(f"{path}.tmp", path)


def name_of(name):
    return name.replace("dense", "bias") if name.endswith(".bias") else name


def take(arrays, prefix, names):
    """PyTorch's tensors of these names."""
    found = {name: arrays[prefix + name_of(name)] for name in names}
    return {name: torch.tensor(x.T if x.ndim == 2 else x) for name, x in found.items()}


def put(arrays, prefix, tensors):
    for name, tensor in tensors.items():
        x = tensor.detach().cpu().numpy()
        arrays[prefix + name_of(name)] = (x.T if x.ndim == 2 else x).copy()
)py";

}  // namespace lanegrad::hand_over
