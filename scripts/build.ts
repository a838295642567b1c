/** `npm run build`: the bundles of all functions, into `dist/functions`. */
import { buildBundles } from '../lib/build-bundles.ts';

await buildBundles();
