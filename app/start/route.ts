import { services } from "../../server/api/services.ts";
import { signIn } from "../../server/api/signIn.ts";

export const dynamic = "force-dynamic";

export function GET(request: Request): Response {
  return signIn(request, services());
}
