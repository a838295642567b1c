/** The thread's first file: a new thread of Node.js 20 reads no TypeScript by itself. */
import { register } from 'tsx/esm/api';

register();
await import('./function-thread-main.ts');
