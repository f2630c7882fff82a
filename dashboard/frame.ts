import * as WORDS from './words.ts';

export type FrameParts = {
  readonly policy: string;
  readonly first: string;
  readonly style: string;
  readonly main: string;
  readonly snapshot: string;
  readonly history: string;
};

/** The file around everything: one HTML document that asks for nothing else. */
export function frame({ policy, first, style, main, snapshot, history }: FrameParts): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${WORDS.product}</title>
<link rel="icon" href="data:,">
<script>${first}</script>
<style>${style}</style>
</head>
<body>
<div id="page"></div>
<noscript><main class="plain card"><h1>${WORDS.noScriptHeadline}</h1><p>${WORDS.noScriptDetail}</p></main></noscript>
<script type="application/json" id="snapshot">${snapshot}</script>
<script type="application/json" id="history">${history}</script>
<script>${main}</script>
</body>
</html>
`;
}
