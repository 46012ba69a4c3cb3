/** Properties draw the same cases on every run, so that a red run is a change; FC_SEED draws others. */
import fc from "fast-check";

const FIXED_SEED = 20_261_122;

fc.configureGlobal({ seed: Number(process.env.FC_SEED ?? FIXED_SEED) });
