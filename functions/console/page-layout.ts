/** The frame of every answer page: one document without scripts, its one style named in the policy. */
import { createHash } from 'node:crypto';
import { type Fragment, html, type Markup, trusted } from './html.ts';
import { COLOURS, STYLE } from './page-style.ts';

/**
 * The headers of a page. Its address may hold a token: it is neither kept nor told to others.
 * @param style  the text of its one style element
 */
export function pageHeaders(style: string) {
  const hash = createHash('sha256').update(style).digest('base64');
  return {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy':
      `default-src 'none'; style-src 'sha256-${hash}'; form-action 'self'; base-uri 'none'; ` +
      "frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  };
}

/** Of every answer page. */
export const answerPageHeaders = pageHeaders(STYLE);

/**
 * One whole document.
 * @param bar  what stays within reach of the thumb
 */
export function renderDocument(page: {
  title: string;
  main: Fragment;
  foot?: Fragment;
  bar?: Markup | undefined;
}): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="dark">
<meta name="theme-color" content="${COLOURS.ground}">
<meta name="robots" content="noindex">
<title>${page.title}</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
<main>
${page.main}
</main>
${page.foot && html`<footer class="foot">${page.foot}</footer>`}
${page.bar && html`<div class="bar">${page.bar}</div>`}
</body>
</html>
`.text;
}
