/**
 * Suite `web`: what a browser sees of the engine and when, what its page weighs, and what the engine feels of
 * ten of them. Rounds without and with clients follow each other, so that both see the same machine.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Suite } from "./measure.ts";
import { untilQuoting, withDesk, type RunningDesk } from "./runningDesk.ts";
import { openBrowser, type DeskBrowser } from "./web/browser.ts";
import { tenSymbolDesk } from "./web/deskFile.ts";
import { measureFirstLoad } from "./web/firstLoad.ts";
import { paintDistributions, type Paint } from "./web/paints.ts";
import {
  allTopics,
  openProtocolClient,
  signIn,
  type ProtocolClient,
  type SessionHeaders,
} from "./web/protocolClient.ts";
import { median, watchSteps, type StepWindow } from "./web/steps.ts";
import { measureTweaks } from "./web/tweaks.ts";

const ROUNDS = 5;
const ALONE_MS = 15_000;
/** At 10 Hz a thousand and some over all rounds, in 21 s each; a machine that paints less often gets more time. */
const PAINTS_PER_ROUND = 210;
const WITH_CLIENTS_MS_MAX = 60_000;
/** After clients have come or gone: the page has been compiled and filled, the last second's steps are the new ones. */
const SETTLE_MS = 5_000;

const PROTOCOL_CLIENTS = 9;

interface Round {
  readonly alone: StepWindow;
  readonly withClients: StepWindow;
  readonly paints: readonly Paint[];
  readonly eventsPerClientSecond: number;
}

export async function benchWeb(onProgress: (done: string) => void): Promise<Suite> {
  const browser = await openBrowser();
  try {
    return await withDesk(tenSymbolDesk(), onProgress, (desk) => measure(desk, browser, onProgress));
  } finally {
    await browser.close();
  }
}

async function measure(
  desk: RunningDesk,
  browser: DeskBrowser,
  onProgress: (done: string) => void,
): Promise<Suite> {
  const session = await signIn(desk.signInUrl());
  onProgress("first-load-script");
  const firstLoad = await measureFirstLoad(desk.origin);
  onProgress("waiting until the desk quotes");
  await untilQuoting(desk.link);
  const rounds: Round[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    onProgress(`event-to-paint and steps, round ${round} of ${ROUNDS}`);
    rounds.push(await measureRound(desk, browser, session));
  }
  await untilQuoting(desk.link);
  onProgress("tweak-to-quotes");
  const tweaksMs = await measureTweaks(desk.link);
  const medianOf = (of: (round: Round) => number): number => Math.round(median(rounds.map(of)) * 100) / 100;
  return {
    results: [
      ...paintDistributions(rounds.map(({ paints }) => paints)),
      { name: "tweak-to-quotes", unit: "ms at most", value: Math.round(Math.max(...tweaksMs)) },
      { name: "first-load-script", unit: "kB", value: Math.round(firstLoad.pageBytes / 100) / 10 },
      { name: "first-load-charts", unit: "kB", value: Math.round(firstLoad.chartsBytes / 100) / 10 },
      { name: "step-p99-alone", unit: "µs", value: medianOf(({ alone }) => alone.stepP99Us) },
      { name: "step-p99-clients", unit: "µs", value: medianOf(({ withClients }) => withClients.stepP99Us) },
      {
        name: "step-p99-ratio",
        unit: "×",
        value: medianOf(({ alone, withClients }) => withClients.stepP99Us / alone.stepP99Us),
      },
      {
        name: "engine-events",
        unit: "events/s",
        value: medianOf(({ withClients }) => withClients.eventsPerSecond),
      },
      {
        name: "stream-events",
        unit: "events/s per client",
        value: medianOf((round) => round.eventsPerClientSecond),
      },
    ],
    budgets: [
      { name: "event-to-paint", field: "p95", atMost: 150 },
      { name: "tweak-to-quotes", field: "value", atMost: 1_000 },
      { name: "first-load-script", field: "value", atMost: 220 },
      { name: "step-p99-ratio", field: "value", atMost: 1.5 },
    ],
  };
}

async function measureRound(
  desk: RunningDesk,
  browser: DeskBrowser,
  session: SessionHeaders,
): Promise<Round> {
  const { link, origin } = desk;
  await browser.leave();
  await sleep(SETTLE_MS);
  const aloneUntilMs = performance.now() + ALONE_MS;
  const alone = await watchSteps(link, () => performance.now() >= aloneUntilMs);

  // What a tab of somebody who looks at one market has open.
  const { markets } = await link.ask({ ask: "shape" });
  const clients = await Promise.all(
    Array.from({ length: PROTOCOL_CLIENTS }, (_, at) =>
      openProtocolClient({
        origin,
        session,
        topics: allTopics({ markets: markets.slice(at % markets.length).slice(0, 1) }),
      }),
    ),
  );
  try {
    // Each is sent what the logs keep: nine at one instant are no state that a desk is in.
    await sleep(SETTLE_MS);
    await browser.open(desk.signInUrl());
    await sleep(SETTLE_MS);
    await browser.takePaints();
    const paints: Paint[] = [];
    const eventsBefore = totalEvents(clients);
    const startedMs = performance.now();
    const withClients = await watchSteps(link, async () => {
      paints.push(...(await browser.takePaints()));
      return paints.length > PAINTS_PER_ROUND || performance.now() - startedMs > WITH_CLIENTS_MS_MAX;
    });
    const seconds = (performance.now() - startedMs) / 1e3;
    const eventsPerClientSecond = (totalEvents(clients) - eventsBefore) / PROTOCOL_CLIENTS / seconds;
    return { alone, withClients, paints, eventsPerClientSecond };
  } finally {
    for (const client of clients) client.close();
  }
}

function totalEvents(clients: readonly ProtocolClient[]): number {
  return clients.reduce((sum, { events }) => sum + events, 0);
}
