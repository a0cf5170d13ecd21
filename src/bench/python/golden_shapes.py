"""Golden vectors for images and sequences, made by PyTorch in double precision: src/test/resources/golden/33_... and following.

The layout is that of src/test/resources/golden/README.md. Argument: the folder to write to. Needs torch (python3-torch of Debian).
"""

import json
import pathlib
import sys

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)

BATCHES, ROWS, EVAL_ROWS = 10, 4, 5
KEPT = (1, 2, 10)


def conv(filters, window, activation, stride=(1, 1), padding="valid", dilation=1, batchnorm=False):
    return dict(
        op="conv",
        filters=filters,
        window=window,
        activation=activation,
        stride=stride,
        padding=padding,
        dilation=dilation,
        batchnorm=batchnorm,
    )


def pool(window, stride=None, mean=False):
    return dict(op="pool", window=window, stride=stride or window, mean=mean, activation="identity", batchnorm=False)


def recurrent(cell, size, option="", truncate=None, states="last"):
    return dict(
        op=cell,
        filters=size,
        option=option,
        truncate=truncate,
        states=states,
        activation="identity",
        batchnorm=False,
    )


def dense(units, activation="identity"):
    return dict(op="dense", filters=units, activation=activation, batchnorm=False)


def norm(activation="identity"):
    return dict(op="norm", activation=activation, batchnorm=False)


GATES = {"rnn": 1, "lstm": 4, "gru": 3}


def size(pair):
    return f"{pair[0]}x{pair[1]}"


def shape_text(shape):
    h, w, c = shape
    return str(c) if h * w == 1 else f"{h}x{c}" if w == 1 else f"{h}x{w}x{c}"


def borders(padding, length, window, stride):
    """Zeros before and behind along one dimension."""
    if padding == "valid":
        return 0, 0
    if padding == "causal":
        return window - 1, 0
    places = (length - 1) // stride + 1
    total = max((places - 1) * stride + window - length, 0)
    return total // 2, total - total // 2


def resolve(layer, shape):
    """Adds what follows from the shape that enters, and returns the shape of the output."""
    h, w, c = shape
    layer["in_shape"] = shape
    if layer["op"] == "dense":
        layer["elements"] = h * w * c
        return 1, 1, layer["filters"]
    if layer["op"] in GATES:
        layer["elements"] = c
        return (h if layer["states"] == "all" else 1), 1, layer["filters"]
    if layer["op"] == "norm":
        return shape
    kh, kw = layer["window"]
    sh, sw = layer["stride"]
    rows = (kh - 1) * layer.get("dilation", 1) + 1
    padding = layer.get("padding", "valid")
    layer["top"], layer["bottom"] = borders(padding, h, rows, sh)
    layer["left"], layer["right"] = borders(padding, w, kw, sw) if padding == "same" else (0, 0)
    oh = (h + layer["top"] + layer["bottom"] - rows) // sh + 1
    ow = (w + layer["left"] + layer["right"] - kw) // sw + 1
    if layer["op"] == "conv":
        layer["elements"] = kh * kw * c
        return oh, ow, layer["filters"]
    return oh, ow, c


def text(layer):
    """The layer as model.layers has it, without spaces, and the shape that enters."""
    if layer["op"] == "dense":
        return None
    if layer["op"] in GATES:
        inner = f"{layer['filters']}" + (f",{layer['option']}" if layer["option"] else "")
        inner += f",truncate={layer['truncate']}" if layer["truncate"] else ""
        inner += ",states=all" if layer["states"] == "all" else ""
        return f"{layer['op']}({inner})@{shape_text(layer['in_shape'])}"
    if layer["op"] == "norm":
        return f"norm@{shape_text(layer['in_shape'])}"
    stride = layer["stride"]
    if layer["op"] == "pool":
        inner = size(layer["window"]) + (",mean" if layer["mean"] else "")
        inner += f",stride={size(stride)}" if stride != layer["window"] else ""
    else:
        inner = f"{layer['filters']},{size(layer['window'])}"
        inner += f",stride={size(stride)}" if stride != (1, 1) else ""
        inner += f",padding={layer['padding']}" if layer["padding"] != "valid" else ""
        inner += f",dilation={layer['dilation']}" if layer["dilation"] > 1 else ""
    return f"{layer['op']}({inner})@{shape_text(layer['in_shape'])}"


ACTIVATIONS = {"relu": torch.relu, "tanh": torch.tanh, "sigmoid": torch.sigmoid, "identity": lambda z: z}


def states(layer, w, u, b, x):
    """States [B][steps][units] of rows [B][steps][features], step by step. A block of truncate steps, counted from the last one, sees a constant before it."""
    steps, n = x.shape[1], layer["filters"]
    h = c = torch.zeros(x.shape[0], n)
    none = torch.zeros(GATES[layer["op"]] * n)
    out = []
    for t in range(steps):
        if layer["truncate"] and (steps - t) % layer["truncate"] == 0:
            h, c = h.detach(), c.detach()
        if layer["op"] == "lstm":
            h, c = torch.lstm_cell(x[:, t], (h, c), w, u, b, none)
        elif layer["op"] == "gru":
            h = torch.gru_cell(x[:, t], h, w, u, b[: 3 * n], torch.cat([none[: 2 * n], b[3 * n :]]))
        else:
            cell = torch.rnn_relu_cell if layer["option"] == "relu" else torch.rnn_tanh_cell
            h = cell(x[:, t], h, w, u, b, none)
        out.append(h)
    return torch.stack(out, 1)


def forward(layers, parameters, running, x, training):
    """Logits [B][out] of rows [B][height x width x channels]. In training also moves nothing: returns the new running averages."""
    moved = {}
    h = x
    for l, layer in enumerate(layers):
        height, width, channels = layer["in_shape"]
        if layer["op"] == "dense":
            h = h @ parameters[f"W{l}"].T + parameters[f"b{l}"]
            h = ACTIVATIONS[layer["activation"]](h)
            continue
        if layer["op"] in GATES:
            all_states = states(
                layer,
                parameters[f"W{l}"],
                parameters[f"U{l}"],
                parameters[f"b{l}"],
                h.reshape(-1, height, channels),
            )
            h = all_states.reshape(x.shape[0], -1) if layer["states"] == "all" else all_states[:, -1]
            continue
        if layer["op"] == "norm":
            places = h.reshape(-1, height * width, channels)
            h = F.layer_norm(places, (channels,), parameters[f"g{l}"], parameters[f"be{l}"], 1e-5)
            h = ACTIVATIONS[layer["activation"]](h).reshape(x.shape[0], -1)
            continue
        image = h.reshape(-1, height, width, channels).permute(0, 3, 1, 2)
        if layer["op"] == "pool":
            of = F.avg_pool2d if layer["mean"] else F.max_pool2d
            image = of(image, layer["window"], layer["stride"])
        else:
            kh, kw = layer["window"]
            weights = parameters[f"W{l}"].reshape(layer["filters"], kh, kw, channels).permute(0, 3, 1, 2)
            image = F.pad(image, (layer["left"], layer["right"], layer["top"], layer["bottom"]))
            image = F.conv2d(
                image, weights, parameters.get(f"b{l}"), layer["stride"], dilation=(layer["dilation"], 1)
            )
            if layer["batchnorm"]:
                mean, var = running[f"mean{l}"].clone(), running[f"var{l}"].clone()
                image = F.batch_norm(
                    image, mean, var, parameters[f"g{l}"], parameters[f"be{l}"], training, momentum=0.1, eps=1e-5
                )
                moved[f"mean{l}"], moved[f"var{l}"] = mean, var
        h = ACTIVATIONS[layer["activation"]](image).permute(0, 2, 3, 1).reshape(x.shape[0], -1)
    return h, moved


def shorter(layers, shape, steps):
    """The layers for a sequence of so many steps of which a row of the shape has more; what pools all steps pools these."""
    own = []
    entering = (steps, 1, shape[2])
    for layer in layers:
        copy = dict(layer)
        if layer["op"] == "pool":
            copy["window"] = copy["stride"] = (entering[0], 1)
        entering = resolve(copy, entering)
        own.append(copy)
    return own


def forward_present(layers, shape, parameters, x):
    """Logits of rows that begin with steps of NaN: each is run alone, without these steps, through layers for as few."""
    logits = []
    for row in x:
        present = row[~row.isnan()]
        own = shorter(layers, shape, len(present) // shape[2])
        logits.append(forward(own, parameters, {}, present[None], True)[0])
    return torch.cat(logits)


def loss_of(name, logits, y):
    if name == "softmax_ce":
        return F.cross_entropy(logits, y)
    return 0.5 * ((logits - y) ** 2).sum(1).mean()


def rounded(tensor, steps):
    return (tensor * steps).round() / steps


def numbers(tensor):
    if tensor.dim():
        return [numbers(t) for t in tensor]
    return None if tensor.isnan() else float(f"{tensor.item():.9g}")


def case(name, seed, shape, layers, loss, optimizer, l2=0.0, clip=None):
    torch.manual_seed(seed)
    sequence = shape if "shorter" in name else None
    inputs = shape[0] * shape[1] * shape[2]
    described, init, parameters, running = [], [], {}, {}
    for l, layer in enumerate(layers):
        entering = shape[0] * shape[1] * shape[2]
        shape = resolve(layer, shape)
        batchnorm = layer["batchnorm"]
        trained = layer["op"] != "pool"
        described.append(
            {
                "in": entering,
                "out": shape[0] * shape[1] * shape[2],
                "activation": layer["activation"],
                "bias": trained and not batchnorm and layer["op"] != "norm",
                "batchnorm": {"delta": 1e-5, "momentum": 0.1, "running_var": "unbiased"} if batchnorm else None,
                "kind": text(layer),
            }
        )
        own = {}
        if layer["op"] == "norm":
            own["gamma"] = rounded(1 + 0.1 * torch.randn(shape[2]), 256)
            own["beta"] = rounded(0.1 * torch.randn(shape[2]), 256)
        elif trained:
            filters = layer["filters"]
            gates = GATES.get(layer["op"], 1)
            own["W"] = rounded(torch.randn(gates * filters, layer["elements"]) / layer["elements"] ** 0.5, 256)
            if layer["op"] in GATES:
                own["U"] = rounded(torch.randn(gates * filters, filters) / filters**0.5, 256)
                own["b"] = rounded(0.1 * torch.randn((4 if layer["op"] == "gru" else gates) * filters), 256)
            elif batchnorm:
                own["gamma"] = rounded(1 + 0.1 * torch.randn(filters), 256)
                own["beta"] = rounded(0.1 * torch.randn(filters), 256)
                running[f"mean{l}"], running[f"var{l}"] = torch.zeros(filters), torch.ones(filters)
            else:
                own["b"] = rounded(0.1 * torch.randn(filters), 256)
        init.append({key: numbers(value) for key, value in own.items()})
        for key, value in own.items():
            short = {"gamma": "g", "beta": "be"}.get(key, key)
            parameters[f"{short}{l}"] = value.clone().requires_grad_()
    outputs = shape[2]

    def rows(count):
        x = rounded(torch.randn(count, inputs), 16)
        if sequence:
            for i, missing in enumerate(torch.randint(sequence[0], (count,))):
                x[i, : missing * sequence[2]] = torch.nan
        y = torch.randint(outputs, (count,)) if loss == "softmax_ce" else rounded(torch.randn(count, outputs), 16)
        return x, y

    def logits_of(x, training):
        if sequence:
            return forward_present(layers, sequence, parameters, x), {}
        return forward(layers, parameters, running, x, training)

    batches = [rows(ROWS) for _ in range(BATCHES)]
    expected = {"loss": [], "objective": [], "grad_norm": [], "lr": [], "params": {}, "bn_running": {}}
    kinds = {
        "sgd": lambda p, lr: torch.optim.SGD(p, lr),
        "momentum": lambda p, lr: torch.optim.SGD(p, lr, momentum=optimizer["alpha"]),
        "rmsprop": lambda p, lr: torch.optim.RMSprop(p, lr, alpha=optimizer["rho"], eps=optimizer["delta"]),
        "adam": lambda p, lr: torch.optim.Adam(p, lr, (optimizer["rho1"], optimizer["rho2"]), optimizer["delta"]),
    }
    steps = kinds[optimizer["name"]](list(parameters.values()), optimizer["lr"])
    for k, (x, y) in enumerate(batches):
        logits, moved = logits_of(x, True)
        data = loss_of(loss, logits, y)
        penalty = l2 / 2 * sum((p**2).sum() for key, p in parameters.items() if key[0] in "WU")
        objective = data + penalty
        steps.zero_grad()
        objective.backward()
        running.update(moved)
        if k == 0:
            expected["grad_step1"] = {key: numbers(p.grad) for key, p in parameters.items()}
        norm = sum((p.grad**2).sum() for p in parameters.values()).sqrt().item()
        if clip and norm > clip:
            for p in parameters.values():
                p.grad *= clip / norm
        steps.step()
        expected["loss"].append(data.item())
        expected["objective"].append(objective.item())
        expected["grad_norm"].append(norm)
        expected["lr"].append(optimizer["lr"])
        if k + 1 in KEPT:
            expected["params"][str(k + 1)] = {key: numbers(p.detach()) for key, p in parameters.items()}
            expected["bn_running"][str(k + 1)] = {key: numbers(value) for key, value in running.items()}
    x, y = rows(EVAL_ROWS)
    with torch.no_grad():
        logits, _ = logits_of(x, False)
        expected["eval"] = {"output": numbers(logits), "loss": loss_of(loss, logits, y).item()}
    if not running:
        del expected["bn_running"]
    return {
        "format": "golden-mlp-1",
        "name": name,
        "seed": seed,
        "generator": "src/bench/python/golden_shapes.py, torch " + torch.__version__ + ", CPU",
        "net": {"layers": described},
        "loss": loss,
        "optimizer": optimizer,
        "l2": l2,
        "l1": 0.0,
        "clip_global_norm": clip,
        "lr_schedule": None,
        "init": init,
        "batches": [{"x": numbers(x), "y": numbers(y) if loss != "softmax_ce" else y.tolist()} for x, y in batches],
        "eval": {"x": numbers(x), "y": numbers(y) if loss != "softmax_ce" else y.tolist()},
        "expected": {"f64": expected},
    }


ADAM = {"name": "adam", "lr": 0.01, "rho1": 0.9, "rho2": 0.999, "delta": 1e-8}
MOMENTUM = {"name": "momentum", "lr": 0.05, "alpha": 0.9}
SGD = {"name": "sgd", "lr": 0.1}
RMSPROP = {"name": "rmsprop", "lr": 0.01, "rho": 0.9, "delta": 1e-6, "delta_inside_sqrt": False}

CASES = [
    ("33_conv_valid_softmax_sgd", (6, 5, 2), [conv(3, (3, 3), "relu"), dense(3)], "softmax_ce", SGD),
    (
        "34_conv_same_stride_halfmse_momentum",
        (7, 6, 2),
        [conv(4, (3, 3), "tanh", (2, 2), "same"), conv(2, (2, 3), "sigmoid", padding="same"), dense(2)],
        "half_mse",
        MOMENTUM,
    ),
    (
        "35_conv_causal_dilated_softmax_adam",
        (12, 1, 3),
        [
            conv(4, (3, 1), "relu", padding="causal"),
            conv(4, (3, 1), "relu", padding="causal", dilation=2),
            pool((12, 1), mean=True),
            dense(3),
        ],
        "softmax_ce",
        ADAM,
    ),
    (
        "36_pools_halfmse_sgd",
        (7, 7, 1),
        [conv(3, (2, 2), "tanh"), pool((2, 2), (1, 1)), pool((3, 3), (2, 2), mean=True), dense(4, "relu"), dense(2)],
        "half_mse",
        SGD,
    ),
    (
        "37_conv_bn_pool_softmax_adam",
        (6, 6, 1),
        [conv(3, (3, 3), "relu", padding="same", batchnorm=True), pool((2, 2)), conv(4, (2, 2), "relu"), dense(3)],
        "softmax_ce",
        ADAM,
    ),
    (
        "38_conv_net_softmax_adam_l2_clip",
        (8, 8, 1),
        [
            conv(3, (3, 3), "relu", padding="same"),
            pool((2, 2)),
            conv(4, (3, 3), "relu", padding="same"),
            pool((2, 2)),
            dense(5, "relu"),
            dense(3),
        ],
        "softmax_ce",
        ADAM,
        0.01,
        0.5,
    ),
    ("39_rnn_tanh_softmax_sgd", (6, 1, 3), [recurrent("rnn", 5), dense(3)], "softmax_ce", SGD),
    (
        "40_rnn_relu_all_halfmse_momentum",
        (5, 1, 2),
        [recurrent("rnn", 4, "relu", states="all"), dense(2)],
        "half_mse",
        MOMENTUM,
    ),
    ("41_lstm_softmax_adam", (8, 1, 3), [recurrent("lstm", 5), dense(4, "relu"), dense(3)], "softmax_ce", ADAM),
    ("42_gru_halfmse_rmsprop", (7, 1, 2), [recurrent("gru", 6), dense(2)], "half_mse", RMSPROP),
    (
        "43_lstm_stacked_softmax_adam_l2_clip",
        (6, 1, 4),
        [recurrent("lstm", 4, states="all"), recurrent("lstm", 3), dense(3)],
        "softmax_ce",
        ADAM,
        0.01,
        0.2,
    ),
    (
        "44_gru_truncated_softmax_momentum",
        (8, 1, 3),
        [recurrent("gru", 5, truncate=3), dense(3)],
        "softmax_ce",
        MOMENTUM,
    ),
    (
        "45_conv_lstm_truncated_mean_softmax_rmsprop",
        (9, 1, 2),
        [
            conv(4, (3, 1), "relu", padding="causal"),
            recurrent("lstm", 5, truncate=4, states="all"),
            pool((9, 1), mean=True),
            dense(3),
        ],
        "softmax_ce",
        RMSPROP,
    ),
    (
        "46_rnn_truncated_gru_halfmse_sgd_l2",
        (10, 1, 3),
        [recurrent("rnn", 4, truncate=1, states="all"), recurrent("gru", 4, truncate=4), dense(1)],
        "half_mse",
        SGD,
        0.01,
    ),
    (
        "47_layer_norm_image_softmax_adam",
        (6, 5, 2),
        [conv(5, (3, 3), "identity"), norm("relu"), conv(4, (2, 2), "tanh"), norm(), dense(3)],
        "softmax_ce",
        ADAM,
    ),
    (
        "48_layer_norm_flat_halfmse_momentum_l2",
        (1, 1, 7),
        [dense(18), norm("tanh"), dense(5, "sigmoid"), norm(), dense(2)],
        "half_mse",
        MOMENTUM,
        0.01,
    ),
    ("49_shorter_lstm_softmax_adam", (8, 1, 3), [recurrent("lstm", 5), dense(3)], "softmax_ce", ADAM),
    (
        "50_shorter_conv_gru_mean_halfmse_momentum",
        (9, 1, 2),
        [
            conv(4, (3, 1), "relu", padding="causal"),
            recurrent("gru", 4, states="all"),
            pool((9, 1), mean=True),
            dense(2),
        ],
        "half_mse",
        MOMENTUM,
    ),
    (
        "51_shorter_rnn_truncated_norm_softmax_rmsprop",
        (7, 1, 2),
        [recurrent("rnn", 6, truncate=3, states="all"), norm("tanh"), recurrent("rnn", 4, "relu"), dense(3)],
        "softmax_ce",
        RMSPROP,
    ),
]

if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1])
    for arguments in CASES:
        number = int(arguments[0].split("_")[0])
        made = case(arguments[0], 3267 + number, *arguments[1:])
        (folder / f"{arguments[0]}.json").write_text(json.dumps(made, separators=(",", ":")) + "\n", encoding="utf-8")
