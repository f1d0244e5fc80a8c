// Drives a browser by the commands of W3C WebDriver: WebKit through its driver, by HTTP, and Firefox without one, by
// Marionette, whose commands have the same names and values.
import { createConnection } from "node:net";

// The milliseconds that something may take on a machine that is busy with other things.
const patience = 90_000;
const elementKey = "element-6066-11e4-a52e-4f735466cecf";

// What a command is called over HTTP; `id` is that of an element.
const paths = {
  Navigate: () => "url",
  Refresh: () => "refresh",
  SetTimeouts: () => "timeouts",
  SetWindowRect: () => "window/rect",
  ExecuteAsyncScript: () => "execute/async",
  PerformActions: () => "actions",
  FindElement: () => "element",
  ElementClick: ({ id }) => `element/${id}/click`,
  ElementClear: ({ id }) => `element/${id}/clear`,
  ElementSendKeys: ({ id }) => `element/${id}/value`,
};

/** A session with a WebDriver at this address; resolves to a function that sends a command. */
export async function overHttp(address, capabilities) {
  const ask = async (method, path, body) => {
    const response = await fetch(`${address}/${path}`, {
      method,
      body: body && JSON.stringify(body),
    });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`${path}: ${value.error}: ${value.message}`);
    return value;
  };
  const { sessionId } = await ask("POST", "session", {
    capabilities: { alwaysMatch: capabilities },
  });
  return (name, values) =>
    name === "DeleteSession"
      ? ask("DELETE", `session/${sessionId}`)
      : ask("POST", `session/${sessionId}/${paths[name](values)}`, values);
}

/** A session with Firefox at this port; resolves to a function that sends a command. */
export async function overMarionette(port, capabilities) {
  const socket = createConnection(port, "127.0.0.1");
  const waiting = new Map();
  const lose = (why) => {
    for (const { reject } of waiting.values()) reject(new Error(`Firefox is gone: ${why}`));
    waiting.clear();
  };
  socket.on("error", ({ message }) => lose(message)).on("close", () => lose("it hung up"));
  let bytes = Buffer.alloc(0);
  // A message is the number of its bytes, a colon, and JSON: [1, id, error, result]. The first is a greeting.
  const take = ([, id, error, result]) => {
    const { resolve, reject, name } = waiting.get(id) ?? {};
    waiting.delete(id);
    if (error) reject?.(new Error(`${name}: ${error.error}: ${error.message}`));
    else resolve?.(result?.value === undefined ? result : result.value);
  };
  socket.on("data", (chunk) => {
    bytes = Buffer.concat([bytes, chunk]);
    for (;;) {
      const colon = bytes.indexOf(":");
      const end = colon + 1 + Number(bytes.subarray(0, colon));
      if (colon < 0 || bytes.length < end) return;
      const message = JSON.parse(bytes.subarray(colon + 1, end));
      bytes = bytes.subarray(end);
      if (Array.isArray(message)) take(message);
    }
  });
  let last = 0;
  const send = (name, values = {}) =>
    new Promise((resolve, reject) => {
      const id = ++last;
      waiting.set(id, { resolve, reject, name });
      const message = Buffer.from(JSON.stringify([0, id, name, values]));
      socket.write(`${message.length}:${message}`);
    });
  // Firefox ends with its session, as when somebody closes it: killed, it would not have written all of its profile.
  const quit = async () => {
    const closed = new Promise((resolve) => socket.once("close", resolve));
    await send("Marionette:Quit", { flags: ["eAttemptQuit"] });
    await closed;
  };
  await send("WebDriver:NewSession", { capabilities: { alwaysMatch: capabilities } });
  return (name, values) => (name === "DeleteSession" ? quit() : send(`WebDriver:${name}`, values));
}

/** One window of a browser. `send` gives it a command. */
export class Session {
  #send;
  constructor(send) {
    this.#send = send;
  }

  async begin() {
    await this.#send("SetTimeouts", { script: 120_000, pageLoad: 120_000 });
    await this.#send("SetWindowRect", { width: 1280, height: 1000 });
  }

  go(url) {
    return this.#send("Navigate", { url });
  }

  reload() {
    return this.#send("Refresh", {});
  }

  /** Calls a function in the page; it sees nothing of here but its values. */
  async run(call, ...values) {
    const script = `const done = arguments[arguments.length - 1];
      (async () => (${call})(...arguments[0]))().then(
        (value) => done({ value }), (error) => done({ error: String(error) }));`;
    const { value, error } = await this.#send("ExecuteAsyncScript", { script, args: [values] });
    if (error !== undefined) throw new Error(`in the page: ${error}`);
    return value;
  }

  /** What is looked for before each look of `until`: where it answers with a text, that is the error. */
  wrong = () => undefined;

  /** Waits until the function, called in the page, answers with something true, and gives that. */
  async until(what, call, ...values) {
    const look = `async (...values) => {
      const wrong = (${this.wrong})();
      if (wrong) throw new Error(wrong);
      return (${call})(...values);
    }`;
    for (const end = Date.now() + patience; ;) {
      const answer = await this.run(look, ...values);
      if (answer) return answer;
      if (Date.now() > end) throw new Error(`it never came true: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async #find(selector) {
    await this.until(selector, (s) => document.querySelector(s) !== null, selector);
    const found = await this.#send("FindElement", { using: "css selector", value: selector });
    return found[elementKey];
  }

  /** Clicks as a mouse does: the element is scrolled to, and has to be in sight and enabled. */
  async click(selector) {
    const able = (s) => document.querySelector(s)?.matches(":enabled, a, summary, label");
    await this.until(`${selector} can be clicked`, able, selector);
    await this.#send("ElementClick", { id: await this.#find(selector) });
  }

  /** Types into a field what shall stand there. */
  async fill(selector, text) {
    const id = await this.#find(selector);
    await this.#send("ElementClear", { id });
    await this.#send("ElementSendKeys", { id, text });
  }

  /** Draws a line with the mouse: points are shares of the element's width and height. */
  async draw(selector, points) {
    // The page may still be scrolling, or something may lie above it.
    const rests = async (s, points) => {
      const element = document.querySelector(s);
      element.scrollIntoView({ block: "center", behavior: "instant" });
      const before = element.getBoundingClientRect();
      await new Promise((resolve) => setTimeout(resolve, 500));
      const { x, y, width, height } = element.getBoundingClientRect();
      const free = points.every(([u, v]) =>
        element.contains(document.elementFromPoint(x + u * width, y + v * height)),
      );
      return free && x === before.x && y === before.y && { x, y, width, height };
    };
    const box = await this.until(`${selector} lies still and free`, rests, selector, points);
    const moves = points.map(([x, y], i) => ({
      type: "pointerMove",
      duration: i === 0 ? 0 : 150,
      x: Math.round(box.x + x * box.width),
      y: Math.round(box.y + y * box.height),
    }));
    const press = { type: "pointerDown", button: 0 };
    const actions = [moves[0], press, ...moves.slice(1), { type: "pointerUp", button: 0 }];
    const parameters = { pointerType: "mouse" };
    await this.#send("PerformActions", {
      actions: [{ type: "pointer", id: "mouse", parameters, actions }],
    });
  }

  end() {
    return this.#send("DeleteSession", {});
  }
}
