import type { ErrorRow, Verdict } from "../exchange.ts";

/** Of OKX's error codes those that an order, a cancel or a question can meet; `sCode` of one order and `code` alike. */
export const OKX_ERRORS: readonly ErrorRow[] = [
  ...rows({ kind: "unknown" }, "50004", "50013", "50026", "51149", "51410"),
  ...rows({ kind: "later", because: "rate" }, "50011", "50061", "60014"),
  ...rows({ kind: "later", because: "maintenance" }, "50001", "51767"),
  ...rows({ kind: "later", because: "clock" }, "50102", "50112", "60004", "60006"),
  // The socket has lost its login: the request went nowhere.
  ...rows({ kind: "later", because: "unreachable" }, "60011"),
  // Keys and permissions.
  ...rows({ kind: "halt" }, "50100", "50101", "50103", "50104", "50105", "50106", "50107", "50110", "50111"),
  ...rows({ kind: "halt" }, "50113", "50114", "50120", "60005", "60007", "60009", "60024", "60032"),
  // Accounts that are blocked.
  ...rows({ kind: "halt" }, "50007", "50008", "50009", "50027", "51009", "51024", "51732", "51733", "51734"),
  ...rows({ kind: "placed" }, "51011", "51016"),
  ...rows({ kind: "refused", reason: "EXPIRED_REQUEST" }, "50036"),
  ...rows({ kind: "refused", reason: "POST_ONLY_WOULD_TAKE" }, "51511"),
  ...rows({ kind: "refused", reason: "INSUFFICIENT_FUNDS" }, "51008", "51119", "51127", "51131", "51502"),
  ...rows(
    { kind: "refused", reason: "UNKNOWN_ORDER" },
    "51400",
    "51401",
    "51402",
    "51503",
    "51509",
    "51510",
    "51603",
  ),
  ...rows(
    { kind: "refused", reason: "FILTER" },
    "51004",
    "51005",
    "51006",
    "51020",
    "51100",
    "51116",
    "51118",
  ),
  ...rows(
    { kind: "refused", reason: "FILTER" },
    "51120",
    "51121",
    "51122",
    "51135",
    "51136",
    "51137",
    "51138",
  ),
  ...rows({ kind: "refused", reason: "FILTER" }, "51150", "51185", "51203"),
  ...rows(
    { kind: "refused", reason: "HALTED" },
    "51001",
    "51015",
    "51021",
    "51022",
    "51027",
    "51028",
    "51087",
  ),
  ...rows({ kind: "refused", reason: "NO_LIQUIDITY" }, "51109"),
  ...rows(
    { kind: "refused", reason: "OTHER" },
    "50000",
    "50002",
    "50014",
    "50015",
    "50016",
    "51000",
    "51003",
  ),
  ...rows(
    { kind: "refused", reason: "OTHER" },
    "51025",
    "51174",
    "51407",
    "51500",
    "51506",
    "51508",
    "60012",
  ),
];

function rows(verdict: Verdict, ...codes: readonly string[]): ErrorRow[] {
  return codes.map((code) => ({ code, verdict }));
}
