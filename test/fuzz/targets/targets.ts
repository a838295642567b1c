/** All that the fuzzer feeds. */
import type { Target } from '../target.ts';
import { links } from './links.ts';
import { operations } from './operations.ts';
import { signals } from './signals.ts';
import { webhooks } from './webhooks.ts';

export const TARGETS: readonly Target[] = [signals, webhooks, links, operations];
