/** Processes of the bench: each measures or stands for something by itself, and tells its parent one thing. */
import { type ChildProcess, fork } from 'node:child_process';

/** So large that no collection falls into the few milliseconds that are measured. */
const V8_FLAGS = ['--expose-gc', '--max-semi-space-size=64'];

/** @param env  all of its environment */
export function start(file: string, args: string[], env: Record<string, string>): ChildProcess {
  return fork(file, args, { env, execArgv: V8_FLAGS, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
}

/** The one message of a process; what it wrote to stderr when it ends without. */
export function answerOf<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    let complaint = '';
    child.stderr?.on('data', (text) => {
      complaint += text;
    });
    child.once('message', (message) => resolve(message as T));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the process ended with ${code}: ${complaint}`)));
  });
}
