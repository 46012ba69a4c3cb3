/**
 * A desk as the web process sees it: real lab, engine and recorder in this process, a real database, and the
 * API called with requests as a browser sends them.
 */
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import superjson from "superjson";
import { API_PATH, handleApi } from "../../server/api/handler.ts";
import { createServices, type Services } from "../../server/api/services.ts";
import { EngineConfig } from "../../server/contract/config.ts";
import { SESSION_KEY_HEADER } from "../../server/contract/session.ts";
import { deskChanges } from "../../server/core/params/resolve.ts";
import { startEngine, type RunningEngine } from "../../server/engine/service/start.ts";
import { createClock } from "../../server/host/clock.ts";
import { readDeskFile, writeDeskFile } from "../../server/host/deskHome.ts";
import type { Log } from "../../server/host/log.ts";
import { demoMarket } from "../../server/lab/drivers/demo.ts";
import { startLab, type Lab } from "../../server/lab/service/lab.ts";
import { LATENCY_PRESETS } from "../../server/lab/world/latency.ts";
import { startRecorder, type Recorder } from "../../server/recorder/recorder.ts";
import { createLabVenue } from "../../server/venues/lab/venue.ts";

export const HOST = "127.0.0.1:4100";
export const ORIGIN = `http://${HOST}`;

/** Twenty seconds of returns before the first quote, in four. */
const SPEED = 5;

export class TestLog implements Log {
  readonly errors: unknown[] = [];
  info = (): void => undefined;
  warn = (): void => undefined;
  error = (text: string, fields?: object): void => void this.errors.push({ text, ...fields });
}

/** What the API answered: data, or the code and words of its refusal. */
export interface Answer {
  readonly status: number;
  readonly data: unknown;
  readonly code: string | undefined;
  readonly message: string | undefined;
  readonly headers: Headers;
}

export class ApiDesk {
  readonly home: string;
  readonly log = new TestLog();
  readonly url: string;
  services: Services;
  nowMs: () => number = () => new Date().getTime();
  lab: Lab | undefined;
  engine: RunningEngine | undefined;
  recorder: Recorder | undefined;
  readonly #ownsHome: boolean;
  #session: Record<string, string> = {};

  /** In the home of a desk that runs already, or in one of its own. */
  constructor(databaseUrl: string, runningHome?: string) {
    this.url = databaseUrl;
    this.#ownsHome = runningHome === undefined;
    this.home = runningHome ?? mkdtempSync(join(tmpdir(), "crossdesk-api-"));
    if (runningHome === undefined) this.#writeDesk();
    this.services = this.#open();
  }

  #writeDesk(): void {
    const demo = demoMarket(1);
    writeDeskFile(this.home, {
      format: 1,
      profile: "demo",
      config: EngineConfig.parse({
        ...demo.config,
        deskCode: "api",
        epoch: 1,
        parameters: deskChanges({ capital: 1_000_000, orderNotionalPct: 0.5 }),
      }),
      clock: { originUs: 1_704_067_200_000_000, wallOriginUs: createClock().nowUs(), speed: SPEED },
      lab: { market: "agents", seed: 1 },
      latency: LATENCY_PRESETS.zero,
      deposits: [...demo.deposits],
      armAtStart: false,
      assumptions: [],
    });
  }

  #open(): Services {
    return createServices(this.home, this.url, this.log, () => this.nowMs());
  }

  /** As when the web process is started anew. */
  async restartWeb(): Promise<void> {
    await this.#closeServices();
    this.services = this.#open();
  }

  async startEngine(): Promise<void> {
    const desk = readDeskFile(this.home);
    const clock = createClock(desk.clock);
    this.lab ??= await startLab({ home: this.home, clock, log: this.log });
    const venue = createLabVenue({ home: this.home, config: desk.config, clock, log: this.log });
    this.engine = await startEngine({ home: this.home, venue, clock, log: this.log });
    await until(() => this.services.link.connected);
  }

  async stopEngine(): Promise<void> {
    await this.engine?.stop("the test wants it");
    this.engine = undefined;
  }

  startRecorder(): void {
    const wallMs = (): number => new Date().getTime();
    this.recorder = startRecorder({ home: this.home, url: this.url, log: this.log, wallMs });
  }

  /** Armed, with orders of ours at a venue. */
  async quoting(): Promise<void> {
    await until(async () => (await this.mutate("killSwitch.arm", this.order())).code === undefined);
    await until(async () => ((await this.query("orders.open")).data as unknown[]).length > 0);
  }

  /** What every command has beside its own input. */
  order(more: object = {}): object {
    return { commandId: randomUUID(), reason: "a test", ...more };
  }

  /** A new session's two halves, as a browser shows them. */
  signIn(startedAtMs: number = this.nowMs()): Record<string, string> {
    const { nowMs } = this;
    this.nowMs = () => startedAtMs;
    const { setCookie, key } = this.services.sessions.start("ann");
    this.nowMs = nowMs;
    return { cookie: setCookie.split(";")[0] ?? "", [SESSION_KEY_HEADER]: key };
  }

  /** As the desk's own page asks. */
  browser(): Record<string, string> {
    const isIn = this.services.sessions.find(new Headers(this.#session)).status === "open";
    if (!isIn) this.#session = this.signIn();
    return { host: HOST, origin: ORIGIN, "sec-fetch-site": "same-origin", ...this.#session };
  }

  query(path: string, input?: unknown, headers = this.browser()): Promise<Answer> {
    const asked = input === undefined ? "" : `?input=${encodeURIComponent(superjson.stringify(input))}`;
    return this.#call(new Request(`${ORIGIN}${API_PATH}/${path}${asked}`, { headers }));
  }

  mutate(path: string, input?: unknown, headers = this.browser()): Promise<Answer> {
    const body = superjson.stringify(input);
    const all = { ...headers, "content-type": "application/json" };
    return this.#call(new Request(`${ORIGIN}${API_PATH}/${path}`, { method: "POST", headers: all, body }));
  }

  handle(request: Request): Promise<Response> {
    return handleApi(request, this.services);
  }

  async #call(request: Request): Promise<Answer> {
    const response = await this.handle(request);
    return readAnswer(response.status, response.headers, await response.text());
  }

  async close(): Promise<void> {
    await this.stopEngine();
    await this.recorder?.stop();
    await this.lab?.stop();
    await this.#closeServices();
    if (this.#ownsHome) rmSync(this.home, { recursive: true, force: true });
  }

  async #closeServices(): Promise<void> {
    this.services.link.close();
    await this.services.store.$disconnect();
  }
}

interface Envelope {
  readonly result?: { readonly data: Parameters<typeof superjson.deserialize>[0] };
  readonly error?: Parameters<typeof superjson.deserialize>[0];
}

function readAnswer(status: number, headers: Headers, text: string): Answer {
  const { result, error } = JSON.parse(text) as Envelope;
  if (result !== undefined)
    return { status, headers, data: superjson.deserialize(result.data), code: undefined, message: undefined };
  if (error === undefined) throw new Error(`no answer of tRPC: ${text}`);
  const { message, data } = superjson.deserialize<{ message: string; data: { code: string } }>(error);
  return { status, headers, data: undefined, code: data.code, message };
}

const POLL_MS = 20;

export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
}
