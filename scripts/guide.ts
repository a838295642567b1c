/** `npm run guide`: writes docs/operations.md. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT } from '../lib/bundles.ts';
import { GUIDE, renderGuide } from './guide/render-guide.ts';
import { scriptCommand } from './script-command.ts';

scriptCommand('guide', 'Writes docs/operations.md, from the types, the schema and examples/full.ts.').parse();

writeFileSync(join(PROJECT, GUIDE), renderGuide());
