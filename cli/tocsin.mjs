#!/usr/bin/env node
// The `tocsin` command: teaches Node.js to read TypeScript, then hands over.
import { register as registerRequire } from 'tsx/cjs/api';
import { register } from 'tsx/esm/api';

// Each SDK client would print how long it supports Node.js 20; CI runs newer ones too.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
register();
// An operations file in a folder without a package.json is CommonJS to Node.js.
registerRequire();
const { main } = await import('./main.ts');
await main(process.argv);
