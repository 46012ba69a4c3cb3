/** The lab's venues as the engine sees them: one connection that comes back by itself, and no decision of its own. */
import type { EngineConfig } from "../../contract/config.ts";
import type { OrderEffect } from "../../contract/effects.ts";
import { deskNames, LAB_PROTOCOL } from "../../contract/labWire.ts";
import type { LabClientFrame, LabEvent, LabServerFrame } from "../../contract/labWire.ts";
import { readAddress } from "../../host/addressFile.ts";
import type { Address } from "../../host/addressFile.ts";
import type { Clock } from "../../host/clock.ts";
import { frameClient } from "../../host/frameClient.ts";
import type { FrameClient } from "../../host/frameClient.ts";
import type { FrameConnection } from "../../host/framedSocket.ts";
import type { Log } from "../../host/log.ts";
import { isMarketData } from "../marketData.ts";
import type { Venue, VenueSink } from "../venue.ts";
import { BookMirror } from "./bookMirror.ts";

interface LabVenueOptions {
  /** The desk's home, where the lab has written its address. */
  readonly home: string;
  readonly config: EngineConfig;
  /** The engine's own: expiries and questions carry its time. */
  readonly clock: Clock;
  readonly log: Log;
}

export function createLabVenue(options: LabVenueOptions): Venue {
  return new LabVenue(options);
}

class LabVenue implements Venue {
  readonly #options: LabVenueOptions;
  readonly #mirrors: readonly BookMirror[];
  #sink: VenueSink | undefined;
  #client: FrameClient | undefined;
  #address: Address | undefined;
  #isWelcome = false;
  #lastRefusal: string | undefined;

  constructor(options: LabVenueOptions) {
    const { config, clock } = options;
    this.#options = options;
    this.#mirrors = config.instruments.map(
      (_, instrument) => new BookMirror({ instrument, clock, pass: (event) => this.#sink?.event(event) }),
    );
  }

  open(sink: VenueSink): void {
    if (this.#sink !== undefined) throw new Error("invariant: the venue is open already");
    this.#sink = sink;
    this.#tellConnection(false);
    const client = frameClient({
      address: () => (this.#address = readAddress(this.#options.home, "lab")),
      onOpen: (connection) => this.#sayHello(connection),
      onFrame: (frame, connection) => this.#hear(frame as LabServerFrame, connection),
      onClose: ({ code, text }) => {
        // Closed here: nobody has to hear of it, least of all who has opened it again.
        if (this.#client === client) this.#lose(`${code}: ${text}`);
      },
    });
    this.#client = client;
  }

  send(effect: OrderEffect): void {
    const frame: LabClientFrame = { type: "request", sentAtUs: this.#options.clock.nowUs(), effect };
    if (this.#isWelcome && this.#client?.send(frame)) return;
    switch (effect.type) {
      case "place":
      case "amend":
      case "cancel": {
        const { account, clientId, type } = effect;
        this.#sink?.event({ type: "orderUnknown", account, clientId, request: type });
        return;
      }
      // The engine asks again, and cancels again.
      case "cancelAll":
      case "query":
    }
  }

  consumed(instrument: number): void {
    this.#mirrors[instrument]?.consumed();
  }

  /** Nothing is told from here on. */
  close(): Promise<void> {
    this.#sink = undefined;
    this.#client?.close();
    this.#client = undefined;
    this.#isWelcome = false;
    return Promise.resolve();
  }

  #sayHello(connection: FrameConnection): void {
    const desk = deskNames(this.#options.config);
    const { token = "" } = this.#address ?? {};
    connection.send({ type: "hello", protocol: LAB_PROTOCOL, token, desk } satisfies LabClientFrame);
  }

  #hear(frame: LabServerFrame, connection: FrameConnection): void {
    switch (frame.type) {
      case "welcome":
        this.#isWelcome = true;
        this.#lastRefusal = undefined;
        this.#options.log.info("connected to the lab");
        return this.#tellConnection(true);
      case "refused": {
        const refusal = `${frame.code}: ${frame.text}`;
        // It is tried again for as long as the desk runs: said once.
        if (refusal !== this.#lastRefusal) this.#options.log.error("the lab refuses this desk", { refusal });
        this.#lastRefusal = refusal;
        connection.close(refusal);
        // Coming back would throw the other engine out, and it us, without end.
        if (frame.code === "REPLACED") this.#client?.close();
        return;
      }
      case "events":
        for (const event of frame.events) this.#pass(event);
        return;
      case "marketEnded":
        return this.#sink?.marketEnded();
      case "truth":
      case "controlled":
        return;
    }
  }

  #pass(event: LabEvent): void {
    // New terms take the short way: the book that follows is a snapshot.
    if (isMarketData(event) && event.type !== "instrument") this.#mirrors[event.instrument]?.hear(event);
    else this.#sink?.event(event);
  }

  #lose(why: string): void {
    if (!this.#isWelcome) return;
    this.#isWelcome = false;
    this.#options.log.warn("the lab is away", { why });
    for (const account of this.#options.config.accounts.keys())
      this.#sink?.event({ type: "account", account, status: "down" });
    for (const mirror of this.#mirrors) mirror.lose("down");
    this.#tellConnection(false);
  }

  #tellConnection(connected: boolean): void {
    for (const account of this.#options.config.accounts.keys()) this.#sink?.connection(account, connected);
  }
}
