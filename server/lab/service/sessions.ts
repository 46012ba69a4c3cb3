/**
 * Who is connected to the lab. One session at a time trades for the desk: a later one replaces it. Its events wait
 * for `flush`, which comes after the accounts are safe in the store. Without a session the venues go on: orders
 * rest and fill, and nobody hears of it.
 */
import { timingSafeEqual } from "node:crypto";
import type { EngineConfig } from "../../contract/config.ts";
import type { OrderEffect } from "../../contract/effects.ts";
import type { EngineEvent } from "../../contract/events.ts";
import { deskNames, LAB_PROTOCOL, LabClientFrame } from "../../contract/labWire.ts";
import type { LabCommand, LabOutcome } from "../../contract/labControl.ts";
import type { FillsCursor, LabEvent, LabServerFrame, TruthPage } from "../../contract/labWire.ts";
import type { ConnectionHandlers, FrameConnection } from "../../host/framedSocket.ts";
import type { Log } from "../../host/log.ts";
import { Questions } from "./questions.ts";

interface SessionsOptions {
  readonly config: EngineConfig;
  readonly token: string;
  readonly log: Log;
  readonly truth: (account: string, from: FillsCursor | undefined) => TruthPage | undefined;
  /** Absent: no desk trades in a session here. */
  readonly trading: TradingDesk | undefined;
  /** Absent: nothing can be ordered up here. */
  readonly control: ((command: LabCommand) => LabOutcome) | undefined;
}

/** What a desk that trades in a session has behind it. */
export interface TradingDesk {
  /** Sends on its way what a desk asked at `sentAtUs` by its own clock; returns the lab's instant of it. */
  readonly request: (effect: OrderEffect, sentAtUs: number) => number;
  /** A desk has connected: every book is to be sent anew. */
  readonly onDesk: () => void;
  readonly marketEnded: () => boolean;
}

const NO_CONTROL = "the venues of this lab are not on the wire: nothing can be ordered up";

type RefusalCode = Extract<LabServerFrame, { type: "refused" }>["code"];

interface Desk {
  readonly connection: FrameConnection;
  readonly questions: Questions;
  events: LabEvent[];
}

export class Sessions {
  readonly #options: SessionsOptions;
  readonly #welcomed = new Set<FrameConnection>();
  #desk: Desk | undefined;

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  accept(connection: FrameConnection): ConnectionHandlers {
    return {
      frame: (raw) => this.#hear(connection, raw),
      close: ({ code, text }) => {
        this.#welcomed.delete(connection);
        if (this.#desk?.connection !== connection) return;
        this.#desk = undefined;
        this.#options.log.info("the desk is gone: its orders go on resting", { code, text });
      },
    };
  }

  get hasDesk(): boolean {
    return this.#desk !== undefined;
  }

  deliver({ atUs: _, ...event }: EngineEvent): void {
    if (this.#desk === undefined) return;
    const told = this.#desk.questions.answered(event as LabEvent);
    if (told !== undefined) this.#desk.events.push(told);
  }

  tellMarketEnd(): void {
    this.#desk?.connection.send({ type: "marketEnded" } satisfies LabServerFrame);
  }

  flush(): void {
    const desk = this.#desk;
    if (desk === undefined || desk.events.length === 0) return;
    const { events } = desk;
    desk.events = [];
    desk.connection.send({ type: "events", events } satisfies LabServerFrame);
  }

  #hear(connection: FrameConnection, raw: unknown): void {
    const frame = LabClientFrame.safeParse(raw).data;
    if (frame === undefined) return this.#refuse(connection, "FRAME", "that is no frame of this protocol");
    if (frame.type === "hello") return this.#welcome(connection, frame);
    if (!this.#welcomed.has(connection)) return this.#refuse(connection, "TOKEN", "say hello first");
    switch (frame.type) {
      case "request":
        return this.#request(connection, frame);
      case "truth": {
        const page = this.#options.truth(frame.account, frame.from);
        if (page === undefined) return this.#refuse(connection, "FRAME", `no account ${frame.account}`);
        connection.send({ type: "truth", id: frame.id, page } satisfies LabServerFrame);
        return;
      }
      case "control": {
        const { control } = this.#options;
        const outcome = control?.(frame.command) ?? { ok: false, text: NO_CONTROL };
        connection.send({ type: "controlled", id: frame.id, outcome } satisfies LabServerFrame);
      }
    }
  }

  #welcome(connection: FrameConnection, hello: Extract<LabClientFrame, { type: "hello" }>): void {
    const { config, token, log, trading } = this.#options;
    if (hello.protocol !== LAB_PROTOCOL)
      return this.#refuse(connection, "PROTOCOL", `this lab speaks version ${LAB_PROTOCOL}`);
    if (!equalSecrets(hello.token, token)) return this.#refuse(connection, "TOKEN", "that is not the token");
    const { desk } = hello;
    if (desk !== undefined && JSON.stringify(desk) !== JSON.stringify(deskNames(config)))
      return this.#refuse(connection, "OTHER_DESK", "this lab runs other accounts or instruments");
    if (desk !== undefined && trading === undefined)
      return this.#refuse(connection, "OTHER_DESK", "the venues of this lab are on the wire: trade there");
    this.#welcomed.add(connection);
    connection.send({ type: "welcome" } satisfies LabServerFrame);
    if (desk === undefined || trading === undefined) return;
    if (this.#desk !== undefined && this.#desk.connection !== connection)
      this.#refuse(this.#desk.connection, "REPLACED", "another session trades for this desk now");
    const events = config.accounts.map((_, account): LabEvent => ({
      type: "account",
      account,
      status: "up",
    }));
    this.#desk = { connection, questions: new Questions(), events };
    log.info("a desk is connected");
    if (trading.marketEnded()) this.tellMarketEnd();
    trading.onDesk();
  }

  #request(
    connection: FrameConnection,
    { effect, sentAtUs }: Extract<LabClientFrame, { type: "request" }>,
  ): void {
    const { config, trading } = this.#options;
    if (trading === undefined || this.#desk?.connection !== connection)
      return this.#refuse(connection, "FRAME", "this session does not trade");
    const isKnown =
      effect.account < config.accounts.length &&
      (!("instrument" in effect) ||
        effect.instrument === undefined ||
        config.instruments[effect.instrument]?.account === config.accounts[effect.account]?.account);
    if (!isKnown) return this.#refuse(connection, "FRAME", "there is no such account or instrument");
    const askedAtUs = trading.request(effect, sentAtUs);
    if (effect.type === "query") this.#desk.questions.asked(effect, askedAtUs, sentAtUs);
  }

  #refuse(connection: FrameConnection, code: RefusalCode, text: string): void {
    connection.send({ type: "refused", code, text } satisfies LabServerFrame);
    connection.close(text);
    this.#welcomed.delete(connection);
    if (this.#desk?.connection === connection) this.#desk = undefined;
    this.#options.log.warn("a session was ended", { code, text });
  }
}

function equalSecrets(said: string, secret: string): boolean {
  const [a, b] = [Buffer.from(said), Buffer.from(secret)];
  return a.length === b.length && timingSafeEqual(a, b);
}
