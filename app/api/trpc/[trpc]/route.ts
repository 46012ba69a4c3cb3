import { handleApi } from "../../../../server/api/handler.ts";
import { services } from "../../../../server/api/services.ts";

export const dynamic = "force-dynamic";

function handle(request: Request): Promise<Response> {
  return handleApi(request, services());
}

export { handle as GET, handle as POST };
