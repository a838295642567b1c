/** `npm run guide`: writes docs/operations.md. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT } from '../lib/bundles.ts';
import { GUIDE, renderGuide } from './guide/render-guide.ts';

writeFileSync(join(PROJECT, GUIDE), renderGuide());
