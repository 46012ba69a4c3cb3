/** REST: finds the route, checks who asks, how often and with what, and puts the answer in the venue's envelope. */
import type { HttpAnswer, HttpRequest, WireKey } from "../ports.ts";
import { authenticate } from "./auth.ts";
import { answerData, answerRefusal, refuse, TOO_MANY } from "./codes.ts";
import type { Refusal } from "./codes.ts";
import { queryFields } from "./fields.ts";
import type { Fields } from "./fields.ts";
import type { RateLimit } from "./limits.ts";
import type { OkxVenue } from "./okxVenue.ts";

export interface PublicRoute {
  readonly access: "public";
  readonly limit: RateLimit;
  /** Served while the venue is closed. */
  readonly always?: boolean;
  run(fields: Fields): readonly object[] | Refusal;
}

export interface PrivateRoute {
  readonly access: "private";
  /** Orders have limits of their own. */
  readonly limit: RateLimit | undefined;
  run(call: PrivateCall): readonly object[] | Refusal | HttpAnswer;
}

export interface PrivateCall {
  readonly key: WireKey;
  /** Of the query. */
  readonly fields: Fields;
  /** Parsed; undefined for GET. */
  readonly body: unknown;
  readonly expTime: string | undefined;
}

/** By method and path: `GET /api/v5/public/time`. */
export type Routes = ReadonlyMap<string, PublicRoute | PrivateRoute>;

export function createRest(venue: OkxVenue, routes: Routes): (request: HttpRequest) => HttpAnswer {
  const paths = new Set([...routes.keys()].map((name) => name.split(" ")[1]));
  return (request) => {
    const { faults } = venue;
    if (faults.isIn("ban")) return TOO_MANY;
    const route = routes.get(`${request.method} ${request.path}`);
    const isAlways = route?.access === "public" && route.always === true;
    if (faults.isIn("maintenance") && !isAlways) return answerRefusal(refuse("50001"));
    if (route === undefined) return answerRefusal(refuse(paths.has(request.path) ? "50115" : "404"));
    return route.access === "public"
      ? servePublic(venue, route, request)
      : servePrivate(venue, route, request);
  };
}

function servePublic(venue: OkxVenue, route: PublicRoute, { path, query }: HttpRequest): HttpAnswer {
  // By address at the venue: everyone here has the same.
  if (!venue.limits.take(path, route.limit)) return TOO_MANY;
  return answerOf(route.run(queryFields(query)));
}

function servePrivate(venue: OkxVenue, route: PrivateRoute, request: HttpRequest): HttpAnswer {
  const key = authenticate(venue.core, request);
  if ("code" in key) return answerRefusal(key);
  const { path, query, headers } = request;
  if (route.limit !== undefined && !venue.limits.take(`${path} ${key.account}`, route.limit)) return TOO_MANY;
  const body = request.method === "POST" ? bodyOf(request) : { value: undefined };
  if ("code" in body) return answerRefusal(body);
  return answerOf(
    route.run({ key, fields: queryFields(query), body: body.value, expTime: headers["exptime"] }),
  );
}

function answerOf(outcome: readonly object[] | Refusal | HttpAnswer): HttpAnswer {
  if ("status" in outcome) return outcome;
  return "code" in outcome ? answerRefusal(outcome) : answerData(outcome);
}

function bodyOf({ body }: HttpRequest): { readonly value: unknown } | Refusal {
  if (body.trim() === "") return refuse("50000");
  try {
    return { value: JSON.parse(body) as unknown };
  } catch {
    return refuse("50002");
  }
}
