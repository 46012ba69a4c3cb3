/** How soon the quotes follow a person's change of a parameter, by what the engine says of them. */
import { randomUUID } from "node:crypto";
import { UserError } from "../../contract/errors.ts";
import type { EngineLink } from "../../contract/link.ts";
import type { ParameterChange } from "../../contract/params.ts";

const TWEAKS = 30;
/** A desk that does not quote would be waited for for ever. */
const FOLLOWED_WITHIN_MS = 30_000;

type TweakedLink = Pick<EngineLink, "ask" | "command" | "watch">;

/**
 * Milliseconds from each command to the first view in which every quote in force was decided under it. Rejects with
 * a UserError when the engine refuses, or quotes do not follow.
 */
export async function measureTweaks(link: TweakedLink): Promise<readonly number[]> {
  const { markets } = await link.ask({ ask: "desk" });
  const gamma = markets.find(({ model }) => model?.gammaPerQuote !== undefined)?.model?.gammaPerQuote;
  if (gamma === undefined) throw new UserError("no market has a risk aversion to change: try again later");
  const { version } = await link.ask({ ask: "parameters" });
  const quoting = watchQuotingVersion(link);
  try {
    const tookMs: number[] = [];
    for (let tweak = 0, expectedVersion = version; tweak < TWEAKS; tweak++) {
      const startedMs = performance.now();
      const outcome = await link.command({
        commandId: randomUUID(),
        actor: "bench",
        reason: "to be measured",
        command: { type: "setParameters", expectedVersion, changes: changesOf(tweak, gamma) },
      });
      if (!outcome.accepted) throw new UserError(`${outcome.code}: ${outcome.text}`);
      expectedVersion = outcome.paramVersion;
      await quoting.reaches(expectedVersion);
      tookMs.push(performance.now() - startedMs);
    }
    return tookMs;
  } finally {
    quoting.end();
  }
}

/** Spread multiplier, spread add-on and γ in turn, each to one of two values that quotes are possible with. */
function changesOf(tweak: number, gamma: number): ParameterChange[] {
  const scope = { level: "desk" } as const;
  const isUp = Math.floor(tweak / 3) % 2 === 0;
  switch (tweak % 3) {
    case 0:
      return [{ scope, name: "spreadMultiplier", value: isUp ? 1.2 : 1 }];
    case 1:
      return [{ scope, name: "spreadAddBps", value: isUp ? 1 : 0 }];
    default:
      return [
        { scope, name: "riskAversionSource", value: "direct" },
        { scope, name: "riskAversionPerQuote", value: isUp ? gamma / 2 : gamma },
      ];
  }
}

function watchQuotingVersion(link: TweakedLink) {
  let quotingVersion: number | undefined;
  let onChange = (): void => undefined;
  const unwatch = link.watch("desk", (desk) => {
    quotingVersion = desk.quotingVersion;
    onChange();
  });
  return {
    reaches: (version: number) =>
      new Promise<void>((resolve, reject) => {
        const late = (): void => reject(new UserError(`no quotes with v${version}: try again later`));
        const timer = setTimeout(late, FOLLOWED_WITHIN_MS);
        onChange = () => {
          if (quotingVersion === undefined || quotingVersion < version) return;
          clearTimeout(timer);
          resolve();
        };
        onChange();
      }),
    end: unwatch,
  };
}
