import type { CommandOutcome, EngineLink, Question, StateTopic } from "../../../server/contract/link.ts";
import type { Cursor, Line, LogTopic, NoticeLine, PnlView } from "../../../server/contract/lines.ts";
import type { DeskView } from "../../../server/contract/views.ts";
import { createToken, removeAddress, writeAddress } from "../../../server/host/addressFile.ts";
import { createLog } from "../../../server/host/log.ts";
import { connectLink } from "../../../server/link/client.ts";
import { appendLines, createLineRings, type LineRings } from "../../../server/link/lineRing.ts";
import { createLinkServer, type CommandInput, type LinkServer } from "../../../server/link/server.ts";
import { onTestFinished } from "vitest";
import { eventually } from "../../support/eventually.ts";

interface EngineEnd {
  readonly server: LinkServer;
  readonly port: number;
  readonly token: string;
  readonly commands: CommandInput[];
  /** What the log was told. */
  readonly logged: string[];
  /** As a clean stop does; the address goes, too. */
  stop(): Promise<void>;
}

interface EngineBehaviour {
  readonly epoch?: number;
  readonly onCommand?: (command: CommandInput) => Promise<CommandOutcome>;
  readonly onQuestion?: (question: Question) => unknown;
  readonly current?: (topic: StateTopic) => unknown;
}

/** The engine's end of a link over a real socket, with an address in the home. */
export async function startEngineEnd(home: string, behaviour: EngineBehaviour = {}): Promise<EngineEnd> {
  const token = createToken();
  const commands: CommandInput[] = [];
  const logged: string[] = [];
  const server = createLinkServer({
    token,
    welcome: { epoch: behaviour.epoch ?? 1, profile: "demo" },
    onCommand(command) {
      commands.push(command);
      return behaviour.onCommand?.(command) ?? Promise.resolve({ accepted: true, paramVersion: 1 });
    },
    onQuestion: (question) => behaviour.onQuestion?.(question),
    current: (topic) => behaviour.current?.(topic),
    log: createLog("engine", (line) => logged.push(line)),
  });
  const port = await server.listen();
  writeAddress(home, "engine", { port, token });
  const stop = async (): Promise<void> => {
    removeAddress(home, "engine", token);
    await server.close();
  };
  onTestFinished(stop);
  return { server, port, token, commands, logged, stop };
}

export function startLink(home: string): EngineLink {
  const link = connectLink({ home, client: "test", log: createLog("client", () => undefined) });
  onTestFinished(() => link.close());
  return link;
}

export function connected(link: EngineLink, wanted = true): Promise<void> {
  return eventually(() => {
    if (link.connected !== wanted) throw new Error(`the link is ${wanted ? "not connected" : "connected"}`);
  });
}

export function notice(seq: number, epoch = 1): NoticeLine {
  return {
    type: "notice",
    cursor: { epoch, seq, at: 0 },
    atUs: seq,
    code: "PARAMETERS",
    severity: "info",
    scope: "desk",
    text: `notice ${seq}`,
  };
}

export function notices(fromSeq: number, toSeq: number, epoch = 1): NoticeLine[] {
  return Array.from({ length: toSeq - fromSeq + 1 }, (_, at) => notice(fromSeq + at, epoch));
}

/** Everything that a follower was told, in order: sequence numbers, and resyncs. */
export function followed(link: EngineLink, topic: LogTopic, after: Cursor | undefined) {
  const seen: (number | { resync: Cursor | undefined })[] = [];
  const end = link.follow(topic, after, {
    lines: (lines: readonly Line[]) => seen.push(...lines.map(({ cursor }) => cursor.seq)),
    resync: (oldest) => seen.push({ resync: oldest }),
  });
  return { seen, end };
}

/** What an earlier run told, as a start hands it over. */
export function ringsOf(lines: readonly Line[], after: Cursor): LineRings {
  const rings = createLineRings(after);
  appendLines(rings, lines);
  return rings;
}

export function sequence(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, at) => from + at);
}

const NOTHING_EARNED: PnlView = {
  spreadCapture: 0,
  makerFees: 0,
  takerFees: 0,
  hedging: 0,
  reducing: 0,
  inventory: 0,
  currency: 0,
  total: 0,
};

export function deskView(change: Partial<DeskView> = {}): DeskView {
  return {
    atUs: 1_000,
    state: "ACTIVE",
    reportingAsset: "USD",
    paramVersion: 1,
    quotingVersion: undefined,
    netExposure: 0,
    grossExposure: 0,
    pnl: NOTHING_EARNED,
    day: undefined,
    accounts: [],
    markets: [],
    ...change,
  };
}
