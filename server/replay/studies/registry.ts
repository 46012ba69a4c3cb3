/** Every study there is: one line here and one file make one. */
import { avellanedaStoikov2008 } from "./avellanedaStoikov2008.ts";
import { compare } from "./compare/compare.ts";
import { estimators } from "./estimators/estimators.ts";
import { glft2013 } from "./glft2013.ts";
import { market } from "./market/market.ts";
import { policies } from "./policies/policies.ts";
import type { Study } from "./study.ts";

export const STUDIES: readonly Study[] = [
  avellanedaStoikov2008,
  glft2013,
  estimators,
  market,
  compare,
  policies,
];
