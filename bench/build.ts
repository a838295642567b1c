/** Bundles for the bench: those of the functions as they are deployed, and bare ones by the same options. */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { defineOperations } from '../functions/operations/define-operations.ts';
import { serializeOperations } from '../functions/operations/load-operations.ts';
import { type BundleName, bundleFile, HANDLERS, PROJECT } from '../lib/bundles.ts';
