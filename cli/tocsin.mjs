#!/usr/bin/env node
// The `tocsin` command: teaches Node.js to read TypeScript, then hands over.
import { register } from 'tsx/esm/api';

register();
const { main } = await import('./main.ts');
await main(process.argv);
