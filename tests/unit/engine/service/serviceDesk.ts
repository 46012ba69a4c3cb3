/** A desk's home with engines that come and go, on exchanges that stay. Engine time runs faster than the wall's. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomUUID } from "node:crypto";
import { fixtureConfig } from "../../../../server/bench/deskFixture.ts";
import type { Command } from "../../../../server/contract/commands.ts";
import { EngineConfig } from "../../../../server/contract/config.ts";
import type { CommandOutcome, EngineLink } from "../../../../server/contract/link.ts";
import type { DeskView } from "../../../../server/contract/views.ts";
import { removeAddress } from "../../../../server/host/addressFile.ts";
import { createClock, type Clock } from "../../../../server/host/clock.ts";
import { writeDeskFile } from "../../../../server/host/deskHome.ts";
import { createLog } from "../../../../server/host/log.ts";
import { connectLink } from "../../../../server/link/client.ts";
import {
  startEngine,
  type EngineOptions,
  type RunningEngine,
} from "../../../../server/engine/service/start.ts";
import { Exchanges } from "./exchanges.ts";

/** Twenty seconds of returns before anything is quoted, in two. */
const SPEED = 10;

export class ServiceDesk {
  readonly home = mkdtempSync(join(tmpdir(), "crossdesk-engine-"));
  readonly config: EngineConfig;
  readonly clock: Clock;
  readonly exchanges: Exchanges;
  readonly logged: string[] = [];
  engine: RunningEngine | undefined;
  link: EngineLink | undefined;
  readonly #zombies: RunningEngine[] = [];
  #market: NodeJS.Timeout | undefined;

  constructor() {
    const raw = fixtureConfig({ venues: 2, symbols: 1 });
    this.config = EngineConfig.parse({
      ...raw,
      accounts: raw.accounts.map((account) => ({ ...account, requestExpiryMs: 1_000 })),
    });
    const wallOriginUs = createClock().nowUs();
    const clock = { originUs: 1_700_000_000_000_000, wallOriginUs, speed: SPEED };
    writeDeskFile(this.home, {
      format: 1,
      profile: "demo",
      config: this.config,
      clock,
      lab: { market: "agents", seed: 1 },
      latency: {},
      deposits: [],
      armAtStart: false,
      assumptions: [],
    });
    this.clock = createClock(clock);
    this.exchanges = new Exchanges(this.config, this.clock);
  }

  /** The market walks every half second of engine time. */
  openMarket(): void {
    this.#market = setInterval(() => this.exchanges.walk(), 500 / SPEED);
  }

  async start(machine: Pick<EngineOptions, "disk" | "time"> = {}): Promise<RunningEngine> {
    const log = createLog("engine", (line) => this.logged.push(line));
    this.engine = await startEngine({
      home: this.home,
      venue: this.exchanges.venue(),
      clock: this.clock,
      log,
      ...machine,
    });
    this.link ??= connectLink({ home: this.home, client: "test" });
    return this.engine;
  }

  /**
   * As a kill would leave it: nothing reaches the engine any more and nothing comes from it, and what it had
   * written is all that the next one finds. (A zombie goes on by itself in this process until the end.)
   */
  crash(): void {
    this.exchanges.cut();
    if (this.engine !== undefined) {
      this.#zombies.push(this.engine);
      removeAddress(this.home, "engine", this.engine.address.token);
    }
    this.engine = undefined;
    this.link?.close();
    this.link = undefined;
  }

  async command(command: Command, commandId: string = randomUUID()): Promise<CommandOutcome> {
    await this.until(() => this.link?.connected === true);
    if (this.link === undefined) throw new Error("the desk was not started");
    return this.link.command({ commandId, actor: "ann", reason: "a test", command });
  }

  async view(): Promise<DeskView> {
    await this.until(() => this.link?.connected === true);
    if (this.link === undefined) throw new Error("the desk was not started");
    return this.link.ask({ ask: "desk" });
  }

  async ready(): Promise<void> {
    await this.until(async () => (await this.view()).accounts.every(({ status }) => status === "READY"));
  }

  /** Armed, and quoting on both sides at every venue. */
  async quoting(): Promise<void> {
    await this.ready();
    await this.until(async () => (await this.command({ type: "arm", scope: { level: "desk" } })).accepted);
    await this.until(() => this.exchanges.openOrders() >= 4);
  }

  async until(condition: () => boolean | Promise<boolean>): Promise<void> {
    while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
  }

  async close(): Promise<void> {
    clearInterval(this.#market);
    this.link?.close();
    for (const zombie of this.#zombies) zombie.fail(new Error("it was killed"));
    await Promise.all(this.#zombies.map((zombie) => zombie.ended));
    this.exchanges.reachable = true;
    await this.engine?.stop("the test is over");
    rmSync(this.home, { recursive: true, force: true });
  }
}
