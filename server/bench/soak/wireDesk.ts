/** The part of a desk that trades over the wire, alone: its lab and its engine as processes, without pages and database. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { DeskFile } from "../../contract/deskFile.ts";
import { readAddress } from "../../host/addressFile.ts";
import { ensureHome, repositoryRoot, writeDeskFile } from "../../host/deskHome.ts";
import { storeKey } from "../../host/keyVault.ts";
import { readKeys } from "../../lab/service/keys.ts";

const UP_WITHIN_MS = 30_000;
const POLL_MS = 50;
/** An engine cancels, waits out what is on the wire and asks again. */
const END_WITHIN_MS = 20_000;

const PARTS = ["lab", "engine"] as const;
type Part = (typeof PARTS)[number];

interface Running {
  readonly process: ChildProcess;
  /** It has been told to end. */
  isEnding: boolean;
}

export class WireDesk {
  readonly home: string;
  readonly #onFinding: (text: string) => void;
  readonly #running = new Map<Part, Running>();

  /** Throws when it does not come up; nothing runs then. */
  static async start(home: string, desk: DeskFile, onFinding: (text: string) => void): Promise<WireDesk> {
    ensureHome(home);
    writeDeskFile(home, desk);
    const wireDesk = new WireDesk(home, onFinding);
    try {
      await wireDesk.comeUp();
    } catch (error) {
      await wireDesk.stop();
      throw error;
    }
    return wireDesk;
  }

  private constructor(home: string, onFinding: (text: string) => void) {
    this.home = home;
    this.#onFinding = onFinding;
  }

  get pids(): readonly number[] {
    return [...this.#running.values()].flatMap(({ process: { pid } }) => pid ?? []);
  }

  /** Starts what does not run. */
  async comeUp(): Promise<void> {
    for (const part of PARTS) {
      if (this.#running.has(part)) continue;
      if (part === "engine") this.#takeKeys();
      const { pid } = this.#spawn(part);
      const endMs = performance.now() + UP_WITHIN_MS;
      while (readAddress(this.home, part)?.pid !== pid) {
        if (performance.now() > endMs || !this.#running.has(part))
          throw new Error(`the ${part} does not start: its log is in ${this.home}/log`);
        await sleep(POLL_MS);
      }
    }
  }

  /** Without a word, both at once. */
  async kill(): Promise<void> {
    const killed = [...this.#running.values()];
    for (const running of killed) running.isEnding = true;
    const ended = killed.map((running) => once(running.process, "exit"));
    for (const running of killed) running.process.kill("SIGKILL");
    await Promise.all(ended);
  }

  /** The engine first, so that it still finds its venues. */
  async stop(): Promise<void> {
    for (const part of PARTS.toReversed()) {
      const running = this.#running.get(part);
      if (running === undefined) continue;
      running.isEnding = true;
      const ended = once(running.process, "exit");
      running.process.kill("SIGTERM");
      const force = setTimeout(() => running.process.kill("SIGKILL"), END_WITHIN_MS);
      const [code] = (await ended) as [number | null];
      clearTimeout(force);
      if (code !== 0) this.#onFinding(`the ${part} was told to stop: ${String(code)}`);
    }
  }

  /** As the supervisor does. */
  #takeKeys(): void {
    for (const { account, holder, apiKey, secret, passphrase } of readKeys(this.home))
      storeKey(this.home, { account, holder }, { apiKey, secret, passphrase }, Date.now());
  }

  #spawn(part: Part): ChildProcess {
    const folder = join(this.home, "log");
    mkdirSync(folder, { recursive: true });
    const output = openSync(join(folder, `${part}.log`), "a");
    const child = spawn(process.execPath, ["--enable-source-maps", `dist/${part}.mjs`, "--home", this.home], {
      cwd: repositoryRoot(),
      stdio: ["ignore", output, output],
    });
    closeSync(output);
    const running: Running = { process: child, isEnding: false };
    this.#running.set(part, running);
    child.once("exit", (code, signal) => {
      this.#running.delete(part);
      if (!running.isEnding) this.#onFinding(`the ${part} died by itself: ${String(code ?? signal)}`);
    });
    return child;
  }
}
