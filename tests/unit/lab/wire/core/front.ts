/** A front-end that only listens, in words. */
import type { FrontEndFactory } from "../../../../../server/lab/wire/ports.ts";
import { wireVenue } from "../../../../support/wireVenue.ts";
import type { WireVenueOptions } from "../../../../support/wireVenue.ts";
import { brief, briefPublic } from "../../exchange/venue.ts";
import type { Side } from "../../../../../server/contract/units.ts";
import type { PlaceRequest } from "../../../../../server/lab/ports.ts";

export function listeningVenue(options: Partial<WireVenueOptions> = {}) {
  const heard: string[] = [];
  const front: FrontEndFactory = (core) => ({
    http: () => ({ status: 404, body: "" }),
    connect: () => undefined,
    public: (event) => void heard.push(...briefPublic([event])),
    private: (account, report) => {
      const order = core.order(account, { clientId: report.clientId });
      heard.push(`${brief([report]).join()} [${order?.status} ${order?.filledLots}]`);
    },
    moved: (account, asset) => void heard.push(`moved ${account} ${asset}`),
    listed: (instrument) => void heard.push(`listed ${instrument}`),
    tick: () => undefined,
    fault: () => undefined,
  });
  const venue = wireVenue({ venue: "v", front, ...options });
  heard.length = 0;
  return { ...venue, heard };
}

export function order(
  clientId: string,
  side: Side,
  priceTicks: number,
  sizeLots: number,
  terms: Partial<PlaceRequest> = {},
): PlaceRequest {
  return {
    clientId,
    instrument: 0,
    side,
    priceTicks,
    sizeLots,
    timeInForce: "GTC",
    selfTrade: "NONE",
    requestExpiresAtUs: Number.MAX_SAFE_INTEGER,
    ...terms,
  } as PlaceRequest;
}
