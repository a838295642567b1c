#!/usr/bin/env node
// The `tocsin` command. The package holds it compiled; in a checkout, Node.js is taught to read TypeScript first.
import { existsSync } from 'node:fs';

// Each SDK client would print how long it supports Node.js 20; CI runs newer ones too.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
const { main } = await (existsSync(new URL('main.ts', import.meta.url)) ? importSources() : importCompiled());
await main(process.argv);

async function importSources() {
  const { register } = await import('tsx/esm/api');
  register();
  // An operations file in a folder without a package.json is CommonJS to Node.js.
  const { register: registerRequire } = await import('tsx/cjs/api');
  registerRequire();
  return import('./main.ts');
}

function importCompiled() {
  return import('../dist/esm/cli/main.js');
}
