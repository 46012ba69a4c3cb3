/** A finished study as one HTML file that fetches nothing and needs no script. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Html, html } from "../report/html.ts";
import { cellText, isWords } from "./cells.ts";
import { chartSvg } from "./chart.ts";
import type { Chart, Check, Study, StudyResult, Table } from "./study.ts";

/** The browser is told too that nothing may be fetched. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

/** What the pictures add to the style of the reports. */
const STYLE = `
.picture { display: block; overflow-x: auto; }
.picture svg { max-width: 100%; height: auto; }
.panel + .panel { margin-top: 16px; }
.note { margin-top: 8px; }
th.words { text-align: left; }
`;

export async function studyPage(
  study: Pick<Study, "name" | "summary">,
  { command, result }: { readonly command: string; readonly result: StudyResult },
): Promise<string> {
  const css = readFileSync(join(import.meta.dirname, "../report/page.css"), "utf8");
  const pictures: Html[] = [];
  for (const chart of result.charts) pictures.push(chartPanel(chart, await chartSvg(chart)));
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <title>${study.name} · Crossdesk study</title>
        <style>
          ${new Html(css + STYLE)}
        </style>
      </head>
      <body>
        <header>
          <h1>${study.name}</h1>
          <p class="secondary">${study.summary}</p>
          <p><code>${command}</code></p>
        </header>
        <main>${checksPanel(result.checks)} ${pictures} ${result.tables.map(tablePanel)}</main>
      </body>
    </html> `;
  return page.text;
}

function checksPanel(checks: readonly Check[]): Html | undefined {
  if (checks.length === 0) return undefined;
  return html`<section class="panel">
    <h2>What was checked</h2>
    <table>
      <tbody>
        ${checks.map(
          ({ claim, holds }) =>
            html`<tr>
              <td class="words">${claim}</td>
              <td class="${holds ? "gain" : "loss"}">${holds ? "holds" : "does not hold"}</td>
            </tr> `,
        )}
      </tbody>
    </table>
  </section>`;
}

function chartPanel({ title, text }: Chart, svg: string): Html {
  return html`<section class="panel">
    <h2>${title}</h2>
    <div class="picture" role="img" aria-label="${text}">${new Html(svg)}</div>
    <p class="secondary note">${text}</p>
  </section> `;
}

function tablePanel({ title, note, columns, rows }: Table): Html {
  const kind = columns.map((_, at) => (isWords(rows, at) ? "words" : ""));
  return html`<section class="panel">
    <h2>${title}</h2>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            ${columns.map((column, at) => html`<th class="${kind[at]}" scope="col">${column.title}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) =>
              html`<tr>
                ${columns.map(
                  (column, at) => html`<td class="${kind[at]}">${cellText(row[at], column)}</td>`,
                )}
              </tr> `,
          )}
        </tbody>
      </table>
    </div>
    ${note === undefined ? "" : html`<p class="secondary note">${note}</p>`}
  </section> `;
}
