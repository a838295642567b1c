/** `npm run build`: the bundles of all functions, into `dist/functions`, with the notices of what is in them. */
import { buildBundles } from '../lib/build-bundles.ts';
import { writeThirdParty } from './licences/third-party.ts';
import { scriptCommand } from './script-command.ts';

scriptCommand(
  'build',
  'The bundles of all functions, into dist/functions, with the notices of what is in them.',
).parse();

await buildBundles();
await writeThirdParty();
