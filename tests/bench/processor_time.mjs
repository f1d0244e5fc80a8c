// The processor time of a browser's threads, and that of everything else on the machine, as the kernel has given it
// (/proc): Linux only.
import { readdirSync, readFileSync } from "node:fs";

const ticksPerSecond = 100;

// Seconds that each thread of these processes has had so far, by the threads' names.
function threadSeconds(processes) {
  const seconds = {};
  for (const { id, type } of processes) {
    for (const task of readdirSync(`/proc/${id}/task`)) {
      const stat = readFileSync(`/proc/${id}/task/${task}/stat`, "utf8");
      const [, name, rest] = /\((.*)\) (.*)/.exec(stat);
      const [user, system] = rest.split(" ").slice(11, 13).map(Number);
      const key = `${type} ${name}`;
      seconds[key] = (seconds[key] ?? 0) + (user + system) / ticksPerSecond;
    }
  }
  return seconds;
}

// Seconds of all cores that were not idle, those that the host of a virtual machine took included.
function machineSeconds() {
  const [user, nice, system, , , interrupts, soft, stolen] = readFileSync("/proc/stat", "utf8")
    .split("\n", 1)[0]
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + interrupts + soft + stolen) / ticksPerSecond;
}

// Runs `work`, and resolves with the shares of a core that each of the browser's threads had meanwhile, and
// that everything else had.
export async function shares(browser, work) {
  const client = await browser.newBrowserCDPSession();
  const { processInfo } = await client.send("SystemInfo.getProcessInfo");
  await client.detach();
  const [begin, before, busy] = [performance.now(), threadSeconds(processInfo), machineSeconds()];
  await work();
  const [after, busyNow] = [threadSeconds(processInfo), machineSeconds()];
  const passed = (performance.now() - begin) / 1000;
  const threads = Object.fromEntries(
    Object.entries(after).map(([name, seconds]) => [
      name,
      (seconds - (before[name] ?? 0)) / passed,
    ]),
  );
  const sum = Object.values(threads).reduce((all, share) => all + share, 0);
  return { threads, others: (busyNow - busy) / passed - sum };
}
